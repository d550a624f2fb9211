import { loadSettings } from '../../infra/settings/load-settings.ts';
import { InvalidInputError, UnreadableError } from '../../shared/domain/errors.ts';
import { MAX_UNANSWERED } from '../../shared/domain/mail-allowance.ts';
import { lastChangeOf, type Subscriber } from '../../shared/domain/subscriber.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import type { Queue, WebRequest } from '../../shared/ports/queues.ts';
import { liftLock, restoreSubscriber, sendManageLink } from '../../shared/subscribers/by-hand.ts';
import { eraseSubscriber, type HeldDataPorts } from '../../shared/subscribers/held-data.ts';
import { toChangeText, toMomentText } from '../../shared/subscribers/status-text.ts';
import { type NamedSubscriber, parseNamedSubscriber } from '../../shared/subscribers/subscriber-id.ts';
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

/** Ends the digests of a subscriber, and returns the exit code. */
export async function runUnsubscribe(given: Given & { readonly note?: string }, context: CommandContext) {
  const note = parseNote(given.note);
  const { ports, named } = await openFor(given, context);
  context.print(await unsubscribeByHand(ports, named, note));
  return EXIT_OK;
}

/** @throws CommandError if nobody has the id */
export async function unsubscribeByHand(
  ports: Pick<HeldDataPorts, 'subscribers' | 'suppressions' | 'clock'>,
  named: NamedSubscriber,
  note: string | undefined,
): Promise<string> {
  const cause = { at: ports.clock.now(), by: 'operator', note } as const;
  const done = await unsubscribe(ports.subscribers, named.id, cause);
  switch (done.kind) {
    case 'unsubscribed':
      return `Unsubscribed ${toName(done.subscriber)}. No more digests are sent.`;
    case 'unchanged':
      return `${toName(done.subscriber)} gets no digests anyway: ${toStatusText(done.subscriber)}.`;
    case 'unreadable':
      return `The profile ${named.id} cannot be read, and is unsubscribed all the same. See docs/operating.md, "A stored record cannot be read".`;
    case 'unknown':
      throw await nobody(ports, named);
    default:
      return done satisfies never;
  }
}

/** Starts the digests of a subscriber again, and returns the exit code. */
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

/** @throws CommandError if nobody has the id, if they complained, or if their digests never ended */
export async function restoreByHand(
  ports: Pick<SubscriberPorts, 'subscribers' | 'suppression' | 'suppressions' | 'clock'>,
  named: NamedSubscriber,
  options: Parameters<typeof restoreSubscriber>[2],
): Promise<string> {
  const done = await restoreSubscriber(ports, named.id, options);
  switch (done.kind) {
    case 'restored': {
      const suppressed = done.wasSuppressed ? ' Amazon SES no longer suppresses the address.' : '';
      return `Restored ${toName(done.subscriber)}. Digests come again as before.${suppressed}`;
    }
    case 'suppressed':
      throw new CommandError(
        `${toName(done.subscriber)} is restored, but Amazon SES still suppresses the address if a mail came back or was marked as spam: ${explainError(done.cause) ?? String(done.cause)}. Run the command again.`,
        { cause: done.cause },
      );
    case 'complained':
      throw new CommandError(
        `Nothing was changed: ${toName(done.subscriber)} is ${toStatusText(done.subscriber)}. Another complaint harms the delivery to all readers. If the reader asked you for digests again, add --despite-complaint.`,
      );
    case 'not-ended':
      throw new CommandError(
        `Nothing was changed: ${toName(done.subscriber)} is ${toStatusText(done.subscriber)}. ${NOT_ENDED[done.subscriber.status] ?? ''}`,
      );
    case 'unknown':
      throw await nobody(ports, named);
    default:
      return done satisfies never;
  }
}

const NOT_ENDED: Readonly<Partial<Record<Subscriber['status'], string>>> = {
  confirmed: 'Digests come.',
  paused: 'The reader ends the pause on the manage page: broadsheet subscribers send-link.',
  unconfirmed: 'To add somebody who asked you for it, use broadsheet subscribers add.',
};

/** Asks, erases everything that is kept of a subscriber, and returns the exit code. */
export async function runErase(given: Given & { readonly yes?: true }, context: CommandContext) {
  const { ports, named } = await openFor(given, context);
  return eraseByHand(ports, named, given.yes ?? false, context);
}

