import { InvalidInputError } from '../domain/errors.ts';
import { answerSignUp, firstLinksSince, type SignUpAnswer, withSignUp } from '../domain/sign-up.ts';
import type { SignUp, Subscriber } from '../domain/subscriber.ts';
import type { Clock } from '../domain/time.ts';
import type { Telemetry } from '../observability.ts';
import type { Mail, Mailer } from '../ports/mail.ts';
import type { WebRequest } from '../ports/queues.ts';
import type {
  BudgetRepository,
  MailAllowanceRepository,
  SubscriberRepository,
  SuppressionRepository,
} from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from './change-subscriber.ts';
import type { Keyring } from './keys.ts';
import { createNewSubscriber } from './new-subscriber.ts';
import { toMailboxId, toSubscriberId } from './subscriber-id.ts';
import { type HourlyLimits, mailBudgetOf } from './web-budgets.ts';

/** The kinds of mails that answer a request from the web. */
export type AccountMailKind = 'confirm' | 'already-subscribed' | 'manage-link' | 'data-link';

export interface AnswerRequestPorts {
  readonly subscribers: SubscriberRepository;
  /** Records of subscribers who left and whose profile is erased. */
  readonly suppressions: Pick<SuppressionRepository, 'load'>;
  readonly allowances: MailAllowanceRepository;
  readonly budgets: BudgetRepository;
  readonly hourlyLimits: HourlyLimits;
  readonly compose: (kind: AccountMailKind, subscriber: Subscriber) => Promise<Mail>;
  readonly mailer: Mailer;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The result of one delivery of a request's message. */
export type RequestResult =
  | { readonly kind: 'answered'; readonly mail: AccountMailKind }
  /** The request gets no mail. */
  | { readonly kind: 'unanswered' }
  /** No mail was sent, or another worker may be sending it. SQS must deliver the message again. */
  | { readonly kind: 'retry'; readonly reason: string };

/**
 * Answers a request from the web by mail, if at all. Whoever asks learns nothing, and no mailbox is flooded. A request that
 * comes again is answered once, unless its worker dies between the mail and the record of it.
 *
 * @throws ConflictError when others keep saving the profile
 */
export async function answerRequest(ports: AnswerRequestPorts, request: WebRequest): Promise<RequestResult> {
  const { subscribers, allowances, clock, keyring, telemetry } = ports;
  const { idKey } = await keyring.load();
  const subscriberId = toSubscriberId(request.address, idKey);
  const mailbox = toMailboxId(request.address, idKey);
  const known = await subscribers.load(subscriberId);

  const earlier = known ?? (await ports.suppressions.load(subscriberId));
  const kind =
    request.kind === 'sign-up' ? kindOfSignUpAnswer(request, earlier) : kindOfLink(request.kind, known);
  const asksToConfirm = kind === 'confirm';
  const taken =
    kind === 'none'
      ? 'refused'
      : await allowances.take(
          mailbox,
          { id: request.id, asksToConfirm, isUnspaced: isUnspaced(request) },
          clock.now(),
        );
  telemetry.info('A request from the web', { subscriberId, request: request.kind, kind, taken });
  if (taken === 'in-flight') return { kind: 'retry', reason: 'another worker may be answering it' };
  // The newest sign-up waits, also if an earlier one was mailed today: the page behind the link shows what waits.
  const isKept = asksToConfirm && (taken === 'taken' || known?.signUp !== undefined);
  const subscriber =
    isKept && request.kind === 'sign-up'
      ? await keepSignUp(subscribers, request.address, request.signUp, idKey)
      : known;
  if (kind === 'none' || taken === 'refused') return { kind: 'unanswered' };
  if (!subscriber) throw new InvalidInputError('a link was asked for an address that nobody has');
  const mail = await ports.compose(kind, subscriber);
  const unsent = await sendWithinBudget(ports, request, { mail, subscriberId });
  if (unsent !== undefined) {
    await allowances.release(mailbox, request.id);
    return { kind: 'retry', reason: unsent };
  }
  await allowances.use(mailbox, request.id);
  return { kind: 'answered', mail: kind };
}

/** Whether a request is answered whatever the mailbox got today. */
function isUnspaced(request: WebRequest): boolean {
  return request.kind === 'data-link' || (request.kind === 'manage-link' && request.isByOperator === true);
}

const ANSWER_TO_SIGN_UP: Readonly<Record<SignUpAnswer, AccountMailKind | 'none'>> = {
  confirm: 'confirm',
  manage: 'already-subscribed',
  none: 'none',
};

/** @param earlier the profile, or what is kept of somebody who left and whose profile is erased */
function kindOfSignUpAnswer(
  request: Extract<WebRequest, { kind: 'sign-up' }>,
  earlier: Pick<Subscriber, 'status'> | undefined,
): AccountMailKind | 'none' {
  // An import asked before somebody subscribed, or before another file said that they had left.
  const isOutdated = request.isImported && earlier !== undefined && earlier.status !== 'unconfirmed';
  return isOutdated ? 'none' : ANSWER_TO_SIGN_UP[answerSignUp(earlier, request.isByLink)];
}

/** A link is mailed to everybody whose profile was confirmed once, and who did not complain. */
function kindOfLink(
  kind: Extract<AccountMailKind, 'manage-link' | 'data-link'>,
  known: Subscriber | undefined,
): AccountMailKind | 'none' {
  const isAsked =
    known?.status === 'confirmed' || known?.status === 'paused' || known?.status === 'unsubscribed';
  return isAsked ? kind : 'none';
}

/** Keeps what was asked for until it is confirmed, unless something newer waits; in a new profile if there is none. */
async function keepSignUp(
  subscribers: SubscriberRepository,
  address: string,
  signUp: SignUp,
  idKey: string,
): Promise<Subscriber> {
  const id = toSubscriberId(address, idKey);
  const outcome = await changeSubscriber(subscribers, id, (known) => withSignUp(known, signUp));
  const kept = profileAfter(outcome);
  if (kept) return kept;
  const { timeZone, hour, subscriptions, at, from, text } = signUp;
  const created = createNewSubscriber(
    {
      ...{ address, status: 'unconfirmed', timeZone, hour, subscriptions },
      ...{ consent: { at, from, text }, cause: { at, by: 'sign-up' } },
    },
    idKey,
  );
  return subscribers.save({ ...created, subscriptions, signUp, linksSince: firstLinksSince(signUp) });
}

/** A mail and the subscriber whom it is for. Logs name the subscriber by the id. */
interface Outgoing {
  readonly mail: Mail;
  readonly subscriberId: Subscriber['id'];
}

/**
 * Sends a mail within the hourly budget of its kind. A request that comes again counts once. A request beyond the budget comes
 * again for an hour before it is given up.
 *
 * @returns why the mail was certainly not sent, or undefined
 */
async function sendWithinBudget(
  ports: AnswerRequestPorts,
  request: WebRequest,
  outgoing: Outgoing,
): Promise<string | undefined> {
  const { budgets, hourlyLimits, clock, telemetry } = ports;
  if (request.kind === 'sign-up' && request.isImported) return send(ports, outgoing);
  const budget = mailBudgetOf(hourlyLimits, request.kind, clock.now());
  if (await budgets.spend(budget, request.id)) return send(ports, outgoing);
  telemetry.warn('A budget is used up', { budget: 'mails', request: request.kind });
  telemetry.count('BudgetsUsedUp', 1);
  return `the budget of ${budget.max} mails an hour is used up`;
}

/** Sends a mail. One with an unknown send status counts as sent: the reader can ask again, and is not mailed twice. */
async function send(
  { mailer, telemetry }: AnswerRequestPorts,
  { subscriberId, mail }: Outgoing,
): Promise<string | undefined> {
  const result = await mailer.send(mail);
  switch (result.kind) {
    case 'accepted':
      telemetry.count('RequestedMailsSent', 1);
      return undefined;
    case 'rejected':
    case 'uncertain':
      telemetry.count('RequestedMailsFailed', 1);
      telemetry.warn('A mail that was asked for on the web may not arrive', {
        subscriberId,
        result: result.kind,
        reason: result.reason,
      });
      return undefined;
    case 'throttled':
    case 'quota-used-up':
      return result.kind;
    case 'unreachable':
    case 'stopped':
      return `${result.kind} (${result.reason})`;
    default:
      return result satisfies never;
  }
}
