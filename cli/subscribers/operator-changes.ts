import { loadSettings } from '../../infra/settings/load-settings.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { MAX_UNANSWERED, NEVER_TAKEN } from '../../shared/domain/subscribers/mail-allowance.ts';
import { lastChangeOf, type Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { typedAddressSchema } from '../../shared/domain/subscribers/typed-address.ts';
import type { Queue, QueuedWebRequest } from '../../shared/ports/queues.ts';
import { toCountText, toSentence } from '../../shared/presentation/wording.ts';
import { findProfile } from '../../shared/subscribers/change-subscriber.ts';
import { moveByOperator } from '../../shared/subscribers/move-address.ts';
import { liftLock, restoreSubscriber, sendManageLink } from '../../shared/subscribers/operator-changes.ts';
import { eraseSubscriber, type PersonalDataPorts } from '../../shared/subscribers/personal-data.ts';
import { toChangeText, toMomentText } from '../../shared/subscribers/status-text.ts';
import {
  type NamedSubscriber,
  parseSubscriberName,
  toNamedSubscriber,
} from '../../shared/subscribers/subscriber-id.ts';
import { unsubscribe } from '../../shared/subscribers/unsubscribe.ts';
import { type CommandContext, EXIT_NOT_DONE, EXIT_OK, whileChanging } from '../command.ts';
import { confirm } from '../confirm.ts';
import { CommandError } from '../deployment/errors.ts';
import { explainError } from '../deployment/explain-error.ts';
import { openSubscribers, openSubscribersAndQueue, type SubscriberPorts } from './open-subscribers.ts';

interface Given {
  readonly who: string;
  readonly settings: string;
}

const MAX_NOTE_CHARS = 200;

/** Stops the digests of a subscriber, and returns the exit code. */
export async function runUnsubscribe(given: Given & { readonly note?: string }, context: CommandContext) {
  const note = parseNote(given.note);
  const { ports, named } = await openFor(given, context);
  context.print(await unsubscribeByHand(ports, named, note));
  return EXIT_OK;
}

/** @throws CommandError if no subscriber has the id */
export async function unsubscribeByHand(
  ports: Pick<PersonalDataPorts, 'subscribers' | 'suppressions' | 'clock'>,
  named: NamedSubscriber,
  note: string | undefined,
): Promise<string> {
  const cause = { at: ports.clock.now(), by: 'operator', note } as const;
  const done = await unsubscribe(ports.subscribers, named.id, cause);
  switch (done.kind) {
    case 'unsubscribed':
      return `Unsubscribed ${toName(done.subscriber)}. No more digests are sent.`;
    case 'unchanged':
      return `${toName(done.subscriber)} already gets no digests: ${toStatusText(done.subscriber)}.`;
    case 'unreadable':
      return `Unsubscribed ${named.id}, although the profile cannot be read. See docs/alarms.md, "A stored record cannot be read".`;
    case 'unknown':
      throw await nobody(ports, named);
    default:
      return done satisfies never;
  }
}

/** Restarts the digests of a subscriber, and returns the exit code. */
export async function runRestore(
  given: Given & { readonly note?: string; readonly despiteComplaint?: true },
  context: CommandContext,
) {
  const note = parseNote(given.note);
  const { ports, named } = await openFor(given, context);
  context.print(
    await restoreByHand(ports, named, { isDespiteComplaint: given.despiteComplaint ?? false, note }),
  );
  return EXIT_OK;
}

/** @throws CommandError if no subscriber has the id, if they complained, or if their digests never stopped */
export async function restoreByHand(
  ports: Pick<SubscriberPorts, 'subscribers' | 'suppression' | 'suppressions' | 'clock'>,
  named: NamedSubscriber,
  options: Parameters<typeof restoreSubscriber>[2],
): Promise<string> {
  const done = await restoreSubscriber(ports, named.id, options);
  switch (done.kind) {
    case 'restored': {
      const suppressed = done.wasSuppressed ? ' Amazon SES no longer suppresses the address.' : '';
      return `Restored ${toName(done.subscriber)}. Digests start again.${suppressed}`;
    }
    case 'suppressed':
      throw new CommandError(
        `${toName(done.subscriber)} is restored, but Amazon SES may still suppress the address. ${toSentence(explainError(done.cause) ?? String(done.cause))} Run the command again.`,
        { cause: done.cause },
      );
    case 'complained':
      throw new CommandError(
        `Nothing was changed. Status of ${toName(done.subscriber)}: ${toStatusText(done.subscriber)}. Another complaint harms the delivery to all readers. If the reader asked you for digests again, add --despite-complaint.`,
      );
    case 'not-ended':
      throw new CommandError(
        `Nothing was changed. Status of ${toName(done.subscriber)}: ${toStatusText(done.subscriber)}. ${NOT_ENDED[done.subscriber.status] ?? ''}`,
      );
    case 'unknown':
      throw await nobody(ports, named);
    default:
      return done satisfies never;
  }
}

const NOT_ENDED: Readonly<Partial<Record<Subscriber['status'], string>>> = {
  confirmed: 'They already get digests.',
  paused:
    'They can end the pause on the manage page. To mail them the link, use npx broadsheet subscribers send-link.',
  unconfirmed: 'If they asked you for digests, use npx broadsheet subscribers add.',
};

/** Asks, erases the stored data of a subscriber, and returns the exit code. */
export async function runErase(given: Given & { readonly yes?: true }, context: CommandContext) {
  const { ports, named } = await openFor(given, context);
  return eraseByHand(ports, named, given.yes ?? false, context);
}

/** @throws CommandError if no subscriber has the id and no address is given, or without a terminal and `--yes` */
export async function eraseByHand(
  ports: PersonalDataPorts,
  named: NamedSubscriber,
  isYes: boolean,
  context: Pick<CommandContext, 'input' | 'terminal' | 'print' | 'printError'>,
): Promise<number> {
  const known = await findProfile(ports.subscribers, named.id);
  if (!known && named.address === undefined) throw await nobody(ports, named);
  const { address } = known && known !== 'unreadable' ? known : named;
  const name = address === undefined ? named.id : `${address} (${named.id})`;
  const question = `Erase ${name} and all stored data? This cannot be undone.`;
  if (!(await confirm(question, isYes, context))) return EXIT_NOT_DONE;
  const left = await whileChanging(async () => {
    await eraseSubscriber(ports, { id: named.id, address }, 'operator');
    return ports.suppressions.load(named.id);
  });
  const kept = left ? ` This record stays under the id, without the address: ${toChangeText(left)}.` : '';
  context.print(
    known
      ? `Erased ${name}. Backups keep the data for up to 35 days.${kept}`
      : `No subscriber is ${name}. Erased what an earlier run left.${kept}`,
  );
  if (address === undefined)
    context.printError(
      'The profile could not be read, so the address is not known. The count of mails to the mailbox expires within 30 days.',
    );
  return EXIT_OK;
}

/** Mails a subscriber the link to manage, and returns the exit code. */
export async function runSendLink(given: Given, context: CommandContext) {
  const name = parseSubscriberName(given.who);
  const ports = await openSubscribersAndQueue(loadSettings(given.settings), context);
  const named = toNamedSubscriber(name, (await ports.keyring.load()).idKey);
  context.print(await sendLinkByHand(ports, named));
  return EXIT_OK;
}

/** @throws CommandError if no subscriber has the id, or if their status forbids a mail */
export async function sendLinkByHand(
  ports: Pick<PersonalDataPorts, 'subscribers' | 'suppressions'> & {
    readonly requests: Queue<QueuedWebRequest>;
  },
  named: NamedSubscriber,
): Promise<string> {
  const done = await sendManageLink(ports, named.id);
  switch (done.kind) {
    case 'queued':
      return `A mail with a link to the subscription is on its way to ${toName(done.subscriber)}.`;
    case 'unmailable':
      throw new CommandError(
        `No mail was sent. Status of ${toName(done.subscriber)}: ${toStatusText(done.subscriber)}. Only confirmed, paused and unsubscribed subscribers get this mail. To confirm this one, use "restore" or "add".`,
      );
    case 'unknown':
      throw await nobody(ports, named);
    default:
      return done satisfies never;
  }
}

/** Asks another address of a subscriber to confirm, and returns the exit code. */
export async function runChangeAddress(given: Given & { readonly address: string }, context: CommandContext) {
  const name = parseSubscriberName(given.who);
  const address = parseAddress(given.address);
  const ports = await openSubscribersAndQueue(loadSettings(given.settings), context);
  const named = toNamedSubscriber(name, (await ports.keyring.load()).idKey);
  context.print(await changeAddressByHand(ports, named, address));
  return EXIT_OK;
}

/** @throws CommandError if no subscriber has the id, or if the subscription cannot move there */
export async function changeAddressByHand(
  ports: Pick<PersonalDataPorts, 'subscribers' | 'suppressions' | 'keyring' | 'clock'> & {
    readonly requests: Queue<QueuedWebRequest>;
  },
  named: NamedSubscriber,
  address: string,
): Promise<string> {
  const subscriber = await ports.subscribers.load(named.id);
  if (!subscriber) throw await nobody(ports, named);
  const { idKey } = await ports.keyring.load();
  const done = await moveByOperator(ports, { subscriber, address, text: MOVE_TEXT }, idKey);
  switch (done.kind) {
    case 'asked':
      return `A mail that asks to confirm is on its way to ${address}, unless the mailbox got one today or did not answer three. Until it is confirmed, nothing changes for ${toName(subscriber)}.`;
    case 'same-address':
      throw new CommandError(`Nothing was changed: ${toName(subscriber)} has this address already.`);
    case 'not-subscribed':
      throw new CommandError(
        `Nothing was changed. Status of ${toName(subscriber)}: ${toStatusText(subscriber)}. Only confirmed, paused and bounced subscribers can move, and only once. The reader can sign up with the new address.`,
      );
    case 'unmailable':
      throw new CommandError(
        `Nothing was changed, because ${address} gets no mail that asks to confirm. Status: ${'at' in done.known ? toChangeText(done.known) : toStatusText(done.known)}.`,
      );
    default:
      return done satisfies never;
  }
}

const MOVE_TEXT = 'The operator asked whether a subscription should move to this address.';

function parseAddress(text: string): string {
  const { data, error } = typedAddressSchema.safeParse(text);
  if (data !== undefined) return data;
  throw new InvalidInputError(`"${text}": ${error.issues.map(({ message }) => message).join('; ')}`);
}

/** Lets an address ask for mails again, and returns the exit code. */
export async function runUnlock(given: Given, context: CommandContext) {
  const { ports, named } = await openFor(given, context);
  context.print(await unlockByHand(ports, named));
  return EXIT_OK;
}

/** @throws CommandError if the address is not known */
export async function unlockByHand(
  ports: Pick<SubscriberPorts, 'subscribers' | 'allowances' | 'budgets' | 'keyring' | 'clock'>,
  { id, address }: NamedSubscriber,
): Promise<string> {
  const known = address === undefined ? await findProfile(ports.subscribers, id) : undefined;
  const mailbox = address ?? (known === 'unreadable' ? undefined : known?.address);
  if (mailbox === undefined)
    throw new CommandError(
      `Nothing was changed: the address of ${id} is not known. Name the subscriber by address.`,
    );
  const last = await liftLock(ports, { id, address: mailbox });
  const done = `${mailbox} can ask for mails again.`;
  if (!last) return done;
  const unanswered = `${toCountText(last.unanswered, 'mail')} that asked to confirm got no answer`;
  const locked = last.unanswered >= MAX_UNANSWERED ? ', which locked the address' : '';
  const when = last.takenAt === NEVER_TAKEN ? 'got no mail' : `was on ${toMomentText(last.takenAt)}`;
  return `${done} The last request ${when}; ${unanswered}${locked}.`;
}

/** Parses who is meant, opens the deployment, and prints stage, account and region. */
async function openFor({ who, settings }: Given, context: CommandContext) {
  const name = parseSubscriberName(who);
  const ports = await openSubscribers(loadSettings(settings), context);
  return { ports, named: toNamedSubscriber(name, (await ports.keyring.load()).idKey) };
}

function parseNote(note: string | undefined): string | undefined {
  if (note === undefined || (note.trim() !== '' && note.length <= MAX_NOTE_CHARS)) return note;
  throw new InvalidInputError(
    `--note has ${note.length} characters: expected 1 to ${MAX_NOTE_CHARS}, such as "asked by mail"`,
  );
}

/** `ada@example.org (x7…)` */
export function toName({ address, id }: Pick<Subscriber, 'address' | 'id'>): string {
  return `${address} (${id})`;
}

/** `unsubscribed on 3 January 2026 at 08:00 UTC by the link in an email`, or only the status if no change is recorded. */
function toStatusText(subscriber: Subscriber): string {
  const last = lastChangeOf(subscriber);
  return last ? toChangeText(last) : subscriber.status;
}

/** Returns an error that no subscriber has the address or id. If they left, it says when and how. */
export async function nobody(
  { suppressions }: Pick<PersonalDataPorts, 'suppressions'>,
  { id, address }: NamedSubscriber,
): Promise<CommandError> {
  const left = await suppressions.load(id);
  const reason = left
    ? `They left: ${toChangeText(left)}. Their profile was erased since. If they asked you for digests again, use npx broadsheet subscribers add --despite-leaving.`
    : 'They never signed up, did not confirm within 30 days, or were erased.';
  return new CommandError(
    `No subscriber has ${address === undefined ? `the id ${id}` : `the address ${address}`}. ${reason}`,
  );
}
