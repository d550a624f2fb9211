import { type AttributeMap, attributeOf } from './attribute-value.ts';
import { parseCondition } from './conditions.ts';
import { type KeyRange, parseKeyCondition } from './key-ranges.ts';
import { keyIn, type MemoryTable, type View } from './memory-table.ts';
import { comparePositions, type Entry, type Position } from './partitions.ts';
import { checkPlaceholders, nameOf } from './placeholders.ts';
import { InvalidRequestError, UnsupportedRequestError } from './refusals.ts';
import type { QueryRequest, ScanRequest } from './requests.ts';
import { firstIndex } from './sorted-list.ts';

/** The limits of a page, in addition to the `Limit` of a request. */
export interface PageLimits {
  /** A page ends after the item that reaches this number of bytes. */
  readonly maxPageBytes: number;
}

/** Returns the answer to a query: the items of its range, in order, after the start key. */
export function query(table: MemoryTable, request: QueryRequest, limits: PageLimits): object {
  const view = viewOf(table, request);
  const condition = parseKeyCondition(request.KeyConditionExpression);
  const filter =
    request.FilterExpression === undefined ? undefined : parseCondition(request.FilterExpression);
  checkPlaceholders(request, filter ? [condition, filter] : [condition]);
  for (const head of filter?.heads ?? []) {
    if (Object.values(view.keys).includes(nameOf(head, request))) {
      throw new InvalidRequestError(`Filter Expression can only contain non-primary key attributes: ${head}`);
    }
  }
  const range = condition.rangeOf(view.keys, request);
  const entries = entriesIn(view, range, request);
  const page = toPage(
    table,
    request.ScanIndexForward === false ? entries.reverse() : entries,
    view,
    request,
    limits,
  );
  return { ...page, Items: project(page.Items, request.ProjectionExpression) };
}

const NAMES = /^[A-Za-z]\w*(?:, [A-Za-z]\w*)*$/;

/** Returns the items with only the attributes that a projection names. The page was counted and charged with all of them, as on AWS. */
function project(items: readonly AttributeMap[], projection: string | undefined): readonly AttributeMap[] {
  if (projection === undefined) return items;
  if (!NAMES.test(projection)) throw new UnsupportedRequestError(`a projection of ${projection}`);
  const names = new Set(projection.split(', '));
  return items.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))));
}

/** Returns the answer to a scan: all items, sorted by partition and sort key. DynamoDB guarantees no order. */
export function scan(table: MemoryTable, request: ScanRequest, limits: PageLimits): object {
  checkPlaceholders(
    request,
    request.FilterExpression === undefined ? [] : [parseCondition(request.FilterExpression)],
  );
  const { partitions } = table.main;
  const start = request.ExclusiveStartKey && keyIn(request.ExclusiveStartKey);
  const entries = partitions
    .keys()
    .filter((key) => !start || key >= start.pk)
    .filter((key) => segmentOf(key, request.TotalSegments) === (request.Segment ?? 0))
    .flatMap((key) => {
      const all = partitions.entriesOf(key);
      if (key !== start?.pk) return all;
      return all.slice(firstIndex(all, (entry) => comparePositions(entry, { sort: start.sk, tie: '' }) > 0));
    });
  return toPage(table, entries, table.main, request, limits);
}

/** Returns the segment of a parallel scan that reads a partition, from 0. */
function segmentOf(key: string, segments = 1): number {
  return [...key].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 65_521, 0) % segments;
}

function viewOf(table: MemoryTable, { IndexName, ConsistentRead }: QueryRequest): View {
  if (IndexName === undefined) return table.main;
  const view = table.indexes.get(IndexName);
  if (!view) throw new InvalidRequestError(`The table does not have the specified index: ${IndexName}`);
  if (ConsistentRead) {
    throw new InvalidRequestError('Consistent reads are not supported on global secondary indexes');
  }
  return view;
}

function entriesIn(view: View, range: KeyRange, request: QueryRequest): Entry[] {
  const entries = view.partitions.entriesOf(range.partition);
  const begin = firstIndex(entries, ({ sort }) => !range.isBefore(sort));
  const end = firstIndex(entries, ({ sort }) => range.isBehind(sort));
  if (!request.ExclusiveStartKey) return entries.slice(begin, end);

  const start = startIn(view, range, request.ExclusiveStartKey);
  if (request.ScanIndexForward === false) {
    return entries.slice(
      begin,
      firstIndex(entries, (entry) => comparePositions(entry, start) >= 0),
    );
  }
  return entries.slice(
    firstIndex(entries, (entry) => comparePositions(entry, start) > 0),
    end,
  );
}

function startIn({ keys }: View, range: KeyRange, startKey: AttributeMap): Position {
  const { pk, sk } = keyIn(startKey);
  const position = keys.sort === 'pk' ? { sort: pk, tie: sk } : { sort: sk, tie: '' };
  const isInRange =
    attributeOf(startKey, keys.partition)?.S === range.partition &&
    !range.isBefore(position.sort) &&
    !range.isBehind(position.sort);
  if (!isInRange) throw new InvalidRequestError('The provided starting key is outside query boundaries');
  return position;
}

/** Returns a page. As in DynamoDB, it has a last key whenever a limit was reached, even if no item follows. */
function toPage(
  { meter }: MemoryTable,
  entries: readonly Entry[],
  view: View,
  request: ScanRequest,
  { maxPageBytes }: PageLimits,
) {
  const { Limit = Number.POSITIVE_INFINITY, FilterExpression } = request;
  if (Limit < 1) throw new InvalidRequestError(`a Limit of ${Limit}: it must be at least 1`);
  let count = 0;
  let bytes = 0;
  while (count < entries.length && count < Limit && bytes < maxPageBytes) {
    bytes += entries[count]?.bytes ?? 0;
    count += 1;
  }
  meter.read(bytes, request.ConsistentRead);
  const read = entries.slice(0, count).map(({ attributes }) => attributes);
  const last = count >= Limit || bytes >= maxPageBytes ? read.at(-1) : undefined;
  const filter = FilterExpression === undefined ? undefined : parseCondition(FilterExpression);
  const Items = filter ? read.filter((item) => filter.holds(item, request)) : read;
  return {
    Items,
    Count: Items.length,
    ScannedCount: count,
    ...(last && { LastEvaluatedKey: keyOf(last, view) }),
  };
}

function keyOf(item: AttributeMap, { keys }: View): AttributeMap {
  const names = new Set(['pk', 'sk', keys.partition]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
