import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { UnavailableError } from '../../../../shared/domain/errors.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE } from '../../../../shared/domain/time/time.ts';
import { PER_MESSAGE } from '../../../../shared/domain/usage.ts';
import type { Digest } from '../../../../shared/matching/digest.ts';
import { type SendPorts, sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { SendRateLimiter } from '../../../../shared/pipeline/sending/send-rate-limiter.ts';
import type { DigestMail, Mail, SendResult } from '../../../../shared/ports/mail.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { collect } from '../../../collect.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { openMemoryDynamoDb } from '../../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

let clock: ManualClock;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let queue: ReturnType<typeof createFakeQueue<DigestsMessage>>;

beforeEach(() => {
  clock = createManualClock('2026-01-05T08:00:00.000Z');
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  queue = createFakeQueue();
});

const toMail = async (digest: Digest): Promise<DigestMail> => {
  const paperIds = digest.sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id));
  return {
    from: 'daily@example.org',
    to: digest.subscriber.address,
    raw: paperIds.join(' '),
    tags: {},
    paperIds,
  };
};
const portsWith = (mailer: SendPorts['mailer']): SendPorts => ({
  ...repositories,
  lists: ['hf-daily'],
  listDays: openListDays(repositories, clock),
  compose: toMail,
  mailer,
  rateLimiter: createFakeSendRateLimiter(),
  meter: createFakeMeter(),
  digestsQueue: queue,
  whenUncertain: 'at-most-once',
  clock,
  telemetry,
});
const listPaper = async (id: string, day = '2026-01-05', list = 'hf-daily') => {
  await repositories.papers.save(createFacts({ id }), clock.now());
  await repositories.listings.save(createListing({ list, day, paperId: id, firstSeenAt: clock.now() }));
};
const messageFor = async (subscriberIds: string[], period = '2026-01-05'): Promise<DigestsMessage> => {
  const edition = { cadence: 'daily', period, cohort: 'daily#Europe/Berlin#08' } as const;
  await repositories.editions.saveBatch(edition, 0, subscriberIds);
  return { edition, batch: 0, subscriberIds, queuedAt: clock.now() };
};
const stateOf = async (subscriberId: string, period = '2026-01-05') =>
  (await repositories.deliveries.load({ subscriberId, cadence: 'daily', period }))?.outcome;
const textOf = (mail: Mail | undefined) => mail?.raw;

