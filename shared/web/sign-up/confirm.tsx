import { type Context, Hono } from 'hono';
import { isBeforeMove, type Replaced, withMoved } from '../../domain/subscribers/move.ts';
import {
  CONFIRM_WITHIN_HOURS,
  type ConfirmedChoices,
  findSignUp,
  isAsMailed,
} from '../../domain/subscribers/sign-up.ts';
import {
  isSubscribed,
  type SignUp,
  type Subscriber,
  type Subscription,
  signUpSchema,
} from '../../domain/subscribers/subscriber.ts';
import { MOVE_SENTENCE, toRequestLines } from '../../mail/account/request-lines.ts';
import { toSentence } from '../../presentation/wording.ts';
import { confirmSubscriber, findReplaced } from '../../subscribers/confirm-subscriber.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { Address } from '../parts/address.tsx';
import { Faults, type FormState, type FormValues } from '../parts/fields.tsx';
import { isFindingLists, LISTS_STYLE } from '../parts/list-fields.tsx';
import { showPage } from '../parts/notices.tsx';
import { QueryAdvice } from '../parts/query-field.tsx';
import {
  DELIVERY_FIELDS,
  joinForms,
  type ParsedForm,
  parseFields,
  parseListChoice,
  readForm,
  SUBSCRIPTION_FIELDS,
} from '../parts/read-form.ts';
import { DeliveryFields, SubscriptionInputs, toNewsValues } from '../parts/subscription-fields.tsx';
import type { WebAppPorts } from '../ports.ts';
import { mailedSignUpOf } from '../tokens.ts';
import { type OpenLink, openLink, tokenOf } from '../verify-link.ts';
import { SubscriptionList, showNothing, showSubscribed } from './confirmed.tsx';

const PATH = `${SUBSCRIBER_PATHS.confirm}/:token`;

/**
 * The hidden field with the time of the sign-up that the page shows. A form has it if the page shows more than the form edits: further
 * subscriptions, or a move.
 */
const SHOWN_SIGN_UP = 'further';

/**
 * The page behind the link of a mail that asks to confirm. Programs follow links, so a `GET` changes nothing. Anybody can sign
 * up an address again after the mail, so the page shows the newest choices. Its form sends the choices that the reader saw, and
 * only those are stored. If further subscriptions have changed by then, the page is shown again.
 */
export function createConfirmRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const link = await openLink(ports, 'confirm', tokenOf(c));
    return link ? show(c, ports, link) : showInvalidConfirmation(c, ports);
  });
  app.post(PATH, async (c) => {
    const link = await openLink(ports, 'confirm', tokenOf(c));
    if (!link) return showInvalidConfirmation(c, ports);
    const { token, subscriber: known } = link;
    const values = await readForm(c);
    // A form of an earlier version has a button and no fields.
    const hasFields = values.cadence !== undefined;
    // A repeated click shows what the first one did, and finishes a move that it could not.
    const isRepeat = known !== undefined && isSubscribed(known);
    const further = hasFields && !isRepeat ? findFurther(values, known) : [];
    if (!further) return show(c, ports, link, { status: 409 });
    if (isFindingLists(values)) return show(c, ports, link, { form: { values, faults: [] } });
    const parsed: ParsedForm<ConfirmedChoices> = hasFields
      ? await parseChoices(values, ports, known, further)
      : { data: {} };
    if ('faults' in parsed)
      return show(c, ports, link, { form: { values, faults: parsed.faults }, status: 422 });

    const outcome = await confirmSubscriber(ports, token.subscriberId, {
      from: ports.clientAddress(c) ?? 'unknown',
      mailed: mailedSignUpOf(token),
      seenAt: values[SHOWN_SIGN_UP]?.[0],
      choices: parsed.data,
    });
    switch (outcome.kind) {
      case 'confirmed':
        return showSubscribed(c, ports, outcome.subscriber);
      case 'newer':
        return show(c, ports, (await openLink(ports, 'confirm', tokenOf(c))) ?? link, { status: 409 });
      case 'nothing':
        return showNothing(c, ports);
      default:
        return outcome satisfies never;
    }
  });
  return app;
}

/** Answers a link to confirm that was not signed here, or that expired. Before confirming there is no other link to offer. */
function showInvalidConfirmation(c: Context, ports: WebAppPorts) {
  return showPage(
    c,
    ports,
    'This link is not valid',
    <p>
      It may be incomplete, or older than {CONFIRM_WITHIN_HOURS} hours. <a href="/sign-up">Sign up again</a>{' '}
      to get a new link by email.
    </p>,
    { status: 404 },
  );
}

/** Says what happens to the earlier address. The digests to one whose profile cannot be read end. */
function toMoveSentence(replaced: Replaced, { at }: SignUp): string {
  const isEnding =
    replaced === 'unreadable' || (replaced && isSubscribed(replaced) && isBeforeMove(replaced, at));
  return isEnding
    ? MOVE_SENTENCE
    : 'Somebody asked for this at another address. That address stays as it is.';
}

