import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../local/repositories.ts';
import { addMs, MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { type FanOutPorts, fanOut } from '../../../shared/pipeline/fan-out.ts';
import { plan } from '../../../shared/pipeline/plan.ts';
import type { CohortMessage, DigestsMessage } from '../../../shared/ports/queues.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeMeter } from '../../fakes/sending.ts';

const T0 = '2026-01-05T07:00:00.000Z';
const OLD_KEY = 'instant#arxiv/cs.CL,hf-daily';
const OLD_LISTS = ['hf-daily', 'arxiv/cs.CL'];

let clock: ManualClock;
let documents: ReturnType<typeof openDocuments>;
let repositories: Repositories;

beforeEach(async () => {
  clock = createManualClock(T0);
  documents = openDocuments(createMemoryDynamoDb(localTables));
  repositories = openRepositories(documents, localTables, clock);
  await repositories.planner.save({ lastTick: addMs(T0, -900_000), arrivals: {} }, undefined);
});

const instant = (id: string, lists: readonly string[]) =>
  createSubscriber({ id, subscriptions: [createSubscription({ cadence: 'instant', lists: [...lists] })] });

/** Puts the items of a subscriber as the release before this one stored them. */
async function putOld(id: string): Promise<void> {
  const profile = { ...instant(id, OLD_LISTS), version: 1, instantCohort: OLD_KEY };
  const items = [
    { pk: `SUB#${id}`, sk: 'PROFILE', ...profile },
    { pk: 'COHORTS', sk: OLD_KEY, lastJoinedAt: T0 },
  ];
  for (const Item of items)
    await documents.send(new PutCommand({ TableName: localTables.subscribers, Item }));
}

const arrive = (...lists: readonly string[]) =>
  repositories.sourceStates.save('hf-daily', {
    lists: Object.fromEntries(lists.map((list) => [list, { lastNewAt: clock.now(), failuresInARow: 0 }])),
  });

/** Plans a tick, fans out its editions, and returns the ids that each edition names. */
async function runTick(): Promise<Record<string, readonly string[]>> {
  const cohortQueue = createFakeQueue<CohortMessage>();
  await plan({
    ...repositories,
    sources: ['hf-daily'],
    cohortQueue,
    clock,
    telemetry: createFakeTelemetry(),
  });
  return fanOutAll(cohortQueue.messages);
}

async function fanOutAll(messages: readonly CohortMessage[]): Promise<Record<string, readonly string[]>> {
  const digestsQueue = createFakeQueue<DigestsMessage>();
  const ports: FanOutPorts = {
    ...repositories,
    digestsQueue,
    cohortQueue: createFakeQueue<CohortMessage>(),
    clock,
    timer: { wait: async () => {} },
    meter: createFakeMeter(),
    telemetry: createFakeTelemetry(),
  };
  for (const message of messages) await fanOut(ports, message, () => 600_000);
  const named: Record<string, string[]> = {};
  for (const { edition, subscriberIds } of digestsQueue.messages)
    named[edition.cohort] = [...(named[edition.cohort] ?? []), ...subscriberIds];
  return named;
}

test('subscribers of an earlier release are planned once, and so are new ones', async () => {
  await putOld('old');
  await repositories.subscribers.save(instant('new', OLD_LISTS));
  await repositories.subscribers.save(instant('other', ['arxiv/cs.LG']));
  await arrive('hf-daily', 'arxiv/cs.CL');

  expect(await runTick()).toEqual({ [OLD_KEY]: ['old'], instant: ['new'] });
});

test('a profile moves to the one instant cohort when it is saved, and the empty cohort is removed', async () => {
  await putOld('old');
  const profile = await repositories.subscribers.load('old');
  await repositories.subscribers.save(profile ?? instant('old', OLD_LISTS));
  await arrive('hf-daily');

  expect(await runTick()).toEqual({ instant: ['old'] });

  clock.moveBy(2 * MS_PER_DAY);
  await arrive('hf-daily');
  await runTick();
  expect(await repositories.cohorts.loadAll()).toEqual([]);
});

test('a message that an earlier release queued is fanned out as before', async () => {
  await putOld('old');
  const edition = { cadence: 'instant', period: '2026-01-05T06:45Z', cohort: OLD_KEY } as const;

  expect(await fanOutAll([{ edition }])).toEqual({ [OLD_KEY]: ['old'] });
});

test('a subscriber who moved during a plan of an earlier release still gets the digest', async () => {
  // The earlier release planned this arrival for its own cohorts, and does not know the new one.
  await arrive('hf-daily');
  const planned = await repositories.planner.load();
  const arrivals = { 'hf-daily': clock.now() };
  await repositories.planner.save({ lastTick: T0, arrivals }, planned);
  await repositories.subscribers.save(instant('moved', OLD_LISTS));
  clock.moveBy(900_000);

  expect(await runTick()).toEqual({ instant: ['moved'] });
});

test('a subscriber of 100 lists with news on all of them is named once', async () => {
  const letters = Array.from(
    { length: 100 },
    (_, n) => `arxiv/cs.${'ABCDEFGHIJ'[Math.floor(n / 10)]}${'ABCDEFGHIJ'[n % 10]}`,
  );
  await repositories.subscribers.save(instant('many', letters));
  await repositories.subscribers.save(instant('none', ['hf-daily']));
  await arrive(...letters);

  expect(await runTick()).toEqual({ instant: ['many'] });
});

test('followers are found page by page, even if they are few in the cohort', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `s${String(n).padStart(2, '0')}`);
  for (const [n, id] of ids.entries())
    await repositories.subscribers.save(instant(id, [n % 3 === 0 ? 'arxiv/cs.CL' : 'hf-daily']));
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await repositories.cohorts.loadFollowers(['arxiv/cs.CL'], after, 4);
    found.push(...page.ids);
    after = page.next;
  } while (after !== undefined);

  expect(found).toEqual(ids.filter((_, n) => n % 3 === 0));
});

test('a subscriber who pauses or leaves is in no instant cohort', async () => {
  const saved = await repositories.subscribers.save(instant('leaver', OLD_LISTS));
  await repositories.subscribers.save({ ...saved, status: 'paused' });
  await arrive('hf-daily');

  expect(await runTick()).toEqual({});
});
