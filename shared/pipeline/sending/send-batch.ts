import { countOutcomes, type OutcomeCounts } from '../../domain/digests/delivery.ts';
import { UnavailableError } from '../../domain/errors.ts';
import { addMs, type Instant, TICK_MS } from '../../domain/time/time.ts';
import { addUsage, PER_MESSAGE, toUsageFields } from '../../domain/usage.ts';
import type { Meter } from '../../ports/meter.ts';
import type { BatchRepository } from '../../ports/planning.ts';
import { type DigestsMessage, SENDING_TIME_MS } from '../../ports/queues.ts';
import { type BatchPapersPorts, openBatchPapers } from './batch-papers.ts';
import type { DigestResult } from './ledger.ts';
import { type BatchRun, type SendDigestPorts, sendDigest } from './send-digest.ts';
import { findMostLasting, isBehindOthers, type PutOff, putOffBatch, type WaitingPorts } from './waiting.ts';

export interface SendPorts extends SendDigestPorts, BatchPapersPorts, WaitingPorts {
  readonly editions: BatchRepository;
  readonly meter: Meter;
}

/** The result of handling the message of a batch once. */
export type BatchResult =
  /** Every digest ended. */
  | { readonly kind: 'done'; readonly counts: OutcomeCounts }
  /** At least one digest cannot go on now. The batch is queued again, and SQS delivers it in five minutes. */
  | PutOff
  /** Some digests have not ended. SQS must deliver the message again. */
  | { readonly kind: 'retry'; readonly reason: string };

/**
 * Sends the digests of one batch and records how each ended. A repeat is harmless: a digest that ended stays as it is.
 *
 * All digests are made concurrently, and the rate limiter lets each mail go out in its turn. So a slow answer of SES holds up no other mail. If an
 * error stops a digest, the others go on. The error is logged, and the batch is retried.
 *
 * @throws PutOffTooLongError if a batch that was queued days ago has to be put off
 */
export async function sendBatch(ports: SendPorts, message: DigestsMessage): Promise<BatchResult> {
  const result = await sendAndSettle(ports, message).catch((error: unknown) => {
    const putOff = findOutage(error);
    if (!putOff) throw error;
    return putOff;
  });
  if (result.kind === 'put-off') await putOffBatch(ports, message, result);
  return result;
}

/** Sends the digests, and records their counts together with what this run used. */
async function sendAndSettle(ports: SendPorts, message: DigestsMessage): Promise<BatchResult> {
  const { edition, batch } = message;
  const { result, used } = await ports.meter.measure(() => sendDigests(ports, message));
  const all = addUsage([used, PER_MESSAGE]);
  ports.telemetry.info('A batch ran', { ...edition, batch, kind: result.kind, ...toUsageFields(all) });
  if (result.kind === 'done') await ports.editions.settleBatch(edition, batch, result.counts, all);
  return result;
}

async function sendDigests(ports: SendPorts, message: DigestsMessage): Promise<BatchResult> {
  const { edition, batch, subscriberIds } = message;
  const startedAt = ports.clock.now();
  const reason = (await isBehindOthers(ports, message))
    ? 'quota-used-up'
    : await ports.rateLimiter.checkSending();
  if (reason) return { kind: 'put-off', reason };

  const profiles = await ports.subscribers.loadMany(subscriberIds);
  const readable = [...profiles.values()].filter((profile) => profile !== 'unreadable');
  const run = {
    papers: openBatchPapers(ports, edition.cadence, readable, startedAt, findFreshSince(message, startedAt)),
    profiles,
    origin: { ...edition, batch },
    until: addMs(startedAt, SENDING_TIME_MS),
  };
  const results = await Promise.all(
    subscriberIds.map((subscriberId) => trySendDigest(ports, run, subscriberId)),
  );

  const putOff = findMostLasting(results.filter((result) => result.kind === 'put-off'));
  if (putOff) return putOff;
  const retries = results.filter((result) => result.kind === 'retry');
  const [retry] = retries;
  if (retry)
    return { kind: 'retry', reason: `${retries.length} of ${results.length} digests: ${retry.reason}` };
  const counts = countOutcomes(results.flatMap((result) => (result.kind === 'done' ? result.outcome : [])));
  return { kind: 'done', counts };
}

/**
 * Returns the time since which papers that an earlier batch read are fresh enough. It is when this batch was queued, or a quarter hour ago if that is
 * later. So one read serves all batches that were queued before it. Undefined for instant digests, which always read, because their papers
 * are new.
 */
function findFreshSince({ edition, queuedAt }: DigestsMessage, now: Instant): Instant | undefined {
  if (edition.cadence === 'instant') return undefined;
  const oldest = addMs(now, -TICK_MS);
  return queuedAt > oldest ? queuedAt : oldest;
}

/** Sends one digest. Logs an error instead of throwing it, so that the other digests of the batch go on. */
async function trySendDigest(ports: SendPorts, run: BatchRun, subscriberId: string): Promise<DigestResult> {
  try {
    return await sendDigest(ports, run, subscriberId);
  } catch (error) {
    const putOff = findOutage(error);
    if (putOff) return putOff;
    ports.telemetry.error('An error stopped a digest', { ...run.origin, subscriberId, error });
    return { kind: 'retry', reason: 'an error stopped it' };
  }
}

/** Returns `unavailable` as a put-off if a table or another service is not available. Undefined for any other error. */
function findOutage(error: unknown): PutOff | undefined {
  if (!(error instanceof UnavailableError)) return undefined;
  return { kind: 'put-off', reason: 'unavailable', detail: error.message };
}
