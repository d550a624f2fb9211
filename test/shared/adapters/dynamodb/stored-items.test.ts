import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { UnreadableItemError } from '../../../../shared/adapters/dynamodb/stored-item.ts';
import type { TableName } from '../../../../shared/adapters/dynamodb/table-schema.ts';
import { parseCohortKey } from '../../../../shared/domain/digests/cohort.ts';
import { ConflictError } from '../../../../shared/domain/errors.ts';
import { addMs, MS_PER_DAY } from '../../../../shared/domain/time/time.ts';
import type { Telemetry } from '../../../../shared/observability.ts';
import { ARCHIVE_FORMAT } from '../../../../shared/ports/archive.ts';
import {
  type EditionProgress,
  ERASED_ID,
  isUnreadable,
  type PlannerState,
  UNREADABLE_ID,
} from '../../../../shared/ports/planning.ts';
import { SNAPSHOT_FORMAT } from '../../../../shared/ports/snapshots.ts';
import { collect } from '../../../collect.ts';
import { createListing } from '../../../factories/papers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { answerRequests } from '../../../fakes/request-handler.ts';

type Item = Readonly<Record<string, unknown>>;

/** A kind of stored item. */
interface Kind {
  readonly table: TableName;
  /** An item as the first release stored it. It must stay readable, so never change it. */
  readonly item: Item;
  /** The fields without which it cannot be read. No release adds one to them. */
  readonly required: readonly string[];
  /** Loads the item. Undefined if it is skipped. */
  readonly read: (repositories: Repositories) => Promise<unknown>;
  /** Whether a read of an item with a fault leaves it out, or is refused. */
  readonly fault: 'left out' | 'refused';
  /** Optional fields of later releases that a condition may use. */
  readonly later?: readonly string[];
  /** Loads the item and changes it. Returns whether it was written. */
  readonly write?: (repositories: Repositories) => Promise<boolean>;
  /** Whether an item that cannot be read is replaced. @default false */
  readonly isReplaced?: boolean;
}

const AT = '2026-01-05T08:00:00.000Z';
const SECRET = 'ada.private@example.org';
const EDITION = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
const KEY = { subscriberId: 'ada', cadence: 'daily', period: '2026-01-05' } as const;
const INLINE = { kind: 'inline', bytes: new Uint8Array([1, 2, 3]) };
const SUBSCRIPTION = { id: 's1', lists: ['hf-daily'], query: '', cadence: 'daily', maxPapers: 10 };