describe('sending a batch', () => {
  test('mails each subscriber once if the message comes several times', async () => {
    await listPaper('2601.00001');
    for (const id of ['a', 'b']) await repositories.subscribers.save(createSubscriber({ id }));
    const mailer = createFakeMailer();
    const message = await messageFor(['a', 'b']);

    const counts = [await sendBatch(portsWith(mailer), message), await sendBatch(portsWith(mailer), message)];

    expect(mailer.sent.map(({ to }) => to).sort()).toEqual(['a@example.org', 'b@example.org']);
    expect(counts).toEqual(Array.from({ length: 2 }, () => ({ kind: 'done', counts: { sent: 2 } })));
    expect(telemetry.counts.get('DigestsSent')).toBe(2);
    expect(await stateOf('a')).toMatchObject({ state: 'sent' });
    expect(await collect(repositories.editions.loadBatches(message.edition))).toEqual([
      { subscriberIds: ['a', 'b'], counts: { sent: 2 }, used: PER_MESSAGE },
    ]);
  });

  test('of which the record is missing mails each subscriber once, and ends when the record is back', async () => {
    await listPaper('2601.00001');
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    const mailer = createFakeMailer();
    const edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
    const message = { edition, batch: 0, subscriberIds: ['a'], queuedAt: clock.now() };

    await expect(sendBatch(portsWith(mailer), message)).rejects.toThrow();
    await expect(sendBatch(portsWith(mailer), message)).rejects.toThrow();
    await repositories.editions.saveBatch(edition, 0, ['a']);

    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { sent: 1 } });
    expect(mailer.sent.map(({ to }) => to)).toEqual(['a@example.org']);
  });

  test.each([
    { cadence: 'daily', periods: ['2026-01-05', '2026-01-06'], daysBetween: 1 },
    { cadence: 'weekly', periods: ['2026-W02', '2026-W03'], daysBetween: 7 },
    { cadence: 'monthly', periods: ['2026-01', '2026-02'], daysBetween: 27 },
  ] as const)(
    'repeats no paper of an earlier $cadence digest after papers were lost and read again',
    async ({ cadence, periods, daysBetween }) => {
      const subscriptions = [createSubscription({ cadence })];
      await repositories.subscribers.save(createSubscriber({ id: 'a', subscriptions }));
      const mailer = createFakeMailer();
      const results = [];
      for (const period of periods) {
        // The table of papers is new, and ingest reads the paper as if for the first time.
        const { papers, listings, snapshots } = createFakeRepositories(clock);
        repositories = { ...repositories, papers, listings, snapshots };
        await listPaper('2601.00001');
        const edition = { cadence, period, cohort: `${cadence}#Europe/Berlin#08` };
        await repositories.editions.saveBatch(edition, 0, ['a']);
        const message = { edition, batch: 0, subscriberIds: ['a'], queuedAt: clock.now() };
        results.push(await sendBatch(portsWith(mailer), message));
        clock.moveBy(daysBetween * MS_PER_DAY);
      }

      expect(results).toMatchObject([{ counts: { sent: 1 } }, { counts: { 'skipped:nothing-new': 1 } }]);
      expect(mailer.sent).toHaveLength(1);
    },
  );

  test('mails each subscriber once when two workers have the same message', async () => {
    await listPaper('2601.00001');
    for (const id of ['a', 'b', 'c']) await repositories.subscribers.save(createSubscriber({ id }));
    const mailer = createFakeMailer();
    const message = await messageFor(['a', 'b', 'c']);

    await Promise.allSettled([1, 2, 3].map(() => sendBatch(portsWith(mailer), message)));

    expect(mailer.sent).toHaveLength(3);
    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { sent: 3 } });
  });

  test('counts a subscriber in two editions of a day only in the edition that sent the digest', async () => {
    await listPaper('2601.00001');
    for (const id of ['a', 'b']) await repositories.subscribers.save(createSubscriber({ id }));
    const mailer = createFakeMailer();
    const first = await messageFor(['a']);
    const edition = { ...first.edition, cohort: 'daily#Europe/Berlin#12' };
    await repositories.editions.saveBatch(edition, 0, ['a', 'b']);
    const second = { ...first, edition, subscriberIds: ['a', 'b'] };

    for (const message of [first, second, second, first]) await sendBatch(portsWith(mailer), message);

    expect(mailer.sent.map(({ to }) => to)).toEqual(['a@example.org', 'b@example.org']);
    expect(await repositories.editions.loadBatch(first.edition, 0)).toEqual(['a']);
    expect(await repositories.editions.loadBatch(edition, 0)).toEqual(['elsewhere', 'b']);
  });

  test('counts a subscriber in two batches of an edition only in the batch that sent the digest', async () => {
    await listPaper('2601.00001');
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    const mailer = createFakeMailer();
    const first = await messageFor(['a']);
    await repositories.editions.saveBatch(first.edition, 1, ['a']);

    for (const batch of [0, 1, 0]) await sendBatch(portsWith(mailer), { ...first, batch });

    expect(mailer.sent).toHaveLength(1);
    expect(await repositories.editions.loadBatch(first.edition, 0)).toEqual(['a']);
    expect(await repositories.editions.loadBatch(first.edition, 1)).toEqual(['elsewhere']);
  });

  test('has papers that came after the last batch of the same worker, if it was queued after them', async () => {
    await listPaper('2601.00001');
    for (const id of ['a', 'b']) await repositories.subscribers.save(createSubscriber({ id }));
    const mailer = createFakeMailer();
    const ports = portsWith(mailer);
    await sendBatch(ports, await messageFor(['a']));
    clock.moveBy(60_000);
    await listPaper('2601.00002');

    await sendBatch(ports, await messageFor(['b']));

    expect(mailer.sent.map(textOf)).toEqual(['2601.00001', expect.stringContaining('2601.00002')]);
  });

  test('skips subscribers who are no longer confirmed, with the reason', async () => {
    await listPaper('2601.00001');
    await repositories.subscribers.save(createSubscriber({ id: 'a', status: 'unsubscribed' }));
    await repositories.subscribers.save(
      createSubscriber({ id: 'b', subscriptions: [createSubscription({ cadence: 'weekly' })] }),
    );
    const mailer = createFakeMailer();

    const counts = await sendBatch(portsWith(mailer), await messageFor(['a', 'b', 'gone']));

    expect(mailer.sent).toEqual([]);
    expect(counts).toEqual({
      kind: 'done',
      counts: { 'skipped:unsubscribed': 1, 'skipped:no-subscription': 1, 'skipped:erased': 1 },
    });
    expect(await stateOf('a')).toEqual({ state: 'skipped', reason: 'unsubscribed' });
  });

  test('sends no mail if no paper is new', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    const mailer = createFakeMailer();

    const counts = await sendBatch(portsWith(mailer), await messageFor(['a']));

    expect(mailer.sent).toEqual([]);
    expect(counts).toEqual({ kind: 'done', counts: { 'skipped:nothing-new': 1 } });
    expect(telemetry.counts.get('DigestsSkipped')).toBe(1);
  });

  test('repeats no paper and loses no late one', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await listPaper('2601.00001');
    const mailer = createFakeMailer();
    await sendBatch(portsWith(mailer), await messageFor(['a']));

    clock.moveBy(MS_PER_DAY);
    await listPaper('2601.00002', '2026-01-05');
    await listPaper('2601.00001', '2026-01-06');
    await sendBatch(portsWith(mailer), await messageFor(['a'], '2026-01-06'));

    expect(mailer.sent.map(textOf)).toEqual(['2601.00001', '2601.00002']);
  });

  test.each([-10, -5, 5, 10])('repeats no paper if a clock is %d minutes wrong', async (minutes) => {
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await listPaper('2601.00001');
    const mailer = createFakeMailer();
    const wrong = { now: () => addMs(clock.now(), minutes * MS_PER_MINUTE) };
    await sendBatch({ ...portsWith(mailer), clock: wrong }, await messageFor(['a']));

    clock.moveBy(MS_PER_DAY);
    await sendBatch(portsWith(mailer), await messageFor(['a'], '2026-01-06'));

    expect(mailer.sent.map(textOf)).toEqual(['2601.00001']);
  });

  test('selects only papers within the look-back', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await listPaper('2601.00001', '2026-01-01');
    await listPaper('2601.00002', '2026-01-02');
    const mailer = createFakeMailer();

    await sendBatch(portsWith(mailer), await messageFor(['a']));

    expect(textOf(mailer.sent[0])).toBe('2601.00002');
  });

  test('repeats no paper in digests of older periods that are sent late', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await listPaper('2601.00001');
    const mailer = createFakeMailer();

    for (const period of ['2026-01-05', '2025-12-30', '2025-12-20']) {
      await sendBatch(portsWith(mailer), await messageFor(['a'], period));
    }

    expect(mailer.sent).toHaveLength(1);
  });

  test.each([
    ['the fakes', async () => createFakeRepositories(clock)],
    ['the tables', async () => openRepositories((await openMemoryDynamoDb()).documents, localTables, clock)],
  ] as const)('sends a paper once in concurrent digests of several cadences, on %s', async (_, open) => {
    repositories = await open();
    const subscriptions = (['daily', 'weekly', 'monthly', 'instant'] as const).map((cadence, n) =>
      createSubscription({ id: `s${n}`, cadence, maxPapers: 2 }),
    );
    await repositories.subscribers.save(createSubscriber({ id: 'a', subscriptions }));
    for (const n of [1, 2, 3, 4, 5]) await listPaper(`2601.0000${n}`);
    const mailer = createFakeMailer();
    const messages = subscriptions.map(({ cadence }): DigestsMessage => {
      const edition = { cadence, period: 'now', cohort: cadence };
      return { edition, batch: 0, subscriberIds: ['a'], queuedAt: clock.now() };
    });
    for (const { edition } of messages) await repositories.editions.saveBatch(edition, 0, ['a']);

    for (let round = 0; round < messages.length; round += 1) {
      await Promise.allSettled(messages.map((message) => sendBatch(portsWith(mailer), message)));
    }

    const papers = mailer.sent.flatMap((mail) => textOf(mail)?.split(' ') ?? []);
    expect(new Set(papers).size).toBe(papers.length);
    expect(papers).toHaveLength(5);
  });

  test('sends papers that did not fit in the next mail', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
    await listPaper('2601.00001');
    await listPaper('2601.00002');
    const mailer = createFakeMailer();
    const ports: SendPorts = {
      ...portsWith(mailer),
      compose: async (digest) => {
        const mail = await toMail(digest);
        const paperIds = mail.paperIds.slice(0, 1);
        return { ...mail, paperIds, raw: paperIds.join(' ') };
      },
    };

    await sendBatch(ports, await messageFor(['a']));
    await sendBatch(ports, await messageFor(['a'], '2026-01-06'));

    expect(mailer.sent.map(textOf)).toEqual(['2601.00001', '2601.00002']);
  });

  test('sends a paper on two lists once', async () => {
    const lists = ['hf-daily', 'arxiv/cs.CL'];
    await repositories.subscribers.save(
      createSubscriber({ id: 'a', subscriptions: [createSubscription({ lists })] }),
    );
    for (const list of lists) await listPaper('2601.00001', '2026-01-05', list);
    const mailer = createFakeMailer();

    await sendBatch(portsWith(mailer), await messageFor(['a']));

    expect(mailer.sent.map(textOf)).toEqual(['2601.00001']);
  });
});

