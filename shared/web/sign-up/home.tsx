import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists.ts';
import { DEFAULT_SORT } from '../../domain/sort.ts';
import type { Publication } from '../../mail/publication.ts';
import { toListNames } from '../../mail/subscription-wording.ts';
import { askForMail, DEFAULT_MAX_PAPERS, toSignUp } from '../../subscribers/ask-for-mail.ts';
import { signingKeyOf } from '../../subscribers/keys.ts';
import { checkStamp, Honeypot, reportFilledHoneypot, signStamp } from '../parts/bot-checks.tsx';
import {
  AddressField,
  Faults,
  type FormFault,
  type FormState,
  type FormValues,
  firstOf,
} from '../parts/fields.tsx';
import { showCheckYourMail, showTooMany } from '../parts/notices.tsx';
import { SitePage } from '../parts/page.tsx';
import { withLinkedQuery } from '../parts/query-field.tsx';
import { joinForms, parseFields, parseLists, readForm } from '../parts/read-form.ts';
import { SubscriptionInputs, TimeFields } from '../parts/subscription-fields.tsx';
import type { WebAppPorts } from '../ports.ts';

const ONCE_MORE = {
  'too-quick': 'Check your choices, then press the button again.',
  unknown: 'This page was open for too long. Press the button again.',
} as const;

interface ShownForm {
  readonly values?: FormValues;
  readonly faults?: readonly FormFault[];
  readonly notice?: string;
  /** When the form was first shown. @default now */
  readonly stamp?: string;
}

/** The front page and its form. The answer to the form is the same for every address. */
export function createSignUpRoutes(ports: WebAppPorts, homeExtra?: () => Promise<HomeExtra>): Hono {
  const app = new Hono();
  const show = async (c: Context, shown: ShownForm) => {
    const { values = defaultsOf(ports), faults = [], notice } = shown;
    const now = ports.clock.now();
    const { linkKeys } = await ports.keyring.load();
    const { publication, lists } = ports;
    return c.html(
      <HomePage
        {...{ publication, lists, notice }}
        form={{ values, faults }}
        stamp={shown.stamp ?? signStamp(signingKeyOf(linkKeys, now), now)}
        extra={await homeExtra?.()}
      />,
      faults.length > 0 || notice ? 422 : 200,
    );
  };

  app.get('/', (c) => show(c, { values: withLinkedQuery(c, defaultsOf(ports)) }));
  app.get('/sign-up', (c) => c.redirect('/', 303));
  app.post('/sign-up', async (c) => {
    const values = await readForm(c);
    if (reportFilledHoneypot(ports, 'sign-up', values))
      return showCheckYourMail(c, ports, 'sign-up', firstOf(values, 'address'));
    const stamp = firstOf(values, STAMP);
    const form = joinForms(
      await parseFields(values, ['address', 'query', 'cadence', 'timeZone', 'hour']),
      parseLists(values, ports.lists),
    );
    if ('faults' in form) return show(c, { values, faults: form.faults, stamp });

    const { linkKeys } = await ports.keyring.load();
    const checked = checkStamp(stamp, linkKeys, ports.clock.now());
    if (checked === 'too-quick') return show(c, { values, notice: ONCE_MORE[checked], stamp });
    if (checked === 'unknown') return show(c, { values, notice: ONCE_MORE[checked] });

    const { address, timeZone, hour, lists, query, cadence } = form.data;
    const subscription = { lists, query, cadence, maxPapers: DEFAULT_MAX_PAPERS, sort: DEFAULT_SORT };
    const client = ports.clientAddress(c);
    const text = toConsentText(ports.publication);
    const signUp = toSignUp(ports, { timeZone, hour, subscription, text }, client);
    const isAccepted = await askForMail(ports, client, {
      ...{ kind: 'sign-up', id: randomUUID(), address, signUp },
    });
    return isAccepted ? showCheckYourMail(c, ports, 'sign-up', address) : showTooMany(c, ports, 'sign-up');
  });
  return app;
}

function defaultsOf({ lists, defaults }: WebAppPorts): FormValues {
  return {
    lists,
    cadence: [defaults.cadence],
    timeZone: ['UTC'],
    hour: [String(defaults.hour)],
  };
}

export const STAMP = 'shown';

interface HomePageProps {
  readonly publication: Publication;
  readonly lists: readonly ListId[];
  readonly form: FormState;
  /** When the form was shown, signed. */
  readonly stamp: string;
  /** Shown above the form. */
  readonly notice?: string | undefined;
  readonly extra?: HomeExtra | undefined;
}

/** What a copy on one machine adds to the front page. */
export interface HomeExtra {
  readonly content: Child;
  readonly style: string;
}

/** Returns the text that a reader agrees to when signing up. It is stored with the time and the IP address. */
function toConsentText({ name }: Pick<Publication, 'name'>): string {
  return `Send me digests of ${name} at this address until I unsubscribe.`;
}

/** The front page: what this is, and the form to sign up. */
const HomePage: FC<HomePageProps> = ({ publication, lists, form, stamp, notice, extra }) => (
  <SitePage
    publication={publication}
    heading="New papers, by mail"
    title={publication.name}
    preview={{
      path: '/',
      description: `New papers from ${toListNames(lists)} on your topics, by mail, at the hour you choose.`,
    }}
    style={extra?.style}
  >
    <p>
      Choose your topics and an hour. We mail you the new papers from {toListNames(lists)} that match, ranked
      by votes and discussion. You can unsubscribe with one click. We do not track what you read.
    </p>
    <p>
      <a class="target" href="/papers">
        Read the newest papers
      </a>
    </p>
    <Faults form={form} />
    {notice && (
      <div class="notice" role="status">
        <p>{notice}</p>
      </div>
    )}
    <form method="post" action="/sign-up">
      <AddressField form={form} />
      <SubscriptionInputs lists={lists} form={form} path="/?" />
      <TimeFields form={form} />
      <Honeypot />
      <input type="hidden" name={STAMP} value={stamp} />
      <p>
        <button class="main" type="submit">
          Sign up
        </button>
      </p>
      <p class="hint">
        When you sign up, you agree to this: “{toConsentText(publication)}” We send no digests until you
        confirm by mail.{' '}
        <a class="target" href="/privacy">
          What we keep about you
        </a>
      </p>
    </form>
    <p>
      Already subscribed?{' '}
      <a class="target" href="/manage-link">
        Get a link to your subscription
      </a>
    </p>
    {extra?.content}
  </SitePage>
);