const kinds: Readonly<Record<string, Kind>> = {
  paper: {
    table: 'papers',
    item: {
      pk: 'PAPER#2601.00001',
      sk: 'PAPER',
      id: '2601.00001',
      title: 'A title',
      abstract: 'Two. Sentences.',
      authors: ['Ada Example'],
      authorCount: 1,
      categories: [],
      publishedAt: AT,
      upvotes: 3,
      comments: 1,
      aiKeywords: ['routing'],
      firstSeenAt: AT,
      snapshots: [{ at: AT, upvotes: 3, comments: 1 }],
      contentHash: 'hash',
    },
    required: ['id', 'title', 'firstSeenAt'],
    read: async ({ papers }) => (await papers.loadMany(['2601.00001']))[0],
    fault: 'left out',
    write: async ({ papers }) =>
      (await papers.save({ source: 'hf-daily', id: '2601.00001', title: 'Another title' }, AT)) === 'updated',
  },
  listing: {
    table: 'papers',
    item: {
      pk: 'LIST#hf-daily#2026-01-05',
      sk: '2601.00001',
      list: 'hf-daily',
      day: '2026-01-05',
      paperId: '2601.00001',
      firstSeenAt: AT,
    },
    required: [],
    read: async ({ listings }) => (await listings.load('hf-daily', '2026-01-05'))[0],
    fault: 'left out',
  },
  'listing of a paper': {
    table: 'papers',
    item: {
      pk: 'PAPER#2601.00001',
      sk: 'LIST#arxiv/cs.CL#2026-01-05',
      list: 'arxiv/cs.CL',
      day: '2026-01-05',
      paperId: '2601.00001',
      firstSeenAt: AT,
    },
    required: [],
    read: async ({ listings }) => (await listings.loadOfPaper('2601.00001'))[0],
    fault: 'left out',
  },
  'source state': {
    table: 'papers',
    item: {
      pk: 'SOURCE#hf-daily',
      sk: 'STATE',
      cursor: 'c',
      lists: { 'hf-daily': { lastSuccessAt: AT, lastNewAt: AT, failuresInARow: 0 } },
    },
    required: [],
    read: ({ sourceStates }) => sourceStates.load('hf-daily'),
    fault: 'left out',
  },
  profile: {
    table: 'subscribers',
    item: {
      pk: 'SUB#ada',
      sk: 'PROFILE',
      id: 'ada',
      address: SECRET,
      status: 'confirmed',
      timeZone: 'Europe/Berlin',
      hour: 8,
      weekday: 1,
      format: 'html',
      subscriptions: [SUBSCRIPTION],
      softBounces: 0,
      version: 1,
      consent: { at: AT, from: 'page', text: 'yes' },
    },
    required: ['id', 'address', 'status', 'timeZone', 'hour', 'subscriptions', 'version', 'consent'],
    read: ({ subscribers }) => subscribers.load('ada'),
    fault: 'refused',
    write: async ({ subscribers }) => {
      const known = await subscribers.load('ada');
      return known !== undefined && (await subscribers.save(known)).version === known.version + 1;
    },
  },
  cohort: {
    table: 'subscribers',
    item: { pk: 'COHORTS', sk: 'daily#Europe/Berlin#08', lastJoinedAt: AT },
    required: [],
    read: async ({ cohorts }) => (await cohorts.loadAll())[0],
    fault: 'left out',
  },
  'planner cursor': {
    table: 'subscribers',
    item: { pk: 'PLANNER', sk: 'STATE', lastTick: AT, arrivals: { 'hf-daily': AT } },
    required: ['lastTick'],
    read: async ({ planner }) => {
      const state = await planner.load();
      return isUnreadable(state) ? undefined : state;
    },
    fault: 'left out',
    later: ['run', 'editionsIndexedSince', 'instantCohortSince'],
    write: async ({ planner }) => {
      await planner.save({ lastTick: addMs(AT, 900_000), arrivals: {} }, await planner.load());
      return true;
    },
    isReplaced: true,
  },
  'allowance of a mailbox': {
    table: 'subscribers',
    item: { pk: 'LIMIT#mailbox#m1', sk: 'MAIL', requestId: 'r1', takenAt: AT, isUsed: true, unanswered: 1 },
    required: ['requestId', 'takenAt', 'isUsed', 'unanswered'],
    read: ({ allowances }) => allowances.load('m1'),
    fault: 'left out',
    later: ['askedAt', 'spacedAt'],
    write: async ({ allowances }) =>
      (await allowances.take('m1', { id: 'r2', asksToConfirm: true }, addMs(AT, MS_PER_DAY))) === 'taken',
  },
  delivery: {
    table: 'deliveries',
    item: {
      pk: 'SUB#ada',
      sk: 'daily#2026-01-05',
      ...KEY,
      outcome: { state: 'sent', messageId: 'm-1' },
      paperIds: ['2601.00001'],
      claimedAt: AT,
      edition: EDITION,
      writeId: 'w',
      expiresAt: 1_776_844_800,
    },
    required: ['subscriberId', 'cadence', 'period', 'outcome', 'paperIds', 'claimedAt'],
    read: ({ deliveries }) => deliveries.load(KEY),
    fault: 'refused',
    later: ['tries', 'updateId'],
    write: async ({ deliveries }) => {
      const rejected = { state: 'failed', reason: 'rejected', messageId: 'm-1' } as const;
      return (await deliveries.recordEvent(KEY, rejected))?.state === 'failed';
    },
  },
  'delivery in a history': {
    table: 'deliveries',
    item: {
      pk: 'SUB#ada',
      sk: 'daily#2026-01-05',
      ...KEY,
      outcome: { state: 'sent', messageId: 'm-1' },
      paperIds: ['2601.00001'],
      claimedAt: AT,
    },
    required: ['subscriberId', 'cadence', 'period', 'outcome', 'paperIds', 'claimedAt'],
    read: async ({ history }) => (await history.loadAll('ada'))[0]?.delivery,
    fault: 'left out',
  },
  'progress of an edition': {
    table: 'deliveries',
    item: {
      pk: 'EDITION#daily#2026-01-05#daily#Europe/Berlin#08',
      sk: 'META',
      batches: 1,
      planned: 2,
      after: 'ada',
      isComplete: false,
    },
    required: ['batches', 'planned', 'isComplete'],
    read: async ({ editions }) => {
      const progress = await editions.loadProgress(EDITION);
      return isUnreadable(progress) ? undefined : progress;
    },
    fault: 'left out',
    later: ['pending'],
    write: async ({ editions }) => {
      const known = await editions.loadProgress(EDITION);
      await editions.saveProgress(EDITION, { batches: 2, planned: 3, isComplete: true }, known);
      return true;
    },
    isReplaced: true,
  },
  batch: {
    table: 'deliveries',
    item: {
      pk: 'EDITION#daily#2026-01-05#daily#Europe/Berlin#08',
      sk: 'BATCH#000000',
      subscriberIds: ['ada', 'ben'],
      counts: { sent: 2 },
    },
    required: ['subscriberIds'],
    read: ({ editions }) => editions.loadBatch(EDITION, 0),
    fault: 'left out',
  },
  'who waits longest': {
    table: 'deliveries',
    item: { pk: 'LINE', sk: 'HEAD', queuedAt: AT, seenAt: AT },
    required: ['queuedAt', 'seenAt'],
    read: ({ waitlist }) => waitlist.loadOldest(AT),
    fault: 'left out',
  },
  'header of a snapshot': {
    table: 'papers',
    item: {
      pk: 'SNAPSHOTS#hf-daily',
      sk: '2026-01-05',
      format: SNAPSHOT_FORMAT,
      writeId: 'w',
      writtenAt: AT,
      text: INLINE,
      votes: INLINE,
    },
    required: ['format', 'writeId', 'writtenAt', 'text', 'votes'],
    read: async ({ snapshots }) => {
      const [header] = await snapshots.loadHeaders('hf-daily', '2026-01-05', '2026-01-05');
      return header?.kind === 'snapshot' ? header : undefined;
    },
    fault: 'left out',
    write: async ({ snapshots }) => {
      const [header] = await snapshots.loadHeaders('hf-daily', '2026-01-05', '2026-01-05');
      const content = { text: INLINE.bytes, state: INLINE.bytes };
      return snapshots.save({ list: 'hf-daily', day: '2026-01-05' }, content, header);
    },
    isReplaced: true,
  },
  'month of the archive': {
    table: 'papers',
    item: {
      pk: 'ARCHIVE',
      sk: '2026-01',
      format: ARCHIVE_FORMAT,
      writeId: 'w',
      writtenAt: AT,
      segments: [],
      checkedUntil: '2026-01-31',
    },
    required: ['format', 'writeId', 'writtenAt'],
    read: async ({ archive }) => {
      const [month] = await archive.loadMonths();
      return month?.kind === 'month' ? month : undefined;
    },
    fault: 'left out',
    later: ['inWriting'],
    write: async ({ archive }) => {
      const [known] = await archive.loadMonths();
      const month = { month: '2026-01', segments: [], checkedUntil: undefined, inWriting: undefined };
      return (await archive.saveMonth(month, known)) !== undefined;
    },
    isReplaced: true,
  },
  'new version': {
    table: 'papers',
    item: { pk: 'VERSIONS#2026-01-05', sk: '2601.00001', version: 1 },
    required: ['version'],
    read: async ({ newVersions }) => (await newVersions.load('2026-01-05'))[0],
    fault: 'left out',
    write: async ({ newVersions }) => {
      await newVersions.save('2026-01-05', { paperId: '2601.00001', version: 2 });
      return (await newVersions.load('2026-01-05'))[0]?.version === 2;
    },
    isReplaced: true,
  },
};

