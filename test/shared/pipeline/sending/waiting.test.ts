import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { type SendPorts, sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import {
  createSendRateLimiter,
  type SendRateLimiter,
} from '../../../../shared/pipeline/sending/send-rate-limiter.ts';
import {
  isBehindOthers,
  type PutOffReason,
  PutOffTooLongError,
  putOffBatch,
  type WaitingPorts,
} from '../../../../shared/pipeline/sending/waiting.ts';
import type { Waitlist } from '../../../../shared/ports/mail.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter, createFakeWaitlist } from '../../../fakes/sending.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const MINUTE_MS = 60_000;
const EDITION = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;

let clock: ManualClock;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let waitlist: Waitlist;
let queued: { readonly messages: readonly DigestsMessage[]; readonly delaySec: number | undefined }[];
let ports: WaitingPorts;

beforeEach(() => {
  clock = createManualClock(NOW);
  telemetry = createFakeTelemetry();
  waitlist = createFakeWaitlist();
  queued = [];
  const digestsQueue = {
    async enqueue(messages: readonly DigestsMessage[], delaySec?: number) {
      queued.push({ messages, delaySec });
      return [];
    },
  };
  ports = { digestsQueue, waitlist, clock, telemetry };
});

const messageOf = (queuedAt: string): DigestsMessage => ({
  edition: EDITION,
  batch: 0,
  subscriberIds: ['a', 'b'],
  queuedAt,
});
const reasons: readonly PutOffReason[] = [
  ...(['throttled', 'unreachable', 'quota-used-up', 'stopped', 'out-of-time', 'unavailable'] as const),
];

describe('a batch that is put off', () => {
  test.each(reasons)('is delivered again in five minutes with its first queue time: %s', async (reason) => {
    const message = messageOf(addMs(NOW, -MINUTE_MS));

    await putOffBatch(ports, message, { kind: 'put-off', reason });

    expect(queued).toEqual([{ messages: [message], delaySec: 300 }]);
  });

  test('joins the waitlist only if the quota is used up', async () => {
    const joined: PutOffReason[] = [];
    for (const reason of reasons) {
      const own = createFakeWaitlist();
      await putOffBatch({ ...ports, waitlist: own }, messageOf(NOW), { kind: 'put-off', reason });
      if (await own.loadOldest(NOW)) joined.push(reason);
    }

    expect(joined).toEqual(['quota-used-up']);
  });

  test('counts as stopped immediately if an operator must act', async () => {
    for (const reason of reasons) await putOffBatch(ports, messageOf(NOW), { kind: 'put-off', reason });

    expect(telemetry.counts.get('SendingStopped')).toBe(1);
  });

  test('counts as stopped after a day, whatever the reason', async () => {
    await putOffBatch(ports, messageOf(addMs(NOW, -MS_PER_DAY)), { kind: 'put-off', reason: 'unreachable' });
    expect(telemetry.counts.get('SendingStopped')).toBeUndefined();

    await putOffBatch(ports, messageOf(addMs(NOW, -MS_PER_DAY - 1)), {
      kind: 'put-off',
      reason: 'unreachable',
    });
    expect(telemetry.counts.get('SendingStopped')).toBe(1);
  });

  test('counts as held up after two hours, whatever the reason', async () => {
    const put = (waitedMs: number) =>
      Promise.all(
        reasons.map((reason) =>
          putOffBatch(ports, messageOf(addMs(NOW, -waitedMs)), { kind: 'put-off', reason }),
        ),
      );
    await put(2 * MS_PER_HOUR);
    expect(telemetry.counts.get('BatchesHeldUp')).toBeUndefined();

    await put(2 * MS_PER_HOUR + 1);
    expect(telemetry.counts.get('BatchesHeldUp')).toBe(reasons.length);
  });

  test('fails after four days, and is neither queued again nor on the waitlist', async () => {
    await putOffBatch(ports, messageOf(addMs(NOW, -4 * MS_PER_DAY)), {
      kind: 'put-off',
      reason: 'out-of-time',
    });
    expect(queued).toHaveLength(1);

    const tooLate = putOffBatch(ports, messageOf(addMs(NOW, -4 * MS_PER_DAY - 1)), {
      kind: 'put-off',
      reason: 'quota-used-up',
    });

    await expect(tooLate).rejects.toThrow(PutOffTooLongError);
    expect(queued).toHaveLength(1);
    expect(await waitlist.loadOldest(NOW)).toBeUndefined();
    expect(telemetry.counts.get('SendingStopped')).toBe(2);
  });

  test('logs the reason of SES, while it waits and when it fails', async () => {
    const warned: unknown[] = [];
    const warn = (sentence: string, fields?: object) => warned.push({ sentence, ...fields });
    const watched = { ...ports, telemetry: { ...telemetry, warn } };
    const reason = 'the sender is not verified';

    await putOffBatch(watched, messageOf(NOW), { kind: 'put-off', reason: 'stopped', detail: reason });
    const tooLate = putOffBatch(watched, messageOf(addMs(NOW, -4 * MS_PER_DAY - 1)), {
      kind: 'put-off',
      reason: 'stopped',
      detail: reason,
    });

    await expect(tooLate).rejects.toThrow('stopped (the sender is not verified)');
    expect(warned).toEqual([
      {
        sentence: 'A batch was put off',
        ...EDITION,
        batch: 0,
        queuedAt: NOW,
        reason: 'stopped',
        detail: reason,
      },
    ]);
  });

  test('fails if the queue refuses it, so that SQS delivers it again', async () => {
    const digestsQueue = { enqueue: async (messages: readonly DigestsMessage[]) => messages };

    await expect(
      putOffBatch({ ...ports, digestsQueue }, messageOf(NOW), { kind: 'put-off', reason: 'unreachable' }),
    ).rejects.toThrow('1 of 1 messages were refused');
  });
});

describe('while a batch waits for the quota', () => {
  const early = messageOf('2026-01-04T06:05:00.000Z');
  const sameQuarter = messageOf('2026-01-04T06:14:59.999Z');
  const later = messageOf('2026-01-04T06:15:00.000Z');

  test('only batches of a later quarter hour wait for it', async () => {
    expect(await isBehindOthers(ports, later)).toBe(false);

    await putOffBatch(ports, early, { kind: 'put-off', reason: 'quota-used-up' });

    expect(await isBehindOthers(ports, later)).toBe(true);
    for (const message of [early, sameQuarter, messageOf('2026-01-03T00:00:00.000Z')]) {
      expect(await isBehindOthers(ports, message)).toBe(false);
    }
  });

  test('it stays first if later batches are put off often', async () => {
    for (let round = 0; round < 12; round += 1) {
      await putOffBatch(ports, later, { kind: 'put-off', reason: 'quota-used-up' });
      await putOffBatch(ports, early, { kind: 'put-off', reason: 'quota-used-up' });
      clock.moveBy(5 * MINUTE_MS);

      expect([await isBehindOthers(ports, later), await isBehindOthers(ports, early)]).toEqual([true, false]);
    }
  });

  test('later batches go at most five minutes after it went out', async () => {
    await putOffBatch(ports, early, { kind: 'put-off', reason: 'quota-used-up' });
    clock.moveBy(5 * MINUTE_MS);
    // It comes again, finds that the quota is free, and goes out.
    await putOffBatch(ports, later, { kind: 'put-off', reason: 'quota-used-up' });
    clock.moveBy(5 * MINUTE_MS);
    expect(await isBehindOthers(ports, later)).toBe(true);
    clock.moveBy(1);

    expect(await isBehindOthers(ports, later)).toBe(false);
  });
});

describe('a worker', () => {
  const sendWith = async (rateLimiter: SendRateLimiter, mailer = createFakeMailer()) => {
    const repositories = createFakeRepositories(clock);
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await repositories.editions.saveBatch(EDITION, 0, ['a']);
    await repositories.papers.save(createFacts({ id: '2601.00001' }), NOW);
    await repositories.listings.save(
      createListing({ list: 'hf-daily', day: '2026-01-05', paperId: '2601.00001' }),
    );
    const sendPorts: SendPorts = {
      ...repositories,
      lists: ['hf-daily'],
      listDays: openListDays(repositories, clock),
      ...ports,
      compose: async ({ subscriber }) => {
        const raw = '';
        return { from: 'daily@example.org', to: subscriber.address, raw, tags: {}, paperIds: [] };
      },
      mailer,
      rateLimiter,
      meter: createFakeMeter(),
      whenUncertain: 'at-most-once',
    };
    return sendBatch(sendPorts, { ...messageOf(NOW), subscriberIds: ['a'] });
  };

  test('that cannot read the quota puts its batch off, and uses up no receive', async () => {
    const quota = { load: () => Promise.reject(new Error('ECONNREFUSED')) };

    expect(await sendWith(createSendRateLimiter({ quota, clock, timer: clock, telemetry }, 2))).toMatchObject(
      {
        kind: 'put-off',
        reason: 'unreachable',
      },
    );

    expect(queued).toMatchObject([{ messages: [{ queuedAt: NOW }], delaySec: 300 }]);
    expect(await waitlist.loadOldest(NOW)).toBeUndefined();
    expect(telemetry.sentences).toEqual([
      'The send quota could not be read',
      'A batch ran',
      'A batch was put off',
    ]);
  });

  test('has four minutes from when it took the batch, even if it read the quota late', async () => {
    const untils: string[] = [];
    const throttledOnce = createFakeMailer((_, n) => (n === 0 ? { kind: 'throttled' } : undefined));
    const rateLimiter: SendRateLimiter = {
      ...createFakeSendRateLimiter(),
      async checkSending() {
        clock.moveBy(3 * MINUTE_MS);
        return undefined;
      },
      async acquire(until) {
        untils.push(until);
        return 'go';
      },
    };

    await sendWith(rateLimiter, throttledOnce);

    expect(untils).toEqual([addMs(NOW, 4 * MINUTE_MS), addMs(NOW, 4 * MINUTE_MS)]);
    expect(throttledOnce.sent).toHaveLength(1);
  });
});
