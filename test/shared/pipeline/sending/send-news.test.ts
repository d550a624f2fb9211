import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import type { Cadence } from '../../../../shared/domain/subscribers/cadence.ts';
import { periodOf } from '../../../../shared/domain/subscribers/cadence.ts';
import type { Subscription } from '../../../../shared/domain/subscribers/subscriber.ts';
import { utcDayOf } from '../../../../shared/domain/time/time.ts';
import { saveAnswer } from '../../../../shared/pipeline/save-answer.ts';
import { type SendPorts, sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import { createPublication, exampleLinks } from '../../../factories/digests.ts';
import { renderTexts } from '../../../factories/mail-texts.ts';
import { createFacts } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const PAPER = '2601.00001';
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = [
  '2026-01-05',
  '2026-01-06',
  '2026-01-07',
  '2026-01-08',
] as const;
const BOTH = { lists: ['arxiv/cs.CL', 'hf-daily'] };

let clock: ManualClock;
let repositories: Repositories;
let mailer: ReturnType<typeof createFakeMailer>;
/** The text of each mail that was sent. */
let texts: string[];

beforeEach(() => {
  clock = createManualClock(`${MONDAY}T06:00:00.000Z`);
  repositories = createFakeRepositories(clock);
  mailer = createFakeMailer();
  texts = [];
});

/** Reads an answer of a source at six o'clock of a day. */
async function read(day: string, facts: Partial<PaperFacts>, list?: string) {
  clock.moveTo(`${day}T06:00:00.000Z`);
  const seenAt = clock.now();
  const said = createFacts({ id: PAPER, ...facts });
  const listings = list ? [{ list, day, paperId: said.id, firstSeenAt: seenAt }] : [];
  await saveAnswer(repositories, {}, { items: [{ facts: said, listings }] }, seenAt);
}

const announce = (day: string, facts: Partial<PaperFacts> = {}) =>
  read(
    day,
    { source: 'arxiv', version: 1, upvotes: undefined, comments: undefined, ...facts },
    'arxiv/cs.CL',
  );
const pick = (day: string) => read(day, { upvotes: 42 }, 'hf-daily');
const replace = (day: string, version: number) => read(day, { source: 'arxiv', version, upvotes: undefined });

async function subscribe(...subscriptions: Partial<Subscription>[]) {
  const all = subscriptions.map((subscription, index) =>
    createSubscription({ id: `s${index + 1}`, ...subscription }),
  );
  await repositories.subscribers.save(createSubscriber({ id: 'ada', subscriptions: all }));
}

/** Sends the digests of these cadences at eight o'clock of a day, at the same time. Returns the texts of the mails. */
async function send(day: string, ...cadences: Exclude<Cadence, 'instant'>[]): Promise<string[]> {
  clock.moveTo(`${day}T08:00:00.000Z`);
  texts = [];
  const ports: SendPorts = {
    ...repositories,
    lists: BOTH.lists,
    listDays: openListDays(repositories, clock),
    compose: async (digest) => {
      const { text, paperIds, newsAt } = renderTexts(digest, createPublication(), exampleLinks);
      return {
        from: 'daily@example.org',
        to: digest.subscriber.address,
        raw: text,
        tags: {},
        paperIds,
        newsAt,
      };
    },
    mailer: {
      send: async (mail) => {
        texts.push(mail.raw);
        return mailer.send(mail);
      },
    },
    rateLimiter: createFakeSendRateLimiter(),
    meter: createFakeMeter(),
    digestsQueue: createFakeQueue(),
    whenUncertain: 'at-most-once',
    clock,
    telemetry: createFakeTelemetry(),
  };
  const sendOne = async (cadence: Exclude<Cadence, 'instant'>) => {
    const edition = {
      cadence,
      period: periodOf(cadence, utcDayOf(clock.now())),
      cohort: `${cadence}#UTC#08`,
    };
    await repositories.editions.saveBatch(edition, 0, ['ada']);
    return sendBatch(ports, { edition, batch: 0, subscriberIds: ['ada'], queuedAt: clock.now() });
  };
  const all = cadences.length > 0 ? cadences : (['daily'] as const);
  // A digest that let another one go first comes again.
  for (let round = 0; round < 2; round += 1) await Promise.all(all.map(sendOne));
  return texts;
}

test('a paper that is on arXiv and days later on Hugging Face comes once', async () => {
  await subscribe(BOTH);
  await announce(MONDAY);
  expect(await send(MONDAY)).toHaveLength(1);

  await pick(WEDNESDAY);

  expect(await send(WEDNESDAY)).toEqual([]);
  expect(await repositories.papers.loadMany([PAPER])).toMatchObject([{ upvotes: 42, version: 1 }]);
});

test.each([
  ['both lists', BOTH],
  ['arXiv alone', { lists: ['arxiv/cs.CL'] }],
])('who asks for it hears once that a paper was picked, and follows %s', async (_, lists) => {
  await subscribe({ ...lists, tellPicked: true });
  await announce(MONDAY);
  expect(await send(MONDAY)).toHaveLength(1);

  await pick(WEDNESDAY);
  const [mail] = await send(WEDNESDAY);

  expect(mail).toContain('Updates on earlier papers');
  expect(mail).toContain('Now picked on Hugging Face, 42 votes');
  expect(await send(THURSDAY)).toEqual([]);
});

test('a paper that was picked before it was sent is no news', async () => {
  await subscribe({ ...BOTH, tellPicked: true });
  await announce(MONDAY);
  await pick(TUESDAY);

  const [mail] = await send(TUESDAY);

  expect(mail).not.toContain('Updates on earlier papers');
  expect(await send(WEDNESDAY)).toEqual([]);
});

test('a paper that was never sent is no news', async () => {
  await subscribe({ lists: ['arxiv/cs.CL'], query: 'title:nothing', tellPicked: true, tellVersions: true });
  await announce(MONDAY);
  await pick(TUESDAY);
  await replace(TUESDAY, 2);

  expect(await send(TUESDAY)).toEqual([]);
});

test('who asks for it hears once of each new version', async () => {
  await subscribe({ lists: ['arxiv/cs.CL'], tellVersions: true });
  await announce(MONDAY);
  await send(MONDAY);

  // Weeks later, when the paper is on no list of the window.
  await replace('2026-02-10', 2);
  const [second] = await send('2026-02-10');
  expect(second).toContain('Now version 2 on arXiv');
  expect(await send('2026-02-11')).toEqual([]);

  await replace('2026-02-12', 3);
  expect((await send('2026-02-12'))[0]).toContain('Now version 3 on arXiv');
  expect(await send('2026-02-13')).toEqual([]);
});

test('nobody else hears of a new version', async () => {
  await subscribe({ ...BOTH, tellPicked: true });
  await announce(MONDAY);
  await send(MONDAY);

  await replace(TUESDAY, 2);

  expect(await send(TUESDAY)).toEqual([]);
});

test.each([
  ['paper', { mutedPapers: [PAPER] }],
  ['author', { mutedAuthors: ['Ada Example'] }],
])('who muted the %s does not hear of its news', async (_, muted) => {
  await subscribe({ ...BOTH, tellPicked: true, tellVersions: true });
  await announce(MONDAY);
  expect(await send(MONDAY)).toHaveLength(1);
  const ada = await repositories.subscribers.load('ada');
  await repositories.subscribers.save({ ...(ada ?? createSubscriber()), ...muted });

  await replace(TUESDAY, 2);
  await pick(WEDNESDAY);

  expect(await send(WEDNESDAY)).toEqual([]);
});

test('a query that names a paper by its id follows its versions, even if the paper was never sent', async () => {
  await subscribe({ lists: ['hf-daily'], query: `agents OR id:${PAPER}`, tellVersions: true });
  await announce(MONDAY);
  await replace(WEDNESDAY, 2);

  expect((await send(WEDNESDAY))[0]).toContain('Now version 2 on arXiv');
  expect(await send(THURSDAY)).toEqual([]);
});

test('a query that names a paper by its id follows its versions only once the paper has been on a list', async () => {
  await subscribe({ ...BOTH, query: `id:${PAPER}`, tellVersions: true });

  await replace(TUESDAY, 2);
  expect(await send(TUESDAY)).toEqual([]);

  await pick(WEDNESDAY);
  expect(await send(WEDNESDAY)).toHaveLength(1);
  await replace(THURSDAY, 3);
  expect(await send(THURSDAY)).toEqual([expect.stringContaining('Updates on earlier papers')]);
});

test('one entry reports a pick and a new version', async () => {
  await subscribe({ ...BOTH, tellPicked: true, tellVersions: true });
  await announce(MONDAY);
  await send(MONDAY);
  await replace(TUESDAY, 2);
  await pick(WEDNESDAY);

  expect((await send(WEDNESDAY))[0]).toContain('Now picked on Hugging Face, 42 votes; version 2 on arXiv');
  expect(await send(THURSDAY)).toEqual([]);
});

test('a reader who was sent papers on different days before the window hears of all their picks', async () => {
  await subscribe({ lists: ['arxiv/cs.CL'], tellPicked: true });
  await announce(MONDAY);
  await send(MONDAY);
  await announce(WEDNESDAY, { id: '2601.00002' });
  await send(WEDNESDAY);
  await pick('2026-01-12');
  await read('2026-01-12', { id: '2601.00002', upvotes: 7 }, 'hf-daily');

  const [mail] = await send('2026-01-12');

  expect(mail).toContain('Now picked on Hugging Face, 42 votes');
  expect(mail).toContain('Now picked on Hugging Face, 7 votes');
});

test('a new version of a paper that a digest brings for the first time is no news', async () => {
  await subscribe({ ...BOTH, query: `id:${PAPER}`, tellVersions: true });
  await announce(MONDAY);
  await replace(TUESDAY, 2);

  const [mail] = await send(TUESDAY);

  expect(mail).toContain(PAPER);
  expect(mail).not.toContain('Updates on earlier papers');
  expect(await send(WEDNESDAY)).toEqual([]);
});

test('two digests at the same time report it once', async () => {
  await subscribe(
    { ...BOTH, cadence: 'daily', tellPicked: true },
    { ...BOTH, cadence: 'weekly', tellPicked: true },
  );
  await announce(MONDAY);
  expect(await send(MONDAY, 'daily')).toHaveLength(1);
  await pick(WEDNESDAY);

  expect(await send(WEDNESDAY, 'daily', 'weekly')).toHaveLength(1);
});

test('a digest with papers has the news after them, and each paper once', async () => {
  await subscribe({ ...BOTH, tellPicked: true });
  await announce(MONDAY);
  await send(MONDAY);
  await pick(TUESDAY);
  await announce(TUESDAY, { id: '2601.00002', title: 'Another Paper' });

  const [mail = ''] = await send(TUESDAY);

  expect(mail.indexOf('Another Paper')).toBeGreaterThan(0);
  expect(mail.indexOf('Updates on earlier papers')).toBeGreaterThan(mail.indexOf('Another Paper'));
  expect(await send(WEDNESDAY)).toEqual([]);
});

test('picks come first, then new versions, those with most votes first, and ten of them at most', async () => {
  const versions = ['2601.00011', '2601.00010'];
  const picks = [20, 29, 25, 27, 23, 28, 24, 26, 31].map(
    (n) => [`2601.000${n}`, n === 31 ? 9 : n - 20] as const,
  );
  await subscribe({ lists: ['arxiv/cs.CL'], maxPapers: 20, tellPicked: true, tellVersions: true });
  for (const id of [...versions, ...picks.map(([pick]) => pick)]) await announce(MONDAY, { id });
  expect(await send(MONDAY)).toHaveLength(1);
  for (const id of versions) await read(TUESDAY, { id, source: 'arxiv', version: 2, upvotes: undefined });
  for (const [id, upvotes] of picks) await read(TUESDAY, { id, upvotes }, 'hf-daily');

  const [mail = ''] = await send(TUESDAY);

  const order = [...mail.matchAll(/2601\.000\d\d/g)].map(([id]) => id);
  expect([...new Set(order)]).toEqual([
    ...['2601.00029', '2601.00031', '2601.00028', '2601.00027', '2601.00026', '2601.00025'],
    ...['2601.00024', '2601.00023', '2601.00020', '2601.00010'],
  ]);
});
