import type { AttributeMap } from './attribute-value.ts';
import { type Condition, parseCondition } from './conditions.ts';
import { keyIn, type MemoryTable, type TableKey } from './memory-table.ts';
import { checkPlaceholders, nameOf, type Parsed } from './placeholders.ts';
import { type Answer, CONDITION_FAILED, InvalidRequestError, UnsupportedRequestError } from './refusals.ts';
import type { DeleteRequest, GetRequest, PutRequest, UpdateRequest, WriteRequest } from './requests.ts';
import { parseUpdate } from './updates.ts';

const NOTHING: Answer = { statusCode: 200, body: '{}' };
const NO_ATTRIBUTES: AttributeMap = {};

/** The JSON of each item that was read. Items never change, so it is made once. */
const texts = new WeakMap<AttributeMap, string>();

export function getItem(table: MemoryTable, { Key, ConsistentRead }: GetRequest): Answer {
  const entry = table.get(onlyKeyIn(Key));
  table.meter.read(entry?.bytes ?? 0, ConsistentRead);
  return entry ? { statusCode: 200, body: `{"Item":${textOf(entry.attributes)}}` } : NOTHING;
}

export function putItem(table: MemoryTable, request: PutRequest): Answer {
  const key = keyIn(request.Item);
  return write(table, key, request, [], () => {
    table.put(request.Item);
    return undefined;
  });
}

export function deleteItem(table: MemoryTable, request: DeleteRequest): Answer {
  const key = onlyKeyIn(request.Key);
  return write(table, key, request, [], () => {
    table.remove(key);
    return undefined;
  });
}

export function updateItem(table: MemoryTable, request: UpdateRequest): Answer {
  const key = onlyKeyIn(request.Key);
  const update = request.UpdateExpression === undefined ? undefined : parseUpdate(request.UpdateExpression);
  for (const head of update?.heads ?? []) {
    const name = nameOf(head, request);
    if (name in key)
      throw new InvalidRequestError(`Cannot update attribute ${name}. This attribute is part of the key`);
  }
  return write(table, key, request, update ? [update] : [], (before) => {
    const item = before ?? request.Key;
    const after = update ? update.apply(item, request) : item;
    table.put(after);
    return after;
  });
}

/** Makes a change if its condition holds. `change` gets the item from before, and returns the item after an update. */
function write(
  table: MemoryTable,
  key: TableKey,
  request: WriteRequest,
  expressions: readonly Parsed[],
  change: (before: AttributeMap | undefined) => AttributeMap | undefined,
): Answer {
  const condition = conditionOf(request);
  checkPlaceholders(request, condition ? [...expressions, condition] : expressions);
  const stored = table.get(key);
  const before = stored?.attributes;
  if (condition && !condition.holds(before ?? NO_ATTRIBUTES, request)) {
    table.meter.write(stored?.bytes ?? 0);
    return CONDITION_FAILED;
  }
  const returned = returnedOf(request, before, change(before));
  table.meter.write(Math.max(stored?.bytes ?? 0, table.get(key)?.bytes ?? 0));
  return returned ? { statusCode: 200, body: `{"Attributes":${textOf(returned)}}` } : NOTHING;
}

function returnedOf(
  { ReturnValues = 'NONE' }: WriteRequest,
  before: AttributeMap | undefined,
  after: AttributeMap | undefined,
): AttributeMap | undefined {
  switch (ReturnValues) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      if (after) return after;
  }
  throw new UnsupportedRequestError(`ReturnValues ${ReturnValues} is not understood`);
}

function conditionOf({ ConditionExpression }: WriteRequest): Condition | undefined {
  return ConditionExpression === undefined ? undefined : parseCondition(ConditionExpression);
}

/** @throws InvalidRequestError if the key has more attributes than `pk` and `sk` */
function onlyKeyIn(key: AttributeMap): TableKey {
  if (Object.keys(key).length > 2)
    throw new InvalidRequestError('The provided key element does not match the schema');
  return keyIn(key);
}

function textOf(item: AttributeMap): string {
  const text = texts.get(item) ?? JSON.stringify(item);
  texts.set(item, text);
  return text;
}
