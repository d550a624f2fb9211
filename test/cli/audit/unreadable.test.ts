import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditedCohorts, createAuditedLedger } from '../../../cli/audit/adapters.ts';
import { type AuditedCohorts, type AuditedLedger, audit } from '../../../cli/audit/audit.ts';
import { survey } from '../../../cli/audit/gaps.ts';
import { isSound, toJson, toText } from '../../../cli/audit/report.ts';
import { auditTables } from '../../../cli/audit/run-audit.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../local/repositories.ts';
import { NO_USAGE } from '../../../shared/domain/usage.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';

const DAY = '2026-01-06';
const NOW = '2026-01-06T12:00:00.000Z';
const EDITION = { cadence: 'daily', period: DAY, cohort: 'daily#Europe/Berlin#08' } as const;
const PARTITION = `EDITION#daily#${DAY}#${EDITION.cohort}`;

let documents: ReturnType<typeof openDocuments>;
let repositories: Repositories;
let ledger: AuditedLedger;
let cohorts: AuditedCohorts;
let faults: string[];
let put: (table: 'deliveries' | 'subscribers', item: Readonly<Record<string, unknown>>) => Promise<unknown>;

beforeEach(async () => {
  documents = openDocuments(createMemoryDynamoDb(localTables));
  faults = [];
  const watch = { documents, onUnreadable: ({ message }: Error) => faults.push(message) };
  repositories = openRepositories(documents, localTables, createManualClock('2026-01-05T08:00:00.000Z'));
  ledger = createAuditedLedger({ ...watch, name: localTables.deliveries });
  cohorts = createAuditedCohorts({ ...watch, name: localTables.subscribers });
  put = (table, item) => documents.send(new PutCommand({ TableName: localTables[table], Item: { ...item } }));

  const { editions, deliveries } = repositories;
  await editions.saveBatch(EDITION, 0, ['ada', 'ben']);
  await editions.saveProgress(EDITION, { batches: 1, planned: 2, isComplete: true }, undefined);
  await editions.settleBatch(EDITION, 0, { sent: 2 }, NO_USAGE);
  for (const subscriberId of ['ada', 'ben']) {
    const key = { subscriberId, cadence: 'daily', period: DAY } as const;
    const claim = await deliveries.claim(key, { ...EDITION, batch: 0 }, ['2601.00001'], NOW);
    if (claim) await deliveries.recordOutcome(claim, { state: 'sent', messageId: `m-${subscriberId}` });
  }
});

const auditDay = () => audit(ledger, DAY, DAY, NOW);

test('an unreadable edition costs only that edition, also in a scan', async () => {
  await put('deliveries', { pk: 'EDITION#yearly#?', sk: 'META', planned: 1 });
  await put('deliveries', { pk: 'EDITION#', sk: 'BATCH#000000' });
  await put('deliveries', { pk: `EDITIONS#daily#${DAY}`, sk: 'no edition' });
  const scanning = createAuditedLedger(
    { documents, name: localTables.deliveries, onUnreadable: ({ message }) => faults.push(message) },
    { firstIndexedDay: '2026-01-07' },
  );

  for (const repository of [ledger, scanning])
    expect(await audit(repository, DAY, DAY, NOW)).toMatchObject([
      { edition: EDITION, counts: { sent: 2 }, isExplained: true },
    ]);

  const named = ['EDITION# / BATCH#000000', 'EDITION#yearly#? / META', `EDITIONS#daily#${DAY} / no edition`];
  for (const name of named) expect(faults).toContainEqual(expect.stringContaining(name));
});

test('an indexed edition is incomplete if its worker died before the first progress', async () => {
  await put('deliveries', { pk: `EDITIONS#daily#${DAY}`, sk: `${DAY}#daily#UTC#08` });

  const audits = await auditDay();

  expect(audits).toMatchObject([
    { edition: EDITION, isComplete: true },
    { edition: { ...EDITION, cohort: 'daily#UTC#08' }, planned: 0, isComplete: false },
  ]);
  expect(isSound(audits, undefined, faults)).toBe(false);
});

test('an edition with unreadable progress is incomplete, and its digests are counted', async () => {
  await put('deliveries', { pk: PARTITION, sk: 'META', planned: 'two', isComplete: true });

  expect(await auditDay()).toMatchObject([{ counts: { sent: 2 }, isComplete: false }]);
  expect(faults).toHaveLength(1);
});

test('a batch, an id in a batch and a delivery that cannot be read cost themselves, and the edition is not explained', async () => {
  await put('deliveries', {
    pk: PARTITION,
    sk: 'BATCH#000000',
    subscriberIds: ['ada', 7, 'ben'],
    counts: {},
  });
  await put('deliveries', { pk: PARTITION, sk: 'BATCH#000001', subscriberIds: 'cleo' });
  await put('deliveries', { pk: 'SUB#ben', sk: `daily#${DAY}`, outcome: 'sent' });

  const audits = await auditDay();

  expect(audits).toMatchObject([{ counts: { sent: 1, unreadable: 2 }, isExplained: false }]);
  expect(isSound(audits, undefined, faults)).toBe(false);
  const text = toText(audits, undefined, faults);
  expect(text).toContain('does not add up');
  for (const key of [`${PARTITION} / BATCH#000000`, `${PARTITION} / BATCH#000001`, `SUB#ben / daily#${DAY}`])
    expect(text).toContain(key);
});