/** @throws CommandError if nobody has the id and no address is given; without a terminal and `--yes` */
export async function eraseByHand(
  ports: HeldDataPorts,
  named: NamedSubscriber,
  isYes: boolean,
  context: Pick<CommandContext, 'input' | 'terminal' | 'print' | 'printError'>,
): Promise<number> {
  const known = await findReadable(ports, named.id);
  if (!known && named.address === undefined) throw await nobody(ports, named);
  const { address } = known && known !== 'unreadable' ? known : named;
  const name = address === undefined ? named.id : `${address} (${named.id})`;
  const question = `Erase ${name} and everything that is kept of them, for good?`;
  if (!(await confirm(question, isYes, context))) return EXIT_NOT_DONE;
  const left = await whileChanging(async () => {
    await eraseSubscriber(ports, { id: named.id, address }, 'operator');
    return ports.suppressions.load(named.id);
  });
  const kept = left ? ` What stays under the id, without the address: ${toChangeText(left)}.` : '';
  context.print(
    known
      ? `Erased ${name}. Backups forget them within 35 days.${kept}`
      : `Nobody has ${name}. Whatever an earlier run left is erased.${kept}`,
  );
  if (address === undefined)
    context.printError(
      'The profile could not be read, so the address is not known. The count of mails to the mailbox expires within 30 days.',
    );
  return EXIT_OK;
}

/** Mails a subscriber the link to manage, and returns the exit code. */
export async function runSendLink(given: Given, context: CommandContext) {
  const ports = await openSubscribersAndQueue(loadSettings(given.settings), context);
  const named = parseNamedSubscriber(given.who, (await ports.keyring.load()).idKey);
  context.print(await sendLinkByHand(ports, named));
  return EXIT_OK;
}

/** @throws CommandError if nobody has the id, or if their status forbids a mail */
export async function sendLinkByHand(
  ports: Pick<HeldDataPorts, 'subscribers' | 'suppressions'> & { readonly requests: Queue<WebRequest> },
  named: NamedSubscriber,
): Promise<string> {
  const done = await sendManageLink(ports, named.id);
  switch (done.kind) {
    case 'queued':
      return `A mail with a link to the subscription is on its way to ${toName(done.subscriber)}.`;
    case 'unmailable':
      throw new CommandError(
        `No mail was sent: ${toName(done.subscriber)} is ${toStatusText(done.subscriber)}. Expected somebody who is confirmed, paused or unsubscribed; "restore" or "add" makes them confirmed.`,
      );
    case 'unknown':
      throw await nobody(ports, named);
    default:
      return done satisfies never;
  }
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
  const known = address === undefined ? await findReadable(ports, id) : undefined;
  const mailbox = address ?? (known === 'unreadable' ? undefined : known?.address);
  if (mailbox === undefined)
    throw new CommandError(
      `Nothing was changed: the address of ${id} is not known. Name the subscriber by address.`,
    );
  const stood = await liftLock(ports, { id, address: mailbox });
  if (!stood) return `${mailbox} may ask for mails. Nothing stood in the way.`;
  const unanswered = `${toCountText(stood.unanswered, 'mail')} that asked to confirm ${stood.unanswered === 1 ? 'was' : 'were'} not answered`;
  const locked = stood.unanswered >= MAX_UNANSWERED ? ', which locked it' : '';
  return `${mailbox} may ask for mails again. The last mail was asked for on ${toMomentText(stood.takenAt)}; ${unanswered}${locked}.`;
}

/** Opens the deployment, says where it is, and finds out who is meant. */
async function openFor({ who, settings }: Given, context: CommandContext) {
  const ports = await openSubscribers(loadSettings(settings), context);
  return { ports, named: parseNamedSubscriber(who, (await ports.keyring.load()).idKey) };
}

async function findReadable({ subscribers }: Pick<SubscriberPorts, 'subscribers'>, id: Subscriber['id']) {
  try {
    return await subscribers.load(id);
  } catch (error) {
    if (error instanceof UnreadableError) return 'unreadable';
    throw error;
  }
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

/** `unsubscribed on 3 January 2026 at 08:00 UTC by the link in a mail`, or the status alone where nothing more is kept. */
function toStatusText(subscriber: Subscriber): string {
  const last = lastChangeOf(subscriber);
  return last ? toChangeText(last) : subscriber.status;
}

/** Says that nobody has the address or id, and what is kept if they had left. */
export async function nobody(
  { suppressions }: Pick<HeldDataPorts, 'suppressions'>,
  { id, address }: NamedSubscriber,
): Promise<CommandError> {
  const left = await suppressions.load(id);
  const reason = left
    ? `They left: ${toChangeText(left)}. The profile is erased since. If they asked you for digests again, use broadsheet subscribers add --despite-leaving.`
    : 'They never signed up, were erased, or did not confirm within 30 days.';
  return new CommandError(
    `Nobody has ${address === undefined ? `the id ${id}` : `the address ${address}`}. ${reason}`,
  );
}
