import { InvalidInputError } from '../domain/errors.ts';
import { hasMoved, withMoved } from '../domain/subscribers/move.ts';
import {
  answerSignUp,
  firstLinksSince,
  mayGetLink,
  type SignUpAnswer,
  withSignUp,
} from '../domain/subscribers/sign-up.ts';
import type { SignUp, Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Clock } from '../domain/time/time.ts';
import type { Telemetry } from '../observability.ts';
import type { AccountMailKind, Mail, Mailer } from '../ports/mail.ts';
import type { WebRequest } from '../ports/queues.ts';
import type {
  BudgetRepository,
  MailAllowanceRepository,
  SubscriberRepository,
  SuppressionRepository,
} from '../ports/subscribers.ts';
import { changeSubscriber, profileAfter } from './change-subscriber.ts';
import { findReplaced } from './confirm-subscriber.ts';
import type { Keyring } from './keys.ts';
import { createNewSubscriber } from './new-subscriber.ts';
import { toMailboxId, toSubscriberId } from './subscriber-id.ts';
import { type HourlyLimits, mailBudgetOf, movedBudgetOf } from './web-budgets.ts';

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
 * Answers a request from the web by mail, or not at all. Only the owner of the mailbox learns which, and the allowance of the mailbox
 * limits the mails. A mail about a move has a limit of its own. A repeated request is answered once, unless its worker dies between the
 * mail and the record of it.
 *
 * @throws ConflictError if others keep saving the profile
 */
export async function answerRequest(ports: AnswerRequestPorts, request: WebRequest): Promise<RequestResult> {
  const { subscribers, allowances, budgets, clock, keyring, telemetry } = ports;
  const { idKey } = await keyring.load();
  const subscriberId = toSubscriberId(request.address, idKey);
  const mailbox = toMailboxId(request.address, idKey);
  const known = await subscribers.load(subscriberId);

  const earlier = known ?? (await ports.suppressions.load(subscriberId));
  const kind =
    request.kind === 'sign-up' ? chooseAnswerToSignUp(request, earlier) : chooseMail(request.kind, known);
  const log = (taken: string) =>
    telemetry.info('A request from the web', { subscriberId, request: request.kind, kind, taken });
  const isRefused =
    kind === 'none' ||
    (kind === 'moved' && !(await budgets.spend(movedBudgetOf(subscriberId, clock.now()), request.id)));
  if (isRefused) {
    log('refused');
    return { kind: 'unanswered' };
  }

  const asksToConfirm = kind === 'confirm';
  const mailUse = { id: request.id, asksToConfirm, isUnspaced: isUnspaced(request) };
  const taken = await allowances.take(mailbox, mailUse, clock.now());
  log(taken);
  if (taken === 'in-flight') return { kind: 'retry', reason: 'another worker may be answering it' };
  const subscriber =
    request.kind === 'sign-up' && asksToConfirm && isWorthKeeping(taken === 'taken', known)
      ? await keepSignUp(subscribers, request.address, request.signUp, idKey)
      : known;
  if (taken === 'refused') return { kind: 'unanswered' };

  if (!subscriber) throw new InvalidInputError('a link was asked for an address that nobody has');
  const replaced = asksToConfirm ? await findReplaced(subscribers, subscriber) : undefined;
  const mail = await ports.compose(kind, withMoved(subscriber, replaced));
  const unsent = await sendWithinBudget(ports, request, { mail, subscriberId });
  if (unsent !== undefined) {
    await allowances.release(mailbox, request.id);
    return { kind: 'retry', reason: unsent };
  }
  await allowances.use(mailbox, request.id);
  return { kind: 'answered', mail: kind };
}

/**
 * Returns whether to save a sign-up. The page behind an earlier link shows the newest sign-up, so it is saved even if no mail goes out
 * for it.
 */
function isWorthKeeping(isTaken: boolean, known: Subscriber | undefined): boolean {
  return isTaken || known?.signUp !== undefined;
}

/**
 * Returns whether a request is answered even if the mailbox got a mail today. A stranger can cause that mail, so it must not keep the
 * owner from learning of a move.
 */
function isUnspaced(request: WebRequest): boolean {
  switch (request.kind) {
    case 'data-link':
    case 'moved':
      return true;
    case 'manage-link':
      return request.isByOperator === true;
    case 'sign-up':
      return false;
    default:
      return request satisfies never;
  }
}

const ANSWER_TO_SIGN_UP: Readonly<Record<SignUpAnswer, AccountMailKind | 'none'>> = {
  confirm: 'confirm',
  manage: 'already-subscribed',
  none: 'none',
};

/** @param earlier the profile, or the suppression of somebody who left and whose profile is erased */
function chooseAnswerToSignUp(
  request: Extract<WebRequest, { kind: 'sign-up' }>,
  earlier: Pick<Subscriber, 'status'> | undefined,
): AccountMailKind | 'none' {
  // Since the import asked, somebody has subscribed or left.
  const isOutdated = request.isImported && earlier !== undefined && earlier.status !== 'unconfirmed';
  return isOutdated ? 'none' : ANSWER_TO_SIGN_UP[answerSignUp(earlier, request.isByLink)];
}

/**
 * Returns the mail that is due. None about a move if the digests did not end, because the confirmation crashed. None either if the owner came
 * back, bounced or complained.
 */
function chooseMail(
  kind: Extract<AccountMailKind, 'manage-link' | 'data-link' | 'moved'>,
  known: Subscriber | undefined,
): AccountMailKind | 'none' {
  const isDue = known && mayGetLink(known) && (kind !== 'moved' || hasMoved(known));
  return isDue ? kind : 'none';
}

/** Saves a sign-up until it is confirmed, in a new profile if there is none. A newer one that is already saved stays. */
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
      address,
      status: 'unconfirmed',
      timeZone,
      hour,
      subscriptions,
      consent: { at, from, text },
      cause: { at, by: 'sign-up' },
    },
    idKey,
  );
  return subscribers.save({ ...created, subscriptions, signUp, linksSince: firstLinksSince(signUp) });
}

/** A mail, and the id by which logs name its recipient. */
interface Outgoing {
  readonly mail: Mail;
  readonly subscriberId: Subscriber['id'];
}

/**
 * Sends a mail within the hourly budget of its kind. A repeated request counts once. SQS delivers a request beyond the budget again for
 * about an hour.
 *
 * @returns why the mail was certainly not sent. Undefined if it was sent, or may have been
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

/** Sends a mail. One with an unknown send status counts as sent, so that nobody is mailed twice. The reader can ask again. */
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