test('recorded batches that are missing are named, and no others', async () => {
  await put('deliveries', { pk: PARTITION, sk: 'META', planned: 300, batches: 7, isComplete: true });
  await put('deliveries', { pk: PARTITION, sk: 'BATCH#000002', subscriberIds: [] });
  // Fan-out has not counted this one yet, nor the one before it.
  await put('deliveries', { pk: PARTITION, sk: 'BATCH#000008', subscriberIds: [] });
  await put('deliveries', { pk: `EDITIONS#daily#${DAY}`, sk: `${DAY}#daily#UTC#08` });

  const text = toText(await auditDay(), undefined, faults);

  expect(faults).toEqual([
    `the batch ${PARTITION} / BATCH#000001 is missing, so the audit cannot count its digests`,
    `the batches ${PARTITION} / BATCH#000003 to BATCH#000006 are missing, so the audit cannot count their digests`,
  ]);
  expect(text).toContain(
    '2 stored records are missing or cannot be read. See docs/alarms.md, "A stored record cannot be read".',
  );
});

test('a batch with a damaged key is named, and is not taken for the first batch', async () => {
  await put('deliveries', { pk: PARTITION, sk: 'BATCH#1', subscriberIds: ['cleo'] });

  expect(await auditDay()).toMatchObject([{ counts: { sent: 2 } }]);
  expect(faults).toEqual([expect.stringContaining(`${PARTITION} / BATCH#1 does not fit its schema`)]);
});

test('unreadable cohorts and cohorts without a plan are reported, and all others are surveyed', async () => {
  await repositories.subscribers.save(createSubscriber({ id: 'ada' }));
  await repositories.subscribers.save(createSubscriber({ id: 'pia', timeZone: 'PST' }));
  await put('subscribers', { pk: 'COHORTS', sk: 'daily#UTC#99', lastJoinedAt: NOW });
  await put('subscribers', { pk: 'COHORTS', sk: 'daily#Europe/Berlin#09', lastJoinedAt: 7 });
  await repositories.subscribers.save(createSubscriber({ id: 'ben', hour: 10 }));

  const audits = await auditDay();
  const surveyed = await survey({ cohorts, ledger }, audits, DAY, DAY, NOW);
  const text = toText(audits, surveyed, faults);

  expect(surveyed.notPlannable).toEqual(['daily#PST#08']);
  expect(surveyed.gaps.map(({ edition }) => edition.cohort)).toEqual(['daily#Europe/Berlin#10']);
  expect(text).toContain(
    '1 cohort with subscribers cannot be planned, because of an unknown time zone: daily#PST#08.',
  );
  expect(text).toContain('1 stored record is missing or cannot be read.');
  expect(text).toContain('COHORTS / daily#UTC#99');
  expect(JSON.parse(toJson(audits, surveyed, faults))).toMatchObject({
    notPlannable: ['daily#PST#08'],
    isSound: false,
    unreadable: [expect.stringContaining('daily#UTC#99')],
  });
  expect(isSound(audits, { ...surveyed, gaps: [] })).toBe(false);
});

describe('a command that audits', () => {
  const run = async (isJson = false) => {
    const printed: string[] = [];
    const print = (text: string) => {
      printed.push(text);
    };
    const tables = {
      documents,
      deliveries: localTables.deliveries,
      subscribers: localTables.subscribers,
      costOf: () => ({ pages: 7, units: 9, usd: 0 }),
      loadSize: async () => ({ records: 4, bytes: 2_000_000_000, scanUsd: 0.03 }),
    };
    const context = { print, printError: print, terminal: process.stderr };
    const code = await auditTables(tables, { first: DAY, last: DAY, now: NOW, isJson }, context);
    return { code, printed };
  };
  const SCANS =
    /^An earlier version of Broadsheet may have planned 2026-01-06, so the whole table is scanned\. .*2\.0 GB/;

  test.each([
    ['1970-01-01T00:00:00.000Z', false],
    ['2026-01-04T08:59:59.999Z', false],
    ['2026-01-06T08:00:00.000Z', true],
    [undefined, true],
  ])('with an index since %s scans the table, and says so first: %s', async (since, isScan) => {
    const state = { lastTick: '2026-01-06T11:45:00.000Z', arrivals: {}, editionsIndexedSince: since };
    await repositories.planner.save(state, undefined);

    const { code, printed } = await run();

    expect(code).toBe(0);
    expect(printed.slice(0, -2)).toEqual(isScan ? [expect.stringMatching(SCANS)] : []);
    expect(printed.slice(-2)).toEqual([
      expect.stringContaining('Everything that was planned is accounted for.'),
      'Read 7 pages, 9 read units: less than $0.01.',
    ]);
  });

  test('scans nothing in a new deployment, before the first run of the planner', async () => {
    const { code, printed } = await run();

    expect(code).toBe(0);
    expect(printed).toHaveLength(2);
  });

  test('scans the table if the cursor of the planner cannot be read', async () => {
    await put('subscribers', { pk: 'PLANNER', sk: 'STATE', lastTick: 7 });
    const { code, printed } = await run(true);

    expect(printed[0]).toMatch(SCANS);
    expect([code, JSON.parse(printed[1] ?? '')]).toMatchObject([1, { cost: { pages: 7, units: 9, usd: 0 } }]);
  });
});