interface Shown {
  /** What the reader typed, with its faults. @default the pending choices */
  readonly form?: FormState;
  readonly status?: 200 | 409 | 422;
}

/** Shows the pending choices in the words of the mail, above a closed form. The form is open if the reader typed something. */
async function show(
  c: Context,
  ports: WebAppPorts,
  { token, subscriber }: OpenLink,
  { form: typed, status = 200 }: Shown = {},
) {
  if (subscriber && isSubscribed(subscriber)) return showSubscribed(c, ports, subscriber);
  const signUp = subscriber && findSignUp(subscriber);
  if (!signUp) return showNothing(c, ports);
  const replaced = await findReplaced(ports.subscribers, subscriber);
  const moved = withMoved(subscriber, replaced);
  const form = typed ?? {
    values: toValues({ ...moved, ...signUp }),
    faults: [],
  };
  const further = findFurther(form.values, subscriber) ?? [];
  return showPage(
    c,
    ports,
    'Confirm your subscription',
    <>
      <Faults form={form} />
      {!isAsMailed(signUp, mailedSignUpOf(token)) && (
        <div class="notice" role="status">
          <p>
            Somebody signed up this address again after we sent you this link. Check the newest choices below.
          </p>
        </div>
      )}
      <p>
        We send digests to <Address address={subscriber.address} /> once you confirm
        {typed ? '.' : ':'}
      </p>
      {!typed && (
        <ul>
          {toRequestLines(signUp, moved.weekday).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {signUp.replaces !== undefined && <p>{toMoveSentence(replaced, signUp)}</p>}
      {!typed && <QueryAdvice of={signUp.subscriptions} lists={ports.lists} />}
      <form method="post">
        <details class="choices" open={typed !== undefined}>
          <summary>Change your choices first</summary>
          <SubscriptionInputs lists={ports.lists} form={form} hasDetails />
          <DeliveryFields form={form} />
          {further.length > 0 && (
            <>
              <p>You also subscribe to:</p>
              <SubscriptionList subscriptions={further} at={{ ...moved, ...signUp }} />
            </>
          )}
        </details>
        {showsMore(signUp) && <input type="hidden" name={SHOWN_SIGN_UP} value={signUp.at} />}
        <button class="main" type="submit">
          Yes, subscribe me
        </button>
      </form>
      <p class="hint">If you did not ask for this, close this page. We will send you no digests.</p>
    </>,
    { status, style: LISTS_STYLE + CHOICES_STYLE },
  );
}

const CHOICES_STYLE = '.choices[open] { max-width: none; padding: 0; border: 0; }';

/** The initial values of the form. */
function toValues({ subscriptions, ...delivery }: Subscriber & SignUp): FormValues {
  const [first] = subscriptions;
  return {
    timeZone: [delivery.timeZone],
    hour: [`${delivery.hour}`],
    weekday: [`${delivery.weekday}`],
    format: [delivery.format],
    lists: first?.lists ?? [],
    query: [first?.query ?? ''],
    cadence: [first?.cadence ?? ''],
    maxPapers: [`${first?.maxPapers ?? ''}`],
    sort: [first?.sort ?? ''],
    ...toNewsValues(first),
    ...(showsMore({ ...delivery, subscriptions }) && { [SHOWN_SIGN_UP]: [delivery.at] }),
  };
}

/** Whether the page shows more of a sign-up than its form sends. */
function showsMore({ subscriptions, replaces }: SignUp): boolean {
  return subscriptions.length > 1 || replaces !== undefined;
}

async function parseChoices(
  values: FormValues,
  { lists }: WebAppPorts,
  subscriber: Subscriber | undefined,
  further: readonly Subscription[],
): Promise<ParsedForm<ConfirmedChoices>> {
  const form = joinForms(
    await parseFields(values, [...SUBSCRIPTION_FIELDS, ...DELIVERY_FIELDS], lists),
    parseListChoice(values, lists, subscriber && findSignUp(subscriber)?.subscriptions[0]?.lists),
  );
  if ('faults' in form) return form;
  const { timeZone, hour, weekday, format, ...first } = form.data;
  const all = [first, ...further].map((subscription, position) => ({
    ...subscription,
    id: `s${position + 1}`,
  }));
  const subscriptions = signUpSchema.shape.subscriptions.safeParse(all);
  if (!subscriptions.success)
    return {
      faults: [{ field: 'lists', message: toSentence(subscriptions.error.issues[0]?.message ?? '') }],
    };
  return { data: { timeZone, hour, weekday, format, subscriptions: subscriptions.data } };
}

/** Returns the subscriptions that a form shows but does not edit. Undefined if their sign-up is no longer pending. */
function findFurther(
  values: FormValues,
  subscriber: Subscriber | undefined,
): readonly Subscription[] | undefined {
  const shown = values[SHOWN_SIGN_UP]?.[0];
  if (shown === undefined) return [];
  const signUp = subscriber && findSignUp(subscriber);
  return signUp?.at === shown ? signUp.subscriptions.slice(1) : undefined;
}
