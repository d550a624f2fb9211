import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { type SendPorts, sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const clock = createManualClock('2026-01-05T08:00:00.000Z');
const KEY = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
const EDITION = { cadence: 'daily', period: KEY.period, cohort: 'daily#Europe/Berlin#08' } as const;
const PAPER = '2601.00001';

let repositories: Repositories;

beforeEach(async () => {
  repositories = createFakeRepositories(clock);
  await repositories.papers.save(createFacts({ id: PAPER }), clock.now());
  await repositories.listings.save(
    createListing({ day: KEY.period, paperId: PAPER, firstSeenAt: clock.now() }),
  );
  await repositories.subscribers.save(createSubscriber({ id: 'a' }));
  await repositories.editions.saveBatch(EDITION, 0, ['a']);
});

/** Sends a digest. Returns its result, how many mails went out, and how many permits were taken and given back. */
async function sendOne(
  whileItWaits: () => Promise<unknown>,
  deliveries: Partial<Repositories['deliveries']>,
) {
  const permits = { taken: 0, givenBack: 0 };
  const mailer = createFakeMailer();
  const ports: SendPorts = {
    ...repositories,
    deliveries: { ...repositories.deliveries, ...deliveries },
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    compose: async ({ subscriber }) => ({
      from: 'papers@example.org',
      to: subscriber.address,
      raw: 'text',
      tags: {},
      paperIds: [PAPER],
    }),
    mailer,
    rateLimiter: {
      ...createFakeSendRateLimiter(),
      async acquire() {
        permits.taken += 1;
        await whileItWaits();
        return 'go';
      },
      refund() {
        permits.givenBack += 1;
      },
    },
    meter: createFakeMeter(),
    digestsQueue: createFakeQueue<DigestsMessage>(),
    whenUncertain: 'at-most-once',
    clock,
    telemetry: createFakeTelemetry(),
  };
  const message = { edition: EDITION, batch: 0, subscriberIds: ['a'], queuedAt: clock.now() };
  const { kind } = await sendBatch(ports, message);
  return { kind, mails: mailer.sent.length, permits };
}

const outcomeOf = async () => (await repositories.deliveries.load(KEY))?.outcome;
const nothing = async () => {};
const fail = async (): Promise<never> => {
  throw new Error('no table');
};

test('a digest that is sent uses its permit', async () => {
  expect(await sendOne(nothing, {})).toEqual({ kind: 'done', mails: 1, permits: { taken: 1, givenBack: 0 } });
});

const WITHOUT_MAIL = { mails: 0, permits: { taken: 1, givenBack: 1 } };

test('a digest that another worker claims first gives its permit back', async () => {
  const claim = () => repositories.deliveries.claim(KEY, { ...EDITION, batch: 0 }, [PAPER], clock.now());

  expect(await sendOne(claim, {})).toEqual({ kind: 'retry', ...WITHOUT_MAIL });
  expect(await outcomeOf()).toEqual({ state: 'claimed' });
});

test('a digest whose subscriber leaves meanwhile gives its permit back', async () => {
  const leave = async () => {
    const subscriber = await repositories.subscribers.load('a');
    if (subscriber) await repositories.subscribers.save({ ...subscriber, status: 'unsubscribed' });
  };

  expect(await sendOne(leave, {})).toEqual({ kind: 'done', ...WITHOUT_MAIL });
  expect(await outcomeOf()).toEqual({ state: 'skipped', reason: 'unsubscribed' });
});

test('a digest that cannot be claimed gives its permit back', async () => {
  expect(await sendOne(nothing, { claim: fail })).toEqual({ kind: 'retry', ...WITHOUT_MAIL });
  expect(await outcomeOf()).toBeUndefined();
});

test('a digest that cannot be checked after its claim gives its permit back, and its claim', async () => {
  const { loadRecent } = repositories.deliveries;
  const failing: typeof loadRecent = (key, since, options) =>
    options.mayBeStale ? loadRecent(key, since, options) : fail();

  expect(await sendOne(nothing, { loadRecent: failing })).toEqual({ kind: 'retry', ...WITHOUT_MAIL });
  expect(await outcomeOf()).toBeUndefined();
});
