import {
  addMs,
  type Clock,
  type Instant,
  MS_PER_DAY,
  MS_PER_HOUR,
  msBetween,
  tickOf,
} from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import type { Waitlist } from '../../ports/mail.ts';
import type { DigestsMessage, Queue } from '../../ports/queues.ts';
import { enqueueAll, PAUSE_SEC } from '../enqueue-all.ts';

/** Why a batch is put off, the most lasting reason first. */
const putOffReasons = [
  /** No mail can go out until an operator fixes the account or the deployment. */
  'stopped',
  /** The 24-hour quota of the account is used up, or an earlier batch waits for it. */
  'quota-used-up',
  /** SES could not be reached. */
  'unreachable',
  /** Mails come too fast for SES. */
  'throttled',
  /** The worker had no time left for the mail. */
  'out-of-time',
  /** A table or the secret timed out, throttled or failed. */
  'unavailable',
] as const;

export type PutOffReason = (typeof putOffReasons)[number];

/** The digest or its batch cannot go on now. */
export interface PutOff {
  readonly kind: 'put-off';
  readonly reason: PutOffReason;
  /** The error of SES, the network or a table, without addresses. */
  readonly detail?: string | undefined;
}

export interface WaitingPorts {
  readonly digestsQueue: Queue<DigestsMessage>;
  readonly waitlist: Waitlist;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * How long the entry of the waitlist counts: twice the pause. There is one entry, of the batch that waits longest. That batch renews it each
 * time it is put off, and is back after one pause. The second pause is a margin. The entry is never removed. When the batch goes out, a pause has
 * passed since it renewed the entry. So the entry holds others back for up to one pause more.
 */
const ENTRY_LIFETIME_MS = 2 * PAUSE_SEC * 1000;

/**
 * A batch that has waited longer counts as held up each time it is put off, which is 12 times an hour. Most batches go out after the first
 * pause.
 */
const HELD_UP_MS = 2 * MS_PER_HOUR;

/** After this time a batch fails and becomes a dead letter, which the operator sees. */
export const LONGEST_WAIT_MS = 4 * MS_PER_DAY;

export class PutOffTooLongError extends Error {
  override readonly name = 'PutOffTooLongError';
}

/**
 * Returns the put-off with the most lasting reason, with its detail. Undefined without any. Only the digest that met the problem knows
 * the detail. Digests that waited for their turn know only the reason.
 */
export function findMostLasting(putOffs: readonly PutOff[]): PutOff | undefined {
  const reason = putOffReasons.find((candidate) => putOffs.some((putOff) => putOff.reason === candidate));
  const withReason = putOffs.filter((putOff) => putOff.reason === reason);
  return withReason.find(({ detail }) => detail !== undefined) ?? withReason[0];
}

/**
 * Queues a batch again, as a new message that SQS hides for {@link PAUSE_SEC}. So an outage never uses up the receives of a message.
 *
 * @throws PutOffTooLongError if the batch was queued more than {@link LONGEST_WAIT_MS} ago
 */
export async function putOffBatch(
  ports: WaitingPorts,
  message: DigestsMessage,
  { reason, detail }: PutOff,
): Promise<void> {
  const { digestsQueue, waitlist, clock, telemetry } = ports;
  const { edition, batch, queuedAt } = message;
  const now = clock.now();
  const waitedMs = msBetween(queuedAt, now);
  if (waitedMs > HELD_UP_MS) telemetry.count('BatchesHeldUp', 1);
  // After a day sending counts as stopped, whatever the reason is. An operator must look before the batch becomes a dead letter.
  if (reason === 'stopped' || waitedMs > MS_PER_DAY) telemetry.count('SendingStopped', 1);
  if (waitedMs > LONGEST_WAIT_MS) {
    const inBrackets = detail === undefined ? '' : ` (${detail})`;
    throw new PutOffTooLongError(
      `queued at ${queuedAt} and still put off, last because of ${reason}${inBrackets}`,
    );
  }
  if (reason === 'quota-used-up') await waitlist.add(queuedAt, now, entriesLiveSince(now));
  await enqueueAll(digestsQueue, [message], PAUSE_SEC);
  telemetry.warn('A batch was put off', { ...edition, batch, queuedAt, reason, detail });
}

/** Returns whether a batch of an earlier quarter hour waits for the quota. That batch goes first. */
export async function isBehindOthers(
  { waitlist, clock }: Pick<WaitingPorts, 'waitlist' | 'clock'>,
  { queuedAt }: DigestsMessage,
): Promise<boolean> {
  const oldest = await waitlist.loadOldest(entriesLiveSince(clock.now()));
  return oldest !== undefined && tickOf(oldest) < tickOf(queuedAt);
}

function entriesLiveSince(now: Instant): Instant {
  return addMs(now, -ENTRY_LIFETIME_MS);
}
