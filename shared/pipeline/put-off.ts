import { tickOf } from '../domain/tick.ts';
import { addMs, type Clock, type Instant, MS_PER_DAY, MS_PER_HOUR, msBetween } from '../domain/time.ts';
import type { DigestsMessage } from '../messages.ts';
import { NotSentError, type UnsentKind } from '../not-sent-error.ts';
import type { Queue, Telemetry } from '../ports.ts';
import type { SendingLine } from '../sending-ports.ts';
import { enqueueAll } from './enqueue-all.ts';

export interface PutOffPorts {
  readonly digestsQueue: Queue<DigestsMessage>;
  readonly line: SendingLine;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** How long a message that is put off is not handed to anybody. */
const PAUSE_SEC = 300;

/**
 * Whoever waits looks again within this time, and is first before anybody who was queued later. A head that goes out is thought to
 * wait until then. It was seen one pause ago at least, so its quarter hour has the quota to itself for one more pause at most.
 */
const LINE_FRESH_MS = 2 * PAUSE_SEC * 1000;

/** A batch that has waited for so long is held up: a pause is five minutes, and most batches go out after the first. */
const HELD_UP_MS = 2 * MS_PER_HOUR;

/** After this time a message fails, and ends among the dead letters, where somebody sees it. */
const LONGEST_WAIT_MS = 4 * MS_PER_DAY;

/**
 * Puts a message back on its queue, to come again in some minutes as a new one: however long mails cannot go out, none of its
 * receives is used up. Whoever was dealt with is left alone then.
 *
 * @param detail what SES or the network said, where that is known: it stands in the log
 * @throws NotSentError when it has been put off for days
 */
export async function putOff(
  ports: PutOffPorts,
  message: DigestsMessage,
  kind: UnsentKind,
  detail?: string,
): Promise<void> {
  const { digestsQueue, line, clock, telemetry } = ports;
  const { edition, batch, queuedAt } = message;
  const now = clock.now();
  const waitedMs = msBetween(queuedAt, now);
  if (waitedMs > HELD_UP_MS) telemetry.count('BatchesHeldUp', 1);
  if (kind === 'stopped' || waitedMs > MS_PER_DAY) telemetry.count('SendingStopped', 1);
  if (waitedMs > LONGEST_WAIT_MS) throw new NotSentError({ kind, reason: detail });
  if (kind === 'quota-used-up') await line.join(queuedAt, now, lineSince(now));
  await enqueueAll(digestsQueue, [message], PAUSE_SEC);
  telemetry.warn('A batch was put off', { ...edition, batch, queuedAt, reason: kind, detail });
}

/** Whether others wait for the quota who were queued in an earlier quarter hour. They are passed by nobody, and look again sooner. */
export async function isBehindOthers(
  { line, clock }: Pick<PutOffPorts, 'line' | 'clock'>,
  { queuedAt }: DigestsMessage,
): Promise<boolean> {
  const head = await line.loadHead(lineSince(clock.now()));
  return head !== undefined && tickOf(head) < tickOf(queuedAt);
}

function lineSince(now: Instant): Instant {
  return addMs(now, -LINE_FRESH_MS);
}
