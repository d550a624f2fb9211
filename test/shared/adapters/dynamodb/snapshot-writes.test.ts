import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../../local/repositories.ts';
import type { SnapshotRepository } from '../../../../shared/ports/snapshots.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { answerRequests, createResponse } from '../../../fakes/request-handler.ts';

const LIST_DAY = { list: 'hf-daily', day: '2026-01-05' } as const;
const CLOCK = createManualClock('2026-01-05T08:00:00.000Z');

/** A snapshot of several parts, all of whose bytes are `fill`. */
const filled = (fill: number) => ({
  text: new Uint8Array(400_000).fill(fill),
  state: new Uint8Array(60_000).fill(fill),
});

/** Reads the snapshot, and returns the byte that it is filled with. 0 if there is none. */
async function readFill(snapshots: SnapshotRepository): Promise<number> {
  const [header] = await snapshots.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);
  if (header?.kind !== 'snapshot') return 0;
  const { text, state } = header;
  const parts = await snapshots.loadParts([text, state].map((stored) => ({ ...LIST_DAY, stored })));
  const bytes = [text, state].map((stored) => (stored.kind === 'parts' ? parts.get(stored.name) : undefined));
  const fills = new Set(bytes.map((part) => (part ? fillOf(part) : 'a part is missing')));
  const [fill] = fills;
  if (fills.size !== 1 || typeof fill !== 'number') throw new Error(`half a snapshot: ${[...fills].join()}`);
  return fill;
}

/** Returns the one byte that all bytes are equal to. */
function fillOf(bytes: Uint8Array): number | string {
  const [fill = 0] = bytes;
  return Buffer.from(bytes).equals(Buffer.alloc(bytes.byteLength, fill)) ? fill : 'bytes of two writes';
}

/** Opens a writer, which calls `before` before each of its writes, and a reader of the same table. */
function open(before: (nth: number) => Promise<void>) {
  const database = createMemoryDynamoDb(localTables);
  const writing = openDocuments(database);
  let writes = 0;
  answerRequests(writing, async ({ target = '' }, _n, forward) => {
    if (/\.(Put|Delete)Item$/.test(target)) {
      await before(writes);
      writes += 1;
    }
    return forward();
  });
  const snapshotsOf = (documents: typeof writing) =>
    openRepositories(documents, localTables, CLOCK).snapshots;
  return {
    writer: snapshotsOf(writing),
    reader: snapshotsOf(openDocuments(database)),
    countWrites: () => writes,
    countItems: () => database.items('papers').length,
  };
}

test('at every moment of a write a reader gets the old or the new snapshot', async () => {
  const seen: number[] = [];
  const { writer, reader } = open(async () => {
    seen.push(await readFill(reader));
  });
  await writer.save(LIST_DAY, filled(1), undefined);
  const [first] = await reader.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);

  await writer.save(LIST_DAY, filled(2), first);

  seen.push(await readFill(reader));
  expect([...new Set(seen)]).toEqual([0, 1, 2]);
  expect(seen).toEqual(seen.toSorted());
});

test('a writer that dies at any write leaves a whole snapshot, and its stray parts are deleted later', async () => {
  const whole = open(async () => {});
  await whole.writer.save(LIST_DAY, filled(1), undefined);
  const writesOfOne = whole.countWrites();
  const itemsOfOne = whole.countItems();

  for (let death = writesOfOne; ; death += 1) {
    const dying = open(async (nth) => {
      if (nth === death) throw Object.assign(new Error('the writer died'), { name: 'ValidationException' });
    });
    await dying.writer.save(LIST_DAY, filled(1), undefined);
    const [first] = await dying.reader.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);
    const hasDied = await dying.writer.save(LIST_DAY, filled(2), first).then(
      () => false,
      () => true,
    );

    expect([1, 2]).toContain(await readFill(dying.reader));
    const [left] = await dying.reader.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);
    if (left?.kind !== 'snapshot') throw new Error('the snapshot is gone');
    await dying.reader.deleteStrayParts(left, '2026-01-05T07:00:00.000Z');
    await dying.reader.deleteStrayParts(left, '2026-01-05T09:00:00.000Z');
    expect([1, 2]).toContain(await readFill(dying.reader));
    expect(dying.countItems()).toBe(itemsOfOne);
    if (!hasDied) break;
  }
});

test('parts that were just written are found, although the first reads may miss them and cost half', async () => {
  const database = createMemoryDynamoDb(localTables);
  const documents = openDocuments(database);
  let isBehind = true;
  answerRequests(documents, async ({ target = '', body }, _n, forward) => {
    const { RequestItems = {} } = JSON.parse(String(body));
    const isStale = target.endsWith('.BatchGetItem') && !RequestItems[localTables.papers].ConsistentRead;
    return isStale && isBehind ? createResponse(200, JSON.stringify({ Responses: {} })) : forward();
  });
  const { snapshots } = openRepositories(documents, localTables, CLOCK);
  await snapshots.save(LIST_DAY, filled(1), undefined);

  const before = database.units('papers').reads;
  expect(await readFill(snapshots)).toBe(1);
  const whenBehind = database.units('papers').reads - before;
  isBehind = false;
  expect(await readFill(snapshots)).toBe(1);

  // 460 KB in parts are 58 units, and the header one more.
  expect(database.units('papers').reads - before - whenBehind).toBeLessThan(62);
  expect(whenBehind).toBeGreaterThan(110);
});

test('looking for stray parts transfers their keys, and not their bytes', async () => {
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  let transferred = 0;
  answerRequests(documents, async (_request, _n, forward) => {
    const answer = await forward();
    if (answer.body instanceof Uint8Array) transferred += answer.body.byteLength;
    return answer;
  });
  const { snapshots } = openRepositories(documents, localTables, CLOCK);
  await snapshots.save(LIST_DAY, filled(1), undefined);
  const [header] = await snapshots.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);
  if (header?.kind !== 'snapshot') throw new Error('the snapshot is gone');

  const before = transferred;
  await snapshots.deleteStrayParts(header, '2026-01-05T09:00:00.000Z');

  expect(transferred - before).toBeGreaterThan(100);
  expect(transferred - before).toBeLessThan(1_000);
});
