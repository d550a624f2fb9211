import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { isDeliveredOn } from '../../../shared/domain/digests/cohort.ts';
import type { Delivery } from '../../../shared/domain/digests/delivery.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { daysFrom } from '../../../shared/domain/time/time.ts';
import { type SendNowPorts, sendNow } from '../../../shared/pipeline/send-now.ts';
import type { DigestsMessage } from '../../../shared/ports/queues.ts';
import { createFacts } from '../../factories/papers.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { openListDays } from '../../fakes/list-days.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-06T08:00:00.000Z';
const EARLIER = '2026-01-06T07:00:00.000Z';
const KEY = { subscriberId: 'subscriber-0000', cadence: 'daily', period: '2026-01-06' } as const;
const ORIGIN = {
  cadence: 'daily',
  period: '2026-01-06',
  cohort: 'daily#Europe/Berlin#08',
  batch: 0,
} as const;

let repositories: Repositories;
let queued: DigestsMessage[];

beforeEach(async () => {
  repositories = createFakeRepositories(createManualClock(NOW));
  queued = [];
  const { id } = createFacts();
  await repositories.papers.save(createFacts(), EARLIER);
  await repositories.listings.save({
    paperId: id,
    list: 'hf-daily',
    day: '2026-01-06',
    firstSeenAt: EARLIER,
  });
});

/** Records a digest of the day that ended, or is still claimed. */
async function record(outcome?: Exclude<Delivery['outcome'], { state: 'claimed' | 'skipped' }>) {
  const claim = await repositories.deliveries.claim(KEY, ORIGIN, [], EARLIER);
  if (claim && outcome) await repositories.deliveries.recordOutcome(claim, outcome);
}

async function send(overrides: Partial<Subscriber> = {}, more: Partial<SendNowPorts> = {}) {
  const clock = createManualClock(NOW);
  const digestsQueue = {
    async enqueue(messages: readonly DigestsMessage[]) {
      queued.push(...messages);
      return [];
    },
  };
  const listDays = openListDays(repositories, clock);
  const waitALittle = async () => false;
  const lists = ['hf-daily'] as const;
  const ports = { ...repositories, lists, listDays, digestsQueue, clock, waitALittle, ...more };
  return sendNow(ports, createSubscriber(overrides));
}

