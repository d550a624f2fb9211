import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Child, FC } from 'hono/jsx';
import { findChosenList } from '../../domain/lists/list-choice.ts';
import { countsVotes, type ListId } from '../../domain/lists/lists.ts';
import { DEFAULT_SORT } from '../../domain/papers/sort.ts';
import { DEFAULT_MAX_PAPERS } from '../../domain/subscribers/subscriber.ts';
import { timeZoneSchema } from '../../domain/time/time-zone.ts';
import { toTodaysName } from '../../domain/time/time-zone-names.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import type { Publication } from '../../presentation/publication.ts';
import { askForMail, toSignUp } from '../../subscribers/ask-for-mail.ts';
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
import { isFindingLists, LISTS_STYLE } from '../parts/list-fields.tsx';
import { toPublicNames } from '../parts/list-names.ts';
import { NextDigest } from '../parts/next-digest.tsx';
import { showCheckYourMail, showTooMany } from '../parts/notices.tsx';
import { SitePage } from '../parts/page.tsx';
import {
  type FieldValues,
  type FormField,
  joinForms,
  parseFields,
  parseListChoice,
  readForm,
} from '../parts/read-form.ts';
import { toConsentText } from '../parts/subscribe-banner.tsx';
import { SubscriptionInputs, TimeFields } from '../parts/subscription-fields.tsx';
import type { WebAppPorts } from '../ports.ts';
import { FETCH_SITE_HEADER, ORIGIN_HEADER, SIGN_UP_PATH, TIME_ZONE_HEADER } from '../public-routes.ts';

const ONCE_MORE = {
  'too-quick':
    'You were as quick as a program, so we ask once more. Check your choices, then press the button again.',
  elsewhere:
    'We cannot tell whether you pressed the button on one of our own pages, so we ask once more. Check your choices, then press the button again.',
  unknown: 'This page was open for too long. Press the button again.',
} as const;

const FIELDS = ['address', 'query', 'cadence', 'timeZone', 'hour'] as const satisfies readonly FormField[];

/** The parsed form. */
type SignUpFields = FieldValues<(typeof FIELDS)[number]> & { readonly lists: ListId[] };

interface ShownForm {
  readonly values?: FormValues;
  readonly faults?: readonly FormFault[];
  readonly notice?: string;
  /** Whether the browser should guess the time zone. */
  readonly isZoneUnknown?: boolean;
  /** When the next digest comes. Undefined if the reader has changed the form. */
  readonly next?: Child;
  /** When the form was first shown. @default now */
  readonly stamp?: string | undefined;
}

/**
 * The page with the full form, which the banners of other pages post to as well. The answer to the form is the same for every
 * address.
 */
export function createSignUpRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  const show = async (c: Context, shown: ShownForm) => {
    const { values = defaultsOf(ports, c), faults = [], notice, isZoneUnknown = false, next } = shown;
    const now = ports.clock.now();
    const { linkKeys } = await ports.keyring.load();
    const { publication, lists } = ports;
    return c.html(
      <SignUpPage
        publication={publication}
        lists={lists}
        notice={notice}
        isZoneUnknown={isZoneUnknown}
        next={next}
        form={{ values, faults }}
        stamp={shown.stamp ?? signStamp(signingKeyOf(linkKeys, now), now)}
      />,
      faults.length > 0 || notice ? 422 : 200,
    );
  };

  const signUp = async (c: Context, { address, timeZone, hour, ...asked }: SignUpFields) => {
    const subscription = { ...asked, maxPapers: DEFAULT_MAX_PAPERS, sort: DEFAULT_SORT };
    const client = ports.clientAddress(c);
    const text = toConsentText(ports.publication);
    const request = toSignUp(ports, { timeZone, hour, subscription, text }, client);
    const isAccepted = await askForMail(ports, client, {
      kind: 'sign-up',
      id: randomUUID(),
      address,
      signUp: request,
    });
    return isAccepted ? showCheckYourMail(c, ports, 'sign-up', address) : showTooMany(c, ports, 'sign-up');
  };

  app.get(SIGN_UP_PATH, (c) => {
    const timeZone = findZone(c);
    return show(c, {
      values: toLinkedValues(c, ports),
      isZoneUnknown: timeZone === undefined,
      next: <NextDigest site={ports} timeZone={timeZone} />,
    });
  });
  app.post(SIGN_UP_PATH, async (c) => {
    const sent = await readForm(c);
    const isBanner = sent[STAMP] === undefined;
    const values = isBanner ? { ...defaultsOf(ports, c), ...withoutBlanks(sent) } : sent;
    if (reportFilledHoneypot(ports, 'sign-up', values))
      return showCheckYourMail(c, ports, 'sign-up', firstOf(values, 'address'));
    if (isFindingLists(values)) return show(c, { values, stamp: sent[STAMP]?.[0] });
    const form = joinForms(
      await parseFields(values, FIELDS, ports.lists),
      parseListChoice(values, ports.lists),
    );
    if ('faults' in form) return show(c, { values, faults: form.faults, stamp: sent[STAMP]?.[0] });

    if (isBanner) {
      if (!isFromOwnPage(c, ports.publication)) return show(c, { values, notice: ONCE_MORE.elsewhere });
      return signUp(c, form.data);
    }
    const stamp = firstOf(values, STAMP);
    const { linkKeys } = await ports.keyring.load();
    const checked = checkStamp(stamp, linkKeys, ports.clock.now());
    if (checked === 'too-quick') return show(c, { values, notice: ONCE_MORE[checked], stamp });
    if (checked === 'unknown') return show(c, { values, notice: ONCE_MORE[checked] });

    return signUp(c, form.data);
  });
  return app;
}

