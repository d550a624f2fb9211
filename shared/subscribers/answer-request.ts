import { InvalidInputError } from '../domain/errors.ts';
import { answerSignUp, firstLinksSince, type SignUpAnswer, withSignUp } from '../domain/sign-up.ts';
import type { SignUp, Subscriber } from '../domain/subscriber.ts';
import type { Clock } from '../domain/time.ts';
import { InHandError } from '../in-hand-error.ts';
import type { Keyring } from '../keys.ts';
import type { WebRequest } from '../messages.ts';
import { NotSentError } from '../not-sent-error.ts';
import type { BudgetRepository, MailAllowanceRepository, SubscriberRepository, Telemetry } from '../ports.ts';
import type { Mail, Mailer } from '../sending-ports.ts';
import { changeSubscriber } from './change-subscriber.ts';
import { createNewSubscriber } from './new-subscriber.ts';
import { toMailboxId, toSubscriberId } from './subscriber-id.ts';
import { type HourlyLimits, mailBudgetOf } from './web-budgets.ts';

/** The mails that answer what somebody asked for on the web. */
export type AccountMailKind = 'confirm' | 'already-subscribed' | 'manage-link' | 'data-link';

export interface AnswerRequestPorts {
  readonly subscribers: SubscriberRepository;
  readonly allowances: MailAllowanceRepository;
  readonly budgets: BudgetRepository;
  readonly hourlyLimits: HourlyLimits;
  readonly compose: (kind: AccountMailKind, subscriber: Subscriber) => Promise<Mail>;
  readonly mailer: Mailer;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Answers a request from the web by mail, if at all: whoever asks learns nothing, and no mailbox is flooded. The request may
 * come again; it is answered once, unless its worker dies between the mail and the note of it.
 *
 * @throws NotSentError when the mail was certainly not sent, MailBudgetError when too many mails went out in this hour,
 *   InHandError while another worker may be about to send it, ConflictError when others keep saving the profile
 */
export async function answerRequest(
  ports: AnswerRequestPorts,
  request: WebRequest,
): Promise<AccountMailKind | 'none'> {
  const { subscribers, allowances, clock, keyring, telemetry } = ports;
  const { idKey } = await keyring.load();
  const subscriberId = toSubscriberId(request.address, idKey);
  const mailbox = toMailboxId(request.address, idKey);
  const known = await subscribers.load(subscriberId);

  const kind = kindOfAnswer(request, known);
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
  if (taken === 'in-hand') throw new InHandError('another worker has this request in hand');
  // The newest sign-up waits, also if an earlier one was mailed today: the page behind the link shows what waits.
  const isKept = asksToConfirm && (taken === 'taken' || known?.signUp !== undefined);
  const subscriber =
    isKept && request.kind === 'sign-up'
      ? await keepSignUp(subscribers, request.address, request.signUp, idKey)
      : known;
  if (kind === 'none' || taken === 'refused') return 'none';
  if (!subscriber) throw new InvalidInputError('a link was asked for an address that nobody has');
  const mail = await ports.compose(kind, subscriber);
  try {
    await sendWithin(ports, request, mail);
  } catch (error) {
    const isUnsent = error instanceof NotSentError || error instanceof MailBudgetError;
    if (isUnsent) await allowances.release(mailbox, request.id);
    throw error;
  }
  await allowances.use(mailbox, request.id);
  return kind;
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

/** A link is mailed to everybody whose profile was confirmed once, and who did not complain. */
function kindOfAnswer(request: WebRequest, known: Subscriber | undefined): AccountMailKind | 'none' {
  if (request.kind === 'sign-up') {
    // An import asked before somebody subscribed, or before another file said that they had left.
    const isOutdated = request.isImported && known !== undefined && known.status !== 'unconfirmed';
    return isOutdated ? 'none' : ANSWER_TO_SIGN_UP[answerSignUp(known, request.isByLink)];
  }
  const isAsked =
    known?.status === 'confirmed' || known?.status === 'paused' || known?.status === 'unsubscribed';
  return isAsked ? request.kind : 'none';
}

/** Keeps what was asked for until it is confirmed, unless something newer waits; in a new profile if there is none. */
async function keepSignUp(
  subscribers: SubscriberRepository,
  address: string,
  signUp: SignUp,
  idKey: string,
): Promise<Subscriber> {
  const id = toSubscriberId(address, idKey);
  const kept = await changeSubscriber(subscribers, id, (subscriber) => withSignUp(subscriber, signUp));
  if (kept) return kept;
  const { timeZone, hour, subscriptions, at, from, text } = signUp;
  const created = createNewSubscriber(
    {
      ...{ address, status: 'unconfirmed', timeZone, hour, wishes: subscriptions },
      ...{ consent: { at, from, text }, cause: { at, by: 'sign-up' } },
    },
    idKey,
  );
  return subscribers.save({ ...created, subscriptions, signUp, linksSince: firstLinksSince(signUp) });
}

/** Too many mails of one kind went out in this hour. The message has to come again: it comes for an hour before it is given up. */
export class MailBudgetError extends Error {
  override readonly name = 'MailBudgetError';
}

/** Sends a mail within the budget of its kind. A request that comes again counts once. */
async function sendWithin(ports: AnswerRequestPorts, request: WebRequest, mail: Mail): Promise<void> {
  const { budgets, hourlyLimits, clock, telemetry } = ports;
  if (request.kind === 'sign-up' && request.isImported) return send(ports, mail);
  const budget = mailBudgetOf(hourlyLimits, request.kind, clock.now());
  if (!(await budgets.spend(budget, request.id))) {
    telemetry.warn('A budget is used up', { budget: 'mails', request: request.kind });
    telemetry.count('BudgetsUsedUp', 1);
    throw new MailBudgetError(
      `${budget.max} mails answered requests of this kind in this hour: expected fewer`,
    );
  }
  await send(ports, mail);
}

/** An answer that was lost may have been a yes: the reader can ask again, and is not mailed twice. */
async function send({ mailer, telemetry }: AnswerRequestPorts, mail: Mail): Promise<void> {
  const result = await mailer.send(mail);
  switch (result.kind) {
    case 'accepted':
      telemetry.count('AccountMailsSent', 1);
      return;
    case 'rejected':
    case 'uncertain':
      telemetry.count('AccountMailsFailed', 1);
      telemetry.warn('A mail that was asked for on the web may not arrive', {
        result: result.kind,
        reason: result.reason,
      });
      return;
    case 'throttled':
    case 'unreachable':
    case 'quota-used-up':
    case 'stopped':
      throw new NotSentError(result);
    default:
      return result satisfies never;
  }
}