describe('the digest of a period, asked for now', () => {
  test('is queued if there is none yet', async () => {
    expect(await send()).toEqual({ state: 'queued' });

    expect(queued).toMatchObject([{ subscriberIds: [KEY.subscriberId], edition: { period: KEY.period } }]);
  });

  test('is recorded as an edition of one subscriber, so that an audit expects it', async () => {
    for (const _ of [1, 2]) await send();

    const [message] = queued;
    if (!message) throw new Error('expected a message');
    const { edition } = message;
    expect(await repositories.editions.loadProgress(edition)).toMatchObject({ planned: 1, isComplete: true });
    expect(await repositories.editions.loadBatch(edition, 0)).toEqual([KEY.subscriberId]);
  });

  test('has an edition of its own, whose name does not give the id away', async () => {
    for (const id of ['subscriber-0000', 'subscriber-0001']) await send({ id });

    const cohorts = queued.map(({ edition }) => edition.cohort);
    expect(new Set(cohorts).size).toBe(2);
    for (const cohort of cohorts) expect(cohort).toMatch(/^daily#Europe\/Berlin#08#[0-9a-f]{16}#2026-01-06$/);
  });

  test('replaces the progress of its edition if that cannot be read', async () => {
    const unreadable = { kind: 'unreadable' } as const;
    const saved: unknown[] = [];
    const editions: SendNowPorts['editions'] = {
      ...repositories.editions,
      loadProgress: async () => unreadable,
      async saveProgress(_, progress, previous) {
        saved.push([progress, previous]);
      },
    };

    expect(await send({}, { editions })).toEqual({ state: 'queued' });

    expect(saved).toEqual([[{ batches: 1, planned: 1, isComplete: true }, unreadable]]);
  });

  test.each([
    ['Pacific/Honolulu', 'daily', '2026-01-05', '2026-01-05'],
    ['Pacific/Honolulu', 'weekly', '2026-W02', '2026-01-05'],
    ['Europe/Berlin', 'weekly', '2026-W02', '2026-01-06'],
    ['Europe/Berlin', 'monthly', '2026-01', '2026-01-06'],
    ['Pacific/Honolulu', 'instant', '2026-01-06T08:00Z', '2026-01-06'],
  ] as const)(
    'in %s is that of the period and of today, if it is %s',
    async (timeZone, cadence, period, today) => {
      const subscriptions = createSubscriber().subscriptions.map((subscription) => ({
        ...subscription,
        cadence,
      }));

      await send({ timeZone, subscriptions });

      expect(queued).toMatchObject([{ edition: { cadence, period } }]);
      const week = daysFrom('2026-01-01', '2026-01-10');
      expect(queued.flatMap(({ edition }) => week.filter((day) => isDeliveredOn(edition, day)))).toEqual([
        today,
      ]);
    },
  );

  test('is not presented as new if it was sent before', async () => {
    await record({ state: 'sent', messageId: 'message-1' });

    const sent = await send();

    expect(sent).toEqual({
      state: 'already-sent',
      cadence: 'daily',
      messageId: 'message-1',
      sentAt: EARLIER,
    });
    expect(queued).toEqual([]);
  });

  test('is waited for if a worker has begun it', async () => {
    await record();

    expect(await send()).toEqual({ state: 'claimed' });
    expect(queued).toEqual([]);

    const claimed = await repositories.deliveries.load(KEY);
    const outcomes: readonly Delivery['outcome'][] = [
      { state: 'claimed' },
      { state: 'sent', messageId: 'message-1' },
    ];
    let loads = 0;
    const load: Repositories['deliveries']['load'] = async () => {
      const outcome = outcomes[Math.max(0, loads - 1)];
      loads += 1;
      return claimed && outcome && { ...claimed, outcome };
    };
    const deliveries = { ...repositories.deliveries, load };

    expect(await send({}, { deliveries, waitALittle: async () => true })).toEqual(outcomes[1]);
    expect(loads).toBe(3);
  });

  test('is the recorded one if that failed', async () => {
    await record({ state: 'failed', reason: 'refused' });

    expect(await send()).toEqual({ state: 'failed', reason: 'refused' });
    expect(queued).toEqual([]);
  });

  test.each([['unsubscribed'], ['unconfirmed'], ['bounced']] as const)(
    'is none for a subscriber who is %s, also if it was sent before',
    async (status) => {
      expect(await send({ status })).toEqual({ state: 'nothing-to-send', reason: status });

      await record({ state: 'sent', messageId: 'message-1' });

      expect(await send({ status })).toEqual({ state: 'nothing-to-send', reason: status });
      expect(queued).toEqual([]);
    },
  );

  test('is none without a subscription', async () => {
    expect(await send({ subscriptions: [] })).toEqual({
      state: 'nothing-to-send',
      reason: 'no-subscription',
    });
  });

  test('is none if another digest has the papers, as the ledger says at this moment', async () => {
    const yesterday = { ...KEY, period: '2026-01-05' };
    const claim = await repositories.deliveries.claim(yesterday, ORIGIN, [createFacts().id], EARLIER);
    if (claim) await repositories.deliveries.recordOutcome(claim, { state: 'sent', messageId: 'message-1' });
    const readings: unknown[] = [];
    const loadRecent: Repositories['deliveries']['loadRecent'] = (key, since, reading) => {
      readings.push(reading);
      return repositories.deliveries.loadRecent(key, since, reading);
    };

    expect(await send({}, { deliveries: { ...repositories.deliveries, loadRecent } })).toEqual({
      state: 'nothing-to-send',
      reason: 'nothing-new',
    });

    expect(readings).toEqual([{ cadences: ['daily'], mayBeStale: false }]);
    expect(queued).toEqual([]);
  });

  test('is none if no paper is new', async () => {
    const [subscription] = createSubscriber().subscriptions;
    if (!subscription) throw new Error('a subscriber has a subscription');

    const sent = await send({ subscriptions: [{ ...subscription, query: 'nothing-has-this-word' }] });

    expect(sent).toEqual({ state: 'nothing-to-send', reason: 'nothing-new' });
    expect(queued).toEqual([]);
  });
});
