import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { type FlowSystem, startFlowSystem } from './flow-system.ts';
import { readOutbox } from './outbox.ts';

let system: FlowSystem;

beforeEach(async () => {
  system = await startFlowSystem('2026-06-01T06:00:00.000Z');
  system.list('2026-05-29', '2605.00001', '2605.00002');
  system.list('2026-06-01', '2606.00001', '2606.00002');
});

afterEach(() => system.close());

async function runAt(instant: string): Promise<void> {
  system.clock.moveTo(instant);
  await system.functions.ingestPapers('hf-daily');
  await system.functions.planDigests();
  await system.drain();
}

async function readPapersOf(delivery: string): Promise<readonly string[]> {
  const outbox = await readOutbox(system.aws.sesServer.store);
  return outbox
    .filter((mail) => mail.delivery === delivery)
    .flatMap(({ paperIds }) => paperIds)
    .sort();
}

/** Counts the writes that reach DynamoDB, by item. */
function watchWrites(): readonly string[] {
  const written: string[] = [];
  system.aws.documents.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (/Put|Update|Delete|Write/.test(commandName)) written.push(JSON.stringify(args.input));
        return next(args);
      },
    { step: 'initialize' },
  );
  return written;
}

test('the next day sends the new papers, including late ones on an older list', async () => {
  await system.subscribe([createSubscriber({ id: 'a' })]);
  await runAt('2026-06-01T06:00:00.000Z');
  system.list('2026-06-01', '2606.00003');
  system.list('2026-06-02', '2606.00004', '2606.00001');

  await runAt('2026-06-02T06:00:00.000Z');

  expect(await readPapersOf('daily 2026-06-01')).toEqual([
    '2605.00001',
    '2605.00002',
    '2606.00001',
    '2606.00002',
  ]);
  expect(await readPapersOf('daily 2026-06-02')).toEqual(['2606.00003', '2606.00004']);
});

test('papers that did not fit into one digest are in the next, once', async () => {
  await system.subscribe([
    createSubscriber({ id: 'a', subscriptions: [createSubscription({ maxPapers: 3 })] }),
  ]);
  await runAt('2026-06-01T06:00:00.000Z');
  await runAt('2026-06-02T06:00:00.000Z');
  await runAt('2026-06-03T06:00:00.000Z');

  const first = await readPapersOf('daily 2026-06-01');
  const second = await readPapersOf('daily 2026-06-02');

  expect([...first, ...second].sort()).toEqual(
    ['2605.00001', '2605.00002', '2606.00001', '2606.00002'].sort(),
  );
  expect(first).toHaveLength(3);
  expect(await readPapersOf('daily 2026-06-03')).toEqual([]);
});

test('a daily and an instant digest do not repeat each other', async () => {
  const subscriptions = [
    createSubscription({ id: 's1', cadence: 'instant' }),
    createSubscription({ id: 's2', cadence: 'daily' }),
  ];
  await system.subscribe([createSubscriber({ id: 'a', subscriptions })]);
  await runAt('2026-06-01T05:00:00.000Z');
  await runAt('2026-06-01T06:00:00.000Z');

  const outbox = await readOutbox(system.aws.sesServer.store);

  expect(outbox.map(({ delivery }) => delivery)).toEqual(['instant 2026-06-01T05:00Z']);
});

test('reading an unchanged list again costs one write, of the state of the source', async () => {
  const first = await system.functions.ingestPapers('hf-daily');
  system.clock.moveTo('2026-06-01T07:00:00.000Z');
  const writes = watchWrites();

  const second = await system.functions.ingestPapers('hf-daily');

  expect(first.papersCreated).toBe(4);
  expect(second).toEqual({ ...first, papersCreated: 0 });
  expect(second).toMatchObject({ itemsRead: 4, papersIngested: 4, problems: [] });
  expect(writes).toEqual([expect.stringContaining('"SOURCE#hf-daily"')]);
});