/**
 * Returns whether the browser says that a form was on one of our own pages, so that no other site signs up its visitors. Safari before
 * 16.4, and every browser at an `http` URL of another machine, names only the origin. The banners are on pages that caches keep, so
 * they cannot have a stamp. A browser that says neither gets the full form, which has one.
 */
function isFromOwnPage(c: Context, { publicUrl }: Publication): boolean {
  const site = c.req.header(FETCH_SITE_HEADER);
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header(ORIGIN_HEADER);
  // A copy on one machine can have other hosts than that of its links. No page of another site can choose the host of a request.
  return origin === publicUrl || origin?.replace(/^https?:\/\//, '') === new URL(c.req.url).host;
}

/** Drops fields without a value, such as the time zone of a browser without scripts. Keeps an empty address, which is a fault. */
function withoutBlanks({ address = [], ...others }: FormValues): FormValues {
  const filled = Object.entries(others).filter(([, values]) => values.some((value) => value !== ''));
  return { address, ...Object.fromEntries(filled) };
}

function defaultsOf({ defaults }: WebAppPorts, c: Context): FormValues {
  return {
    lists: defaults.lists,
    query: [''],
    cadence: [defaults.cadence],
    timeZone: [findZone(c) ?? 'UTC'],
    hour: [String(defaults.hour)],
  };
}

/** Returns the time zone in the URL, or else the one that CloudFront knows. Undefined if there is neither. */
function findZone(c: Context): string | undefined {
  const zones = [c.req.query('timeZone'), c.req.header(TIME_ZONE_HEADER)];
  const known = zones.find((zone) => timeZoneSchema.safeParse(zone).success);
  return known && toTodaysName(known);
}

/** Returns the initial values, with the query and the lists of the URL. */
function toLinkedValues(c: Context, ports: WebAppPorts): FormValues {
  const { q: query = '', lists: listText = '', find = '' } = c.req.query();
  const lists = [...new Set(listText.split(',').flatMap((list) => findChosenList(list, ports.lists) ?? []))];
  return {
    ...defaultsOf(ports, c),
    ...(lists.length > 0 && { lists }),
    query: [query.slice(0, MAX_QUERY_LENGTH)],
    find: [find],
  };
}

export const STAMP = 'shown';

interface SignUpPageProps {
  readonly publication: Publication;
  readonly lists: readonly ListId[];
  readonly form: FormState;
  readonly isZoneUnknown: boolean;
  /** When the next digest comes. Undefined for a form that was sent, whose choices may differ. */
  readonly next?: Child;
  /** When the form was shown, signed. */
  readonly stamp: string;
  /** Shown above the form. */
  readonly notice?: string | undefined;
}

const SignUpPage: FC<SignUpPageProps> = ({
  publication,
  lists,
  form,
  isZoneUnknown,
  next,
  stamp,
  notice,
}) => (
  <SitePage
    publication={publication}
    heading="New papers, by email"
    style={LISTS_STYLE}
    metadata={{
      path: SIGN_UP_PATH,
      description: `New papers from ${toPublicNames(lists)} on your topics, by email, at the hour you choose.`,
    }}
  >
    <p>
      {lists.length > 1
        ? 'Choose lists, topics and an hour. We email you the new papers'
        : `Choose your topics and an hour. We email you the new papers from ${toPublicNames(lists)}`}{' '}
      that match, {lists.some(countsVotes) ? 'ranked by votes and discussion' : 'best matches first'}. You can
      unsubscribe with one click. We do not track what you read.
    </p>
    <Faults form={form} />
    {notice && (
      <div class="notice" role="status">
        <p>{notice}</p>
      </div>
    )}
    <form method="post" action={SIGN_UP_PATH}>
      <AddressField form={form} />
      <SubscriptionInputs lists={lists} form={form} />
      <TimeFields form={form} isZoneUnknown={isZoneUnknown}>
        {next && <p class="hint">{next} It comes at another time if you change the hour or the frequency.</p>}
      </TimeFields>
      <Honeypot />
      <input type="hidden" name={STAMP} value={stamp} />
      <p>
        <button class="main" type="submit">
          Sign up
        </button>
      </p>
      <p class="hint">
        When you sign up, you agree to this: “{toConsentText(publication)}” We send no digests until you
        confirm by email.{' '}
        <a class="target" href="/privacy">
          What we keep about you
        </a>
      </p>
    </form>
    <p>
      Already subscribed?{' '}
      <a class="target" href="/manage-link">
        Get a link to your subscriptions
      </a>
    </p>
  </SitePage>
);
