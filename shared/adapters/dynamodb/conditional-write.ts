/**
 * Writes on a condition. No other file sends a `ConditionExpression`.
 *
 * The SDK repeats a call whose answer was lost. The second attempt finds the first one's write, and the condition fails
 * although the write is stored. So each write leaves a fresh id on its item: `writeId` for a put, `updateId` for an update.
 * When a repeated attempt fails, the item is read back, and the id shows whether the write is ours. A write that
 * fails at the first attempt costs no read. An item without an id, or with one of another type, is replaced by {@link isUnwritten}.
 *
 * Our write may be replaced by another writer before the SDK repeats it. It then counts as not written, and the caller
 * goes on as after any other conflict: it reads the newer item.
 */
import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { UnreadableState } from '../../ports/planning.ts';
import { getItem, type ItemKey, type Table } from './table.ts';

/** A condition or an update in DynamoDB's expression language, with the names and values of its placeholders. */
export interface Expression {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Returns an id for one write of one item: 48 random bits. It only has to differ from the ids of the few other writes of the same item. It
 * is short, because every item has two of them.
 */
export function newWriteId(): string {
  return randomUUID().slice(-12);
}

/** Holds when no item has the key. */
export const IS_NEW: Expression = { expression: 'attribute_not_exists(pk)' };

/** True if the last write of an item has this id, whatever it is. Without an id: true if the item exists and its last write left none. */
export function isUnwritten({ writeId }: Pick<UnreadableState, 'writeId'>): Expression {
  return isAsRead({ writeId });
}

/**
 * Holds when the item exists and each attribute has this value. An attribute that is null counts as missing, as it does for a reader. So a
 * value that is null or undefined holds for both.
 *
 * @param attributes top-level attributes as they were read, raw or parsed
 */
export function isAsRead(attributes: Readonly<Record<string, unknown>>): Expression {
  const all = Object.entries(attributes);
  const given = all.filter(([, value]) => !isMissing(value));
  const tests = all.map(([name, value]) =>
    isMissing(value)
      ? `(attribute_not_exists(#${name}) OR attribute_type(#${name}, :null))`
      : `#${name} = :${name}`,
  );
  return {
    expression: ['attribute_exists(pk)', ...tests].join(' AND '),
    names: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
    values: {
      ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
      ...(given.length < all.length && { ':null': 'NULL' }),
    },
  };
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Holds when both conditions hold. */
export function both(first: Expression, second: Expression): Expression {
  return {
    expression: `(${first.expression}) AND (${second.expression})`,
    names: { ...first.names, ...second.names },
    values: { ...first.values, ...second.values },
  };
}

/**
 * Puts an item if the condition holds for the stored one. Returns whether it was written.
 *
 * @param writeId names this write. @default a new id
 */
export async function putIf(
  table: Table,
  condition: Expression,
  item: ItemKey & Readonly<Record<string, unknown>>,
  writeId: string = newWriteId(),
): Promise<boolean> {
  const put = new PutCommand({
    TableName: table.name,
    Item: { ...item, writeId },
    ...toInput(condition),
  });
  return sendOnce(table, { pk: item.pk, sk: item.sk }, () => table.documents.send(put), { writeId });
}

/**
 * Updates an item if the condition holds for the stored one. Returns whether it was written.
 *
 * @param update ends with its `SET` clause: `ADD count :one SET seenAt = :now`. Its placeholders differ from the condition's,
 *   or have the same values.
 */
export async function updateIf(
  table: Table,
  condition: Expression,
  key: ItemKey,
  update: Expression,
): Promise<boolean> {
  const updateId = newWriteId();
  const command = new UpdateCommand({
    TableName: table.name,
    Key: key,
    ...toInput({
      expression: condition.expression,
      names: { ...condition.names, ...update.names },
      values: { ...condition.values, ...update.values, ':updateId': updateId },
    }),
    UpdateExpression: `${update.expression}, updateId = :updateId`,
  });
  return sendOnce(table, key, () => table.documents.send(command), { updateId });
}

/**
 * Deletes an item if the condition holds. Returns nothing, because a missing item does not show who deleted it. So a
 * retry cannot know whether it did.
 */
export async function deleteIf(table: Table, condition: Expression, key: ItemKey): Promise<void> {
  try {
    await table.documents.send(new DeleteCommand({ TableName: table.name, Key: key, ...toInput(condition) }));
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

/** Returns whether a write failed because its condition did not hold. */
export function isRefused(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}

/** Returns whether DynamoDB refused the request itself. A retry does not help. */
export function isInvalid(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationException';
}

/** Returns whether DynamoDB refused an item because it is too large, or a key of it. Another item may fit. */
export function isTooLarge(error: unknown): boolean {
  return isInvalid(error) && TOO_LARGE.test(String(error));
}

/** DynamoDB has one name for these errors and for a wrong request, so only the message distinguishes them. */
const TOO_LARGE = /Item size .*exceeded|Size of (?:hash|range)key has exceeded/;

/** Returns whether a write was stored, by this attempt or by an earlier one of the same call, which `mark` recognises. */
async function sendOnce(
  table: Table,
  key: ItemKey,
  send: () => Promise<unknown>,
  mark: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (error.$metadata.attempts === 1) return false;
    const item = await getItem(table, key);
    return item !== undefined && Object.entries(mark).every(([name, id]) => item[name] === id);
  }
}

function toInput({ expression, names = {}, values = {} }: Expression) {
  return {
    ConditionExpression: expression,
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
