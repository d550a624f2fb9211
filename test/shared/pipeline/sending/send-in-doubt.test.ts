import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import type { WhenUncertain } from '../../../../shared/domain/digests/delivery-state.ts';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { MS_PER_DAY } from '../../../../shared/domain/time/time.ts';
import type { Digest } from '../../../../shared/matching/digest.ts';
import { sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { SendRateLimiter } from '../../../../shared/pipeline/sending/send-rate-limiter.ts';
import type { Mailer, SendResult } from '../../../../shared/ports/mail.ts';
import { OTHER_BATCH_ID } from '../../../../shared/ports/planning.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const START = '2026-01-05T08:00:00.000Z';
const KEY = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
const EDITION = { cadence: 'daily', period: KEY.period, cohort: 'daily#Europe/Berlin#08' } as const;
const LOST: SendResult = { kind: 'uncertain', reason: 'ECONNRESET' };
/** Longer than a worker may live. */
const LATER_MS = 16 * 60_000;

let clock: ManualClock;
let repositories: Repositories;

beforeEach(async () => {
  clock = createManualClock(START);
  repositories = createFakeRepositories(clock);
  await repositories.papers.save(createFacts({ id: '2601.00001' }), START);
  await repositories.listings.save(
    createListing({ day: KEY.period, paperId: '2601.00001', firstSeenAt: START }),
  );
  await repositories.subscribers.save(createSubscriber({ id: 'a' }));
  await repositories.editions.saveBatch(EDITION, 0, ['a']);
});

/** Prepares a batch of one. `answers` has the result of the n-th mail. The hooks run while a mail is composed or sent. */
function prepare(
  whenUncertain: WhenUncertain,
  answers: readonly SendResult[],
  {
    composing = async () => {},
    handingOver = async () => {},
    rateLimiter = createFakeSendRateLimiter(),
    subscriberIds = ['a'],
  } = {},
) {
  const fake = createFakeMailer((_, n) => answers[n]);
  const mailer: Mailer = {
    async send(mail) {
      await handingOver();
      return fake.send(mail);
    },
  };
  const digestsQueue = createFakeQueue<DigestsMessage>();
  const warned: object[] = [];
  const mail = { from: 'papers@example.org', to: 'a@example.org', raw: 'text', tags: {} };
  const ports = {
    ...repositories,
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    compose: async ({ sections }: Digest) => {
      await composing();
      return { ...mail, paperIds: sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id)) };
    },
    mailer,
    rateLimiter,
    meter: createFakeMeter(),
    digestsQueue,
    whenUncertain,
    clock,
    telemetry: {
      ...createFakeTelemetry(),
      warn: (sentence: string, fields?: object) => void warned.push({ sentence, ...fields }),
    },
  };
  const message = { edition: EDITION, batch: 0, subscriberIds, queuedAt: START };
  return { send: () => sendBatch(ports, message), sent: fake.sent, queued: digestsQueue.messages, warned };
}

const change = async (changes: Partial<Subscriber>) => {
  const subscriber = await repositories.subscribers.load('a');
  if (subscriber) await repositories.subscribers.save({ ...subscriber, ...changes });
};

const loadOutcome = async () => (await repositories.deliveries.load(KEY))?.outcome;

test('a subscriber who unsubscribes while the digest is composed is not mailed', async () => {
  const { send, sent } = prepare('at-most-once', [], { composing: () => change({ status: 'unsubscribed' }) });

  expect(await send()).toEqual({ kind: 'done', counts: { 'skipped:unsubscribed': 1 } });

  expect(sent).toEqual([]);
});

test('at most once: an uncertain digest is not sent again', async () => {
  const { send, sent } = prepare('at-most-once', [LOST]);
  await send();
  clock.moveBy(LATER_MS);

  expect(await send()).toEqual({ kind: 'done', counts: { uncertain: 1 } });

  expect(sent).toEqual([]);
});

test('at least once: an uncertain digest is sent again if no event reports it for a while', async () => {
  const { send, sent } = prepare('at-least-once', [LOST]);
  expect(await send()).toMatchObject({ kind: 'retry' });
  expect(await send()).toMatchObject({ kind: 'retry' });
  expect(sent).toEqual([]);
  clock.moveBy(LATER_MS);

  expect(await send()).toEqual({ kind: 'done', counts: { sent: 1 } });

  expect(sent).toHaveLength(1);
});

test('at least once: a digest whose worker died is sent again', async () => {
  await repositories.deliveries.claim(KEY, { ...EDITION, batch: 0 }, ['2601.00001'], clock.now());
  clock.moveBy(LATER_MS);
  const { send, sent } = prepare('at-least-once', []);

  expect(await send()).toEqual({ kind: 'done', counts: { sent: 1 } });

  expect(sent).toHaveLength(1);
});

test('at least once: a repeat whose paper another digest takes is sent with the others', async () => {
  await repositories.papers.save(createFacts({ id: '2601.00002' }), START);
  await repositories.listings.save(
    createListing({ day: KEY.period, paperId: '2601.00002', firstSeenAt: START }),
  );
  const weekly = { subscriberId: 'a', cadence: 'weekly', period: '2026-W02' } as const;
  let composed = 0;
  const { send, sent } = prepare('at-least-once', [LOST], {
    composing: async () => {
      composed += 1;
      if (composed === 2)
        await repositories.deliveries.claim(weekly, { ...EDITION, batch: 9 }, ['2601.00002'], clock.now());
    },
  });
  expect(await send()).toMatchObject({ kind: 'retry' });
  clock.moveBy(LATER_MS);

  expect(await send()).toEqual({ kind: 'done', counts: { sent: 1 } });

  expect(composed).toBe(3);
  expect(sent).toMatchObject([{ paperIds: ['2601.00001'] }]);
});