describe('a mail that SES does not accept', () => {
  const answering = (result: SendResult) => createFakeMailer((_, n) => (n === 0 ? result : undefined));

  beforeEach(async () => {
    await listPaper('2601.00001');
    await repositories.subscribers.save(createSubscriber({ id: 'a' }));
  });

  test('a refusal ends the digest as failed and is not retried', async () => {
    const mailer = answering({ kind: 'rejected', reason: 'MessageRejected' });
    const message = await messageFor(['a']);

    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { failed: 1 } });
    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { failed: 1 } });

    expect(mailer.sent).toEqual([]);
    expect(await stateOf('a')).toEqual({ state: 'failed', reason: 'MessageRejected' });
  });

  test('a refusal is logged once, with the subscriber and the reason', async () => {
    const reason = 'MessageRejected: Address blacklisted.';
    const message = await messageFor(['a']);
    const warnings: unknown[] = [];
    const warn = (...args: readonly unknown[]) => warnings.push(args);
    const ports = {
      ...portsWith(answering({ kind: 'rejected', reason })),
      telemetry: { ...telemetry, warn },
    };

    await sendBatch(ports, message);
    await sendBatch(ports, message);

    expect(warnings).toEqual([['SES refused a digest', { subscriberId: 'a', reason }]]);
  });

  test('a lost answer ends it as uncertain and is not retried', async () => {
    const mailer = answering({ kind: 'uncertain', reason: 'ECONNRESET' });
    const message = await messageFor(['a']);

    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { uncertain: 1 } });
    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { uncertain: 1 } });

    expect(mailer.sent).toEqual([]);
  });

  test('a throttled mail goes out at its next turn', async () => {
    const mailer = answering({ kind: 'throttled' });

    expect(await sendBatch(portsWith(mailer), await messageFor(['a']))).toEqual({
      kind: 'done',
      counts: { sent: 1 },
    });

    expect(mailer.sent).toHaveLength(1);
    expect(queue.messages).toEqual([]);
  });

  test.each([
    { refused: 'stopped', putOff: 'stopped' },
    { refused: 'quota-used-up', putOff: 'quota-used-up' },
    { refused: 'unreachable', putOff: 'unreachable' },
    { refused: 'out-of-time', putOff: 'throttled' },
  ] as const)(
    'a throttled mail whose next turn is refused as $refused is put off as $putOff',
    async ({ refused, putOff }) => {
      const turns = ['go', refused] as const;
      let taken = 0;
      const rateLimiter: SendRateLimiter = {
        ...createFakeSendRateLimiter(),
        acquire: async () => turns[taken++] ?? 'go',
      };
      const ports = { ...portsWith(answering({ kind: 'throttled' })), rateLimiter };

      expect(await sendBatch(ports, await messageFor(['a']))).toMatchObject({
        kind: 'put-off',
        reason: putOff,
      });

      expect(await stateOf('a')).toBeUndefined();
    },
  );

  test.each<SendResult>([
    { kind: 'unreachable', reason: 'ECONNREFUSED' },
    { kind: 'quota-used-up' },
    { kind: 'stopped', reason: 'AccountSendingPausedException' },
  ])('$kind releases the claim, and the digest goes out when the message is queued again', async (result) => {
    const mailer = answering(result);
    const message = await messageFor(['a']);

    expect(await sendBatch(portsWith(mailer), message)).toMatchObject({ kind: 'put-off' });
    expect(await stateOf('a')).toBeUndefined();
    expect(queue.messages).toEqual([message]);

    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { sent: 1 } });
    expect(mailer.sent).toHaveLength(1);
  });

  test('papers of a released claim do not count as sent', async () => {
    const message = await messageFor(['a']);
    const key = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
    const mailer = createFakeMailer();
    const ports = portsWith(mailer);
    const overtaken: SendPorts = {
      ...ports,
      deliveries: {
        ...ports.deliveries,
        async loadRecent(asked, ...reading) {
          const claim = await ports.deliveries.claim(
            key,
            { ...message.edition, batch: 0 },
            ['2601.00001'],
            clock.now(),
          );
          const recent = await ports.deliveries.loadRecent(asked, ...reading);
          if (claim) await ports.deliveries.release(claim);
          return recent;
        },
      },
    };

    expect(await sendBatch(overtaken, message)).toEqual({ kind: 'done', counts: { sent: 1 } });
  });

  test('an erased subscriber leaves no trace: no record, and no name in the batch', async () => {
    const message = await messageFor(['a', 'gone']);

    expect(await sendBatch(portsWith(createFakeMailer()), message)).toEqual({
      kind: 'done',
      counts: { sent: 1, 'skipped:erased': 1 },
    });

    expect(await repositories.history.loadAll('gone')).toEqual([]);
    expect(await collect(repositories.editions.loadBatches(message.edition))).toMatchObject([
      { subscriberIds: ['a', 'erased'] },
    ]);
  });

  test('a fault with one subscriber affects no other digest', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'b' }));
    const mailer = createFakeMailer();
    const ports = portsWith(mailer);
    const broken: SendPorts = {
      ...ports,
      subscribers: {
        ...ports.subscribers,
        load: (id) => (id === 'a' ? Promise.reject(new Error('unreadable')) : ports.subscribers.load(id)),
      },
    };

    expect(await sendBatch(broken, await messageFor(['a', 'b']))).toMatchObject({ kind: 'retry' });

    expect(mailer.sent.map(({ to }) => to)).toEqual(['b@example.org']);
  });

  test('a table that does not answer puts the batch off, and the log says why', async () => {
    const ports = portsWith(createFakeMailer());
    const load = () => Promise.reject(new UnavailableError('the table was throttled'));
    const broken: SendPorts = { ...ports, subscribers: { ...ports.subscribers, load } };

    expect(await sendBatch(broken, await messageFor(['a', 'b']))).toEqual({
      kind: 'put-off',
      reason: 'unavailable',
      detail: 'the table was throttled',
    });
  });

  test('a stored query that cannot be read costs its subscription one section, and no retry', async () => {
    const unreadable = createSubscription({ id: 's1', query: '"never closed' });
    const subscriptions = [unreadable, createSubscription({ id: 's2' })];
    await repositories.subscribers.save(createSubscriber({ id: 'b', subscriptions: [unreadable] }));
    await repositories.subscribers.save(createSubscriber({ id: 'c', subscriptions }));
    const mailer = createFakeMailer();

    expect(await sendBatch(portsWith(mailer), await messageFor(['a', 'b', 'c']))).toEqual({
      kind: 'done',
      counts: { sent: 2, 'skipped:nothing-new': 1 },
    });

    expect(mailer.sent.map(({ to }) => to).sort()).toEqual(['a@example.org', 'c@example.org']);
    expect(telemetry.sentences.filter((sentence) => sentence !== 'A batch ran')).toEqual(
      Array.from({ length: 2 }, () => 'A stored query cannot be read'),
    );
    expect(telemetry.counts.get('RecordsUnreadable')).toBe(2);
  });

  test('a digest that another worker has claimed makes SQS deliver the message again', async () => {
    const message = await messageFor(['a']);
    const key = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
    const claim = await repositories.deliveries.claim(
      key,
      { ...message.edition, batch: 0 },
      ['2601.00001'],
      clock.now(),
    );
    const mailer = createFakeMailer();

    expect(await sendBatch(portsWith(mailer), message)).toMatchObject({ kind: 'retry' });
    if (claim) await repositories.deliveries.release(claim);

    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { sent: 1 } });
  });

  test('a digest whose worker died after its claim is uncertain, and not sent', async () => {
    const message = await messageFor(['a']);
    const key = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
    await repositories.deliveries.claim(key, { ...message.edition, batch: 0 }, ['2601.00001'], clock.now());
    clock.moveBy(MS_PER_HOUR / 4);
    const mailer = createFakeMailer();

    expect(await sendBatch(portsWith(mailer), message)).toEqual({ kind: 'done', counts: { uncertain: 1 } });
    expect(mailer.sent).toEqual([]);
    expect(await stateOf('a')).toMatchObject({ state: 'uncertain' });
    expect(telemetry.counts.get('DigestsUncertain')).toBe(1);
  });
});