let clock: ManualClock;
let repositories: Repositories;
let errors: { readonly sentence: string; readonly fields: Item }[];
let put: (table: TableName, item: Item) => Promise<unknown>;

beforeEach(() => {
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  clock = createManualClock(AT);
  errors = [];
  const telemetry: Telemetry = {
    ...createFakeTelemetry(),
    error: (sentence, fields = {}) => errors.push({ sentence, fields }),
  };
  repositories = openRepositories(documents, localTables, clock, telemetry);
  put = (table, item) => documents.send(new PutCommand({ TableName: localTables[table], Item: { ...item } }));
});

/** Reads an item that may have a fault: what is found, or the fault. */
const tryToRead = ({ read }: Kind) =>
  read(repositories).catch((error: unknown) => {
    if (error instanceof UnreadableItemError) return error;
    throw error;
  });

describe.each(Object.entries(kinds))('a stored %s', (_, kind) => {
  const { table, item, required, fault } = kind;
  const fields = Object.keys(item).filter((name) => name !== 'pk' && name !== 'sk');

  const expectFault = (found: unknown) => {
    if (fault === 'refused') expect(found).toBeInstanceOf(UnreadableItemError);
    else expect(found).toBeUndefined();
    expect(errors).toMatchObject([
      {
        sentence: 'A stored record cannot be read',
        fields: { table: localTables[table], pk: item.pk, sk: item.sk },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  };

  test('is readable from the first release, and with fields of a later one', async () => {
    await put(table, item);
    const found = await kind.read(repositories);
    await put(table, { ...item, addedLater: { by: 'a later release' } });

    expect(found).toBeDefined();
    expect(await kind.read(repositories)).toEqual(found);
    expect(errors).toEqual([]);
  });

  test.each(fields)('without %s, or with null, is readable if that field is optional', async (field) => {
    const { [field]: _removed, ...rest } = item;
    for (const lacking of [rest, { ...rest, [field]: null }]) {
      errors.length = 0;
      clock.moveBy(3_600_000);
      await put(table, lacking);
      const found = await tryToRead(kind);

      if (required.includes(field)) expectFault(found);
      else expect([found === undefined || found instanceof UnreadableItemError, errors]).toEqual([false, []]);
    }
  });

  test.each(fields)(
    'with a %s of another type costs nothing but itself, and is named without its values',
    async (field) => {
      await put(table, { ...item, [field]: { odd: SECRET } });
      const found = await tryToRead(kind);

      if (found === undefined || found instanceof UnreadableItemError) expectFault(found);
      else expect(JSON.stringify(errors)).not.toContain(SECRET);
    },
  );
});

describe.each(Object.entries(kinds).filter(([, { write }]) => write))('a stored %s', (_, kind) => {
  const { table, item, later = [], write = async () => false, isReplaced = false } = kind;
  const fields = Object.keys(item).filter((name) => name !== 'pk' && name !== 'sk');
  const all = [...new Set([...fields, ...later, 'writeId'])];
  // Another id is no fault of the item: it names something else.
  const faulty = all.filter((name) => name !== 'id');

  test.each(faulty)('can be changed, whatever its %s is', async (field) => {
    for (const value of [undefined, null, 0.5, '', 'odd', true, [], [{}], { odd: 1 }]) {
      await put(table, { ...item, [field]: value });
      const found = await tryToRead(kind);
      const isReadable = found !== undefined && !(found instanceof UnreadableItemError);

      if (isReadable || isReplaced) {
        expect([value, await write(repositories)]).toEqual([value, true]);
        expect(await kind.read(repositories)).toBeDefined();
      }
    }
  });
});

test('an unreadable record is logged once in a quarter hour', async () => {
  await put('papers', { pk: 'PAPER#2601.00001', sk: 'PAPER' });
  const load = () => repositories.papers.loadMany(['2601.00001']);

  for (let n = 0; n < 100; n += 1) await load();
  expect(errors).toHaveLength(1);

  clock.moveBy(15 * 60_000);
  await load();
  expect(errors).toHaveLength(2);
});

test('an unreadable paper or listing does not affect others', async () => {
  const good = kinds.paper?.item ?? {};
  await put('papers', good);
  await put('papers', { ...good, pk: 'PAPER#2601.00002', id: 7 });
  for (const sk of ['2601.00001', 'no paper'])
    await put('papers', { pk: 'LIST#hf-daily#2026-01-05', sk, list: 'hf-daily', day: '2026-01-05' });

  const papers = await repositories.papers.loadMany(['2601.00001', '2601.00002']);
  const listings = await repositories.listings.load('hf-daily', '2026-01-05');

  expect(papers.map(({ id }) => id)).toEqual(['2601.00001']);
  expect(listings.map(({ paperId }) => paperId)).toEqual(['2601.00001']);
});

test.each([5, true, null, 'odd', '', { odd: 1 }])('a lease with the time %j is free', async (freeAt) => {
  await put('papers', { pk: 'TURN#ingest:arxiv', sk: 'TURN', holder: 'dead', freeAt });
  const acquire = (holder: string) =>
    repositories.leases.acquire('ingest:arxiv', { holder, at: AT, until: addMs(AT, 1_000) });

  expect(await acquire('a')).toEqual({ kind: 'acquired' });
  expect(await acquire('b')).toEqual({ kind: 'held', until: addMs(AT, 1_000) });
});

test.each(['odd', 5, true, { odd: 1 }])(
  'a budget that is %j counts from zero again, and is named',
  async (spentBy) => {
    await put('subscribers', { pk: 'LIMIT#requests#sign-up#calm', sk: '2026-01-05T08', spentBy });
    const budget = { what: 'requests#sign-up#calm', window: '2026-01-05T08', max: 2, expiresAt: AT };

    const spent = [];
    for (const id of ['a', 'b', 'a', 'c']) spent.push(await repositories.budgets.spend(budget, id));

    expect(spent).toEqual([true, true, true, false]);
    expect(errors).toMatchObject([{ fields: { pk: 'LIMIT#requests#sign-up#calm', sk: '2026-01-05T08' } }]);
  },
);

test('two calls that meet a damaged budget at once are both counted', async () => {
  await put('subscribers', { pk: 'LIMIT#requests#sign-up#calm', sk: '2026-01-05T08', spentBy: 5 });
  const budget = { what: 'requests#sign-up#calm', window: '2026-01-05T08', max: 2, expiresAt: AT };

  const spent = await Promise.all(['a', 'b'].map((id) => repositories.budgets.spend(budget, id)));

  expect(spent).toEqual([true, true]);
  expect(await repositories.budgets.spend(budget, 'c')).toBe(false);
  expect(errors).toHaveLength(1);
});

test('a listing with an unreadable time is not new', async () => {
  await put('papers', { ...kinds.listing?.item, firstSeenAt: 7 });

  expect(await repositories.listings.load('hf-daily', '2026-01-05')).toMatchObject([
    { paperId: '2601.00001', firstSeenAt: '2026-01-05T00:00:00.000Z' },
  ]);
});

test('a listing whose writer died between its two items is still new, and is saved again', async () => {
  const database = createMemoryDynamoDb(localTables);
  const dying = openDocuments(database);
  answerRequests(dying, (_, n, forward) => {
    if (n === 1) throw Object.assign(new Error('the writer died'), { name: 'ValidationException' });
    return forward();
  });
  const { listings } = openRepositories(openDocuments(database), localTables, clock);
  const listing = createListing();

  await expect(openRepositories(dying, localTables, clock).listings.save(listing)).rejects.toThrow('died');
  const isNew = (await listings.load(listing.list, listing.day)).length === 0;
  await listings.save(listing);

  expect(isNew).toBe(true);
  expect(await listings.load(listing.list, listing.day)).toEqual([listing]);
  expect(await listings.loadOfPaper(listing.paperId)).toEqual([listing]);
});

test('a paper without a readable hash is updated, and gets one', async () => {
  const { contentHash: _, ...paper } = kinds.paper?.item ?? {};
  for (const item of [paper, { ...paper, contentHash: 7 }, { ...paper, contentHash: null }]) {
    await put('papers', item);
    const facts = { source: 'hf-daily', id: '2601.00001', title: 'Another title', abstract: 'New.' };

    expect(await repositories.papers.save(facts, '2026-01-05T09:00:00.000Z')).toBe('updated');
    expect(await repositories.papers.save(facts, '2026-01-05T09:00:00.000Z')).toBe('unchanged');
  }
});

test('an unreadable paper is not overwritten, and the others are saved', async () => {
  await put('papers', { ...kinds.paper?.item, firstSeenAt: 7 });

  const saved = ['2601.00001', '2601.00002'].map((id) =>
    repositories.papers.save({ source: 'hf-daily', id, title: 'T' }, AT),
  );

  expect(await Promise.all(saved)).toEqual(['unreadable', 'created']);
});

test('an unreadable page of members is skipped, and every later member is found', async () => {
  const cohort = parseCohortKey('daily#UTC#08');
  for (let n = 0; n < 20; n += 1)
    await put('subscribers', { pk: `SUB#a${n}`, sk: `COPY ${n}`, dailyCohort: 'daily#UTC#08' });
  await put('subscribers', { pk: 'SUB#b', sk: 'PROFILE', dailyCohort: 'daily#UTC#08' });
  await put('subscribers', { pk: 'TAB#c', sk: 'PROFILE', dailyCohort: 'daily#UTC#08' });

  expect(await repositories.cohorts.loadMembers(cohort, undefined, 5)).toEqual(['b']);
});

test('items in the index of followers that are no members cost no follower, and none comes twice', async () => {
  const instant = { instantCohort: 'instant', instantLists: ['hf-daily'] };
  const ids = ['b0', 'b1', 'b2', 'b3', 'b4'];
  for (const id of ids) await put('subscribers', { pk: `SUB#${id}`, sk: 'PROFILE', ...instant });
  for (const id of ids) await put('subscribers', { pk: `SUB#${id}`, sk: 'COPY', ...instant });
  for (let n = 0; n < 20; n += 1) await put('subscribers', { pk: 'SUB#a', sk: `COPY ${n}`, ...instant });
  for (const pk of ['LEFT#a', 'T', 'TAB#a', 'TAB#b'])
    await put('subscribers', { pk, sk: 'PROFILE', ...instant });

  for (const limit of [1, 2, 3, 4, 5, 6, 100]) {
    const found: string[] = [];
    let next: string | undefined;
    for (let page = 0; page < 50 && (page === 0 || next !== undefined); page += 1) {
      const followers = await repositories.cohorts.loadFollowers(['hf-daily'], next, limit);
      found.push(...followers.ids);
      next = followers.next;
    }
    expect([limit, found]).toEqual([limit, ids]);
  }
});

test.each<[string, Item]>([
  ['missing', {}],
  ['of another type', { instantLists: 'hf-daily' }],
])(
  'a member of the instant cohort whose lists are %s counts as a follower of each list',
  async (_, lists) => {
    await put('subscribers', { pk: 'SUB#a', sk: 'PROFILE', instantCohort: 'instant', ...lists });
    const others = { instantCohort: 'instant', instantLists: ['arxiv/cs.CL'] };
    await put('subscribers', { pk: 'SUB#b', sk: 'PROFILE', ...others });

    expect(await repositories.cohorts.loadFollowers(['hf-daily'], undefined, 5)).toEqual({ ids: ['a'] });
  },
);

test('a page of members beside an unreadable one is as long as asked for', async () => {
  await put('subscribers', { pk: 'SUB#b1', sk: 'COPY', dailyCohort: 'daily#UTC#08' });
  for (const id of ['b0', 'b2', 'b3', 'b4', 'b5'])
    await put('subscribers', { pk: `SUB#${id}`, sk: 'PROFILE', dailyCohort: 'daily#UTC#08' });

  const members = await repositories.cohorts.loadMembers(parseCohortKey('daily#UTC#08'), undefined, 3);

  expect(members).toEqual(['b0', 'b2', 'b3']);
});

test('a bad id in a batch is skipped, and other subscribers can be erased from it', async () => {
  const { pk, sk } = kinds.batch?.item ?? {};
  await put('deliveries', { pk, sk, subscriberIds: ['ada', 7, 'ben'], counts: 'none' });
  await repositories.editions.replaceErased({ ...EDITION, batch: 0 }, 'ben');

  expect(await repositories.editions.loadBatch(EDITION, 0)).toEqual(['ada', UNREADABLE_ID, ERASED_ID]);
});

test('a batch without a list of ids does not block an erasure', async () => {
  const { pk, sk } = kinds.batch?.item ?? {};
  await put('deliveries', { pk, sk, subscriberIds: 'ada' });

  await expect(repositories.editions.replaceErased({ ...EDITION, batch: 0 }, 'ada')).resolves.toBeUndefined();
});

test.each<[string, unknown]>([
  ['no list of ids', 'ada'],
  ['a bad id', ['ada', 7]],
])('a batch with %s is replaced when it is recorded again', async (_, subscriberIds) => {
  const { pk, sk } = kinds.batch?.item ?? {};
  await put('deliveries', { pk, sk, subscriberIds });

  expect(await repositories.editions.saveBatch(EDITION, 0, ['ada', 'ben'])).toEqual(['ada', 'ben']);
  expect(await repositories.editions.saveBatch(EDITION, 0, ['cleo'])).toEqual(['ada', 'ben']);
  expect(await repositories.editions.loadBatch(EDITION, 0)).toEqual(['ada', 'ben']);
});

test('a batch that cannot be read is replaced by one of two workers at the same time', async () => {
  const { pk, sk } = kinds.batch?.item ?? {};
  await put('deliveries', { pk, sk, subscriberIds: 'ada' });

  const saved = await Promise.allSettled(
    ['ben', 'cleo'].map((id) => repositories.editions.saveBatch(EDITION, 0, [id])),
  );

  const recorded = saved.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(recorded).toEqual([await repositories.editions.loadBatch(EDITION, 0)]);
});

test('batches keep their positions if some are missing or cannot be read', async () => {
  const { pk } = kinds.batch?.item ?? {};
  await put('deliveries', { pk, sk: 'BATCH#000001', subscriberIds: 'ada' });
  await put('deliveries', { pk, sk: 'BATCH#000003', subscriberIds: ['ben'] });
  // Sorts before the others.
  await put('deliveries', { pk, sk: 'BATCH#0', subscriberIds: ['cleo'] });

  const found = await collect(repositories.editions.loadBatches(EDITION));

  expect(found.map((batch) => batch.subscriberIds)).toEqual([
    [],
    [UNREADABLE_ID],
    [],
    ['ben'],
    [UNREADABLE_ID],
  ]);
});

test('a batch whose key would be out of order is refused', async () => {
  await expect(repositories.editions.saveBatch(EDITION, 1_000_000, ['ada'])).rejects.toThrow(RangeError);

  expect(await collect(repositories.editions.loadBatches(EDITION))).toEqual([]);
});

test('a mailbox with an unreadable allowance gets no mail', async () => {
  await put('subscribers', { ...kinds['allowance of a mailbox']?.item, unanswered: 'none' });
  const taking = repositories.allowances.take('m1', { id: 'r2', asksToConfirm: true }, AT);

  await expect(taking).rejects.toThrow(UnreadableItemError);
});

describe('an unreadable ledger record', () => {
  const origin = { ...EDITION, batch: 0 };
  const spoil = (overrides: Item) =>
    put('deliveries', { ...kinds.delivery?.item, claimedAt: 7, ...overrides });

  test('is never claimed again, skipped or overwritten', async () => {
    const { deliveries } = repositories;
    await spoil({});

    expect(await deliveries.claim(KEY, origin, ['2601.00002'], AT)).toBeUndefined();
    expect(await deliveries.recordSkip(KEY, origin, { state: 'skipped', reason: 'nothing-new' }, AT)).toBe(
      false,
    );
    await expect(deliveries.load(KEY)).rejects.toThrow(UnreadableItemError);
  });

  test('counts as uncertain with its papers, so that no other digest repeats them', async () => {
    await spoil({ paperIds: ['2601.00001', 7, '2601.00002'] });

    const { others } = await repositories.deliveries.loadRecent({ ...KEY, period: '2026-01-06' }, AT, {
      cadences: ['daily'],
      mayBeStale: false,
    });

    expect(others).toMatchObject([
      { paperIds: ['2601.00001', '2601.00002'], outcome: { state: 'uncertain' } },
    ]);
  });

  test('without a list of papers stops no other digest', async () => {
    await spoil({ paperIds: null });

    const { others } = await repositories.deliveries.loadRecent({ ...KEY, period: '2026-01-06' }, AT, {
      cadences: ['daily'],
      mayBeStale: false,
    });

    expect(others).toMatchObject([{ paperIds: [], outcome: { state: 'uncertain' } }]);
  });

  test('counts as recorded, and hides no other digest', async () => {
    const reading = { cadences: ['daily'], mayBeStale: false } as const;
    await spoil({});
    await repositories.deliveries.claim({ ...KEY, period: '2026-01-06' }, origin, ['2601.00003'], AT);

    const { isRecorded, others } = await repositories.deliveries.loadRecent(KEY, AT, reading);

    expect(isRecorded).toBe(true);
    expect(others).toMatchObject([{ paperIds: ['2601.00003'] }]);
  });

  test('does not block an event about its mail', async () => {
    await spoil({});
    const outcome = { state: 'failed', reason: 'bounced' } as const;

    expect(await repositories.deliveries.recordEvent(KEY, outcome)).toBeUndefined();
  });

  test("is erased with the subscriber's other records", async () => {
    await spoil({});
    for (const { recordId } of await repositories.history.loadAll('ada'))
      await repositories.history.erase('ada', recordId);

    expect(await repositories.history.loadAll('ada')).toEqual([]);
  });
});

/** Each repair loads what cannot be read and replaces it. */
const repairs = {
  'the cursor of the planner': {
    kind: kinds['planner cursor'],
    bad: { lastTick: 7 },
    load: () => repositories.planner.load(),
    replace: (known: unknown, n: number) =>
      repositories.planner.save({ lastTick: AT, arrivals: { [`list-${n}`]: AT } }, known as PlannerState),
  },
  'the progress of an edition': {
    kind: kinds['progress of an edition'],
    bad: { planned: 'many' },
    load: () => repositories.editions.loadProgress(EDITION),
    replace: (known: unknown, n: number) =>
      repositories.editions.saveProgress(
        EDITION,
        { batches: n, planned: n, isComplete: false },
        known as EditionProgress,
      ),
  },
};

describe.each(Object.entries(repairs))('a repair of an unreadable %s', (_, { kind, bad, load, replace }) => {
  test.each([
    ['a write id', { writeId: 'w-1' }],
    ['no write id', {}],
    ['an odd write id', { writeId: 7 }],
  ])('with %s keeps what another writer stored meanwhile', async (_name, id) => {
    await put(kind?.table ?? 'deliveries', { ...kind?.item, ...bad, ...id });
    const [first, second] = [await load(), await load()];
    await replace(first, 1);
    const current = await load();

    await expect(replace(second, 2)).rejects.toThrow(ConflictError);
    expect(await load()).toEqual(current);
  });

  test('is replaced by another unreadable item', async () => {
    await put(kind?.table ?? 'deliveries', { ...kind?.item, ...bad, writeId: 'w-1' });
    const known = await load();
    await put(kind?.table ?? 'deliveries', { ...kind?.item, ...bad, writeId: 'w-2' });

    await expect(replace(known, 1)).rejects.toThrow(ConflictError);
    await replace(await load(), 1);
    expect(await load()).not.toHaveProperty('writeId');
  });
});