test('at least once: an event in time prevents the repeat', async () => {
  const { send, sent } = prepare('at-least-once', [LOST]);
  expect(await send()).toMatchObject({ kind: 'retry' });
  await repositories.deliveries.recordEvent(KEY, { state: 'sent', messageId: 'm' });
  clock.moveBy(LATER_MS);

  expect(await send()).toEqual({ kind: 'done', counts: { sent: 1 } });

  expect(sent).toEqual([]);
});

test('at least once: there are three tries at most', async () => {
  const { send } = prepare('at-least-once', [LOST, LOST, LOST]);
  for (let attempt = 1; attempt < 3; attempt += 1) {
    expect(await send()).toMatchObject({ kind: 'retry' });
    clock.moveBy(LATER_MS);
  }

  expect(await send()).toEqual({ kind: 'done', counts: { uncertain: 1 } });
  expect(await loadOutcome()).toMatchObject({ state: 'uncertain' });
});

test.each<[string, Partial<Subscriber>]>([
  ['unsubscribed', { status: 'unsubscribed' }],
  ['bounced', { status: 'bounced' }],
  ['no longer has a daily subscription', { subscriptions: [createSubscription({ cadence: 'weekly' })] }],
])(
  'at least once: the digest of a subscriber who %s stays uncertain, and does not delay others',
  async (_, changes) => {
    const { send, sent } = prepare('at-least-once', [LOST]);
    expect(await send()).toMatchObject({ kind: 'retry' });
    await change(changes);
    clock.moveBy(LATER_MS);

    expect(await send()).toEqual({ kind: 'done', counts: { uncertain: 1 } });

    expect(sent).toEqual([]);
  },
);

test('at least once: an uncertain digest without papers stays uncertain', async () => {
  const { send, sent } = prepare('at-least-once', [LOST]);
  expect(await send()).toMatchObject({ kind: 'retry' });
  clock.moveBy(7 * MS_PER_DAY);

  expect(await send()).toEqual({ kind: 'done', counts: { uncertain: 1 } });

  expect(sent).toEqual([]);
});

test('at least once: an uncertain digest of another batch counts only there if it cannot be sent again', async () => {
  const { send } = prepare('at-least-once', []);
  const otherEdition = { ...EDITION, cohort: 'daily#Europe/Berlin#09' };
  const claim = await repositories.deliveries.claim(KEY, { ...otherEdition, batch: 0 }, [], clock.now());
  if (!claim) throw new Error('expected a claim');
  await repositories.deliveries.recordOutcome(claim, { state: 'uncertain', reason: 'lost' });
  await change({ status: 'unsubscribed' });
  clock.moveBy(LATER_MS);

  expect(await send()).toEqual({ kind: 'done', counts: { uncertain: 1 } });

  expect(await repositories.editions.loadBatch(EDITION, 0)).toEqual([OTHER_BATCH_ID]);
});

test('a subscriber who leaves while a throttled mail waits is not mailed', async () => {
  const { send, sent } = prepare('at-most-once', [{ kind: 'throttled' }], {
    handingOver: () => change({ status: 'complained' }),
  });

  expect(await send()).toEqual({ kind: 'done', counts: { 'skipped:complained': 1 } });

  expect(sent).toEqual([]);
});

test('a message that comes a week late makes no daily digest', async () => {
  const { send, sent } = prepare('at-most-once', []);
  clock.moveBy(6 * MS_PER_DAY);

  expect(await send()).toEqual({ kind: 'done', counts: { 'skipped:too-late': 1 } });

  expect(sent).toEqual([]);
});

test.each<SendResult>([
  { kind: 'quota-used-up' },
  { kind: 'stopped', reason: 'AccountSendingPausedException' },
])('$kind: the batch is put off and keeps its place, and nothing is recorded', async (answer) => {
  const { send, sent, queued } = prepare('at-most-once', [answer]);

  expect(await send()).toMatchObject({ kind: 'put-off' });

  expect({ sent, queued }).toMatchObject({ sent: [], queued: [{ queuedAt: START, subscriberIds: ['a'] }] });
  expect(await loadOutcome()).toBeUndefined();
});

test('the log has the reason of SES, even if a mail that only waited gives up first', async () => {
  await repositories.subscribers.save(createSubscriber({ id: 'b' }));
  let turns = 0;
  const rateLimiter: SendRateLimiter = {
    ...createFakeSendRateLimiter(),
    async acquire() {
      turns += 1;
      return turns === 1 ? 'stopped' : 'go';
    },
  };
  const stopped = { kind: 'stopped', reason: 'AccessDenied' } as const;
  const { send, warned } = prepare('at-most-once', [stopped], { rateLimiter, subscriberIds: ['b', 'a'] });

  expect(await send()).toMatchObject({ kind: 'put-off' });

  expect(warned).toMatchObject([
    { sentence: 'A batch was put off', reason: 'stopped', detail: 'AccessDenied' },
  ]);
});

test.each<SendResult & { kind: 'stopped' | 'quota-used-up' }>([
  { kind: 'stopped', reason: 'AccessDenied' },
  { kind: 'quota-used-up' },
])('$kind is the reason of the batch, even if SES throttles an earlier digest', async (answer) => {
  await repositories.subscribers.save(createSubscriber({ id: 'b' }));
  let turns = 0;
  const rateLimiter: SendRateLimiter = {
    ...createFakeSendRateLimiter(),
    async acquire() {
      turns += 1;
      return turns <= 2 ? 'go' : answer.kind;
    },
  };
  const { send } = prepare('at-most-once', [{ kind: 'throttled' }, answer], {
    rateLimiter,
    subscriberIds: ['b', 'a'],
  });

  expect(await send()).toMatchObject({ kind: 'put-off', reason: answer.kind });
});
