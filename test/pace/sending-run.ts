import type { SESClient } from '@aws-sdk/client-ses';
import { createSesMailer, createSesSendQuota } from '../../shared/adapters/ses/mailer.ts';
import type { Edition } from '../../shared/domain/digests/cohort.ts';
import {
  addMs,
  type Clock,
  type Instant,
  msBetween,
  type Timer,
  utcDayOf,
} from '../../shared/domain/time/time.ts';
import { toFormBase64 } from '../../shared/mail/piece.ts';
import type { Digest } from '../../shared/matching/digest.ts';
import { sendBatch } from '../../shared/pipeline/sending/send-batch.ts';
import { createSendRateLimiter } from '../../shared/pipeline/sending/send-rate-limiter.ts';
import type { DigestMail } from '../../shared/ports/mail.ts';
import type { Queue } from '../../shared/ports/queues.ts';
import { BATCH_SIZE, type DigestsMessage } from '../../shared/ports/queues.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { createSubscriber } from '../factories/subscribers.ts';
import { openListDays } from '../fakes/list-days.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { createFakeRepositories } from '../fakes/repositories.ts';
import { createFakeMeter } from '../fakes/sending.ts';

export const FROM_ADDRESS = 'daily@example.org';
export const CONFIGURATION_SET = 'digests';

export interface SendingRunOptions {
  readonly digests: number;
  /** The number of concurrent workers, each with its own rate limiter. */
  readonly workers: number;
  readonly ses: SESClient;
  readonly clock: Clock;
  readonly timer: Timer;
}

/** A message, and when it becomes visible. */
interface Queued {
  readonly message: DigestsMessage;
  readonly visibleAt: Instant;
}

const PAPER_ID = '2601.00001';

/**
 * Sends one digest to each subscriber, with the real batch, rate limiter and SES client. The repositories are in
 * memory. Returns when the last batch was received, because from then on some workers are idle.
 *
 * @throws Error if a batch failed, which must not happen here
 */
export async function sendAll({ digests, workers, ses, clock, timer }: SendingRunOptions): Promise<Instant> {
  const repositories = createFakeRepositories(clock);
  const today = utcDayOf(clock.now());
  const edition = { cadence: 'daily', period: today, cohort: 'daily#Europe/Berlin#08' } as const;
  await repositories.papers.save(createFacts({ id: PAPER_ID }), clock.now());
  await repositories.listings.save(createListing({ day: today, paperId: PAPER_ID }));
  const ids = Array.from({ length: digests }, (_, n) => `reader-${String(n).padStart(6, '0')}`);
  for (const id of ids) await repositories.subscribers.save(createSubscriber({ id }));

  const queue = toBatches(edition, ids, clock.now());
  for (const { message } of queue)
    await repositories.editions.saveBatch(edition, message.batch, message.subscriberIds);
  let lastTakenAt = clock.now();
  let unfinished = queue.length;
  const digestsQueue: Queue<DigestsMessage> = {
    async enqueue(messages, delaySec = 0) {
      const visibleAt = addMs(clock.now(), delaySec * 1000);
      queue.push(...messages.map((message) => ({ message, visibleAt })));
      unfinished += messages.length;
      return [];
    },
  };
  const ports = {
    ...repositories,
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    compose: async (digest: Digest) => toMail(digest),
    mailer: createSesMailer(ses, CONFIGURATION_SET),
    digestsQueue,
    meter: createFakeMeter(),
    whenUncertain: 'at-most-once' as const,
    clock,
    telemetry: createFakeTelemetry(),
  };

  const work = async () => {
    const { telemetry } = ports;
    const rateLimiter = createSendRateLimiter(
      { quota: createSesSendQuota(ses), clock, timer, telemetry },
      workers,
    );
    while (unfinished > 0) {
      const next = queue.findIndex(({ visibleAt }) => visibleAt <= clock.now());
      const [taken] = next < 0 ? [] : queue.splice(next, 1);
      if (!taken) {
        await timer.wait(untilVisible(queue, clock.now()));
        continue;
      }
      if (queue.length === 0) lastTakenAt = clock.now();
      const result = await sendBatch({ ...ports, rateLimiter }, taken.message);
      if (result.kind === 'retry') throw new Error(`a batch would be delivered again: ${result.reason}`);
      unfinished -= 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return lastTakenAt;
}

function toBatches(edition: Edition, ids: readonly string[], now: Instant): Queued[] {
  return Array.from({ length: Math.ceil(ids.length / BATCH_SIZE) }, (_, batch) => {
    const subscriberIds = ids.slice(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE);
    return { message: { edition, batch, subscriberIds, queuedAt: now }, visibleAt: now };
  });
}

/**
 * How long an idle worker waits, in milliseconds: for the next message, or for other workers to finish or delay theirs.
 */
function untilVisible(queue: readonly Queued[], now: Instant): number {
  if (queue.length === 0) return 1000;
  return Math.max(1, Math.min(...queue.map(({ visibleAt }) => msBetween(now, visibleAt))));
}

function toMail({ subscriber, cadence, period }: Digest): DigestMail {
  const { id, address } = subscriber;
  const head = [`From: ${FROM_ADDRESS}`, `To: ${address}`, 'Subject: Papers', 'MIME-Version: 1.0'];
  return {
    from: FROM_ADDRESS,
    to: address,
    raw: toFormBase64(`${head.join('\r\n')}\r\n\r\nOne paper.\r\n`),
    tags: { subscriberId: id, cadence, period },
    paperIds: [PAPER_ID],
  };
}
