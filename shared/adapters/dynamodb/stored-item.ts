import { UnreadableError } from '../../domain/errors.ts';
import { addMs, type Clock, type Instant, TICK_MS } from '../../domain/time/time.ts';
import type * as z from '../../domain/zod.ts';
import type { Telemetry } from '../../observability.ts';
import type { UnreadableState } from '../../ports/planning.ts';

/** An item as DynamoDB returns it. */
export type Item = Record<string, unknown>;

/**
 * A stored item does not fit its schema. The error names the item and the fields that are wrong. It has none of the values,
 * because one may be an address.
 */
export class UnreadableItemError extends UnreadableError {
  override readonly name = 'UnreadableItemError';
  readonly table: string;
  readonly pk: string;
  readonly sk: string;
  /** What is wrong, by field: `claimedAt: Invalid ISO datetime`. */
  readonly faults: readonly string[];

  constructor(
    table: string,
    { pk, sk }: Item,
    faults: readonly string[],
    message = `the item ${pk} / ${sk} does not fit its schema: ${faults.join('; ')}`,
  ) {
    super(message);
    this.table = table;
    this.pk = String(pk);
    this.sk = String(sk);
    this.faults = faults;
  }
}

/** Where items are read from. */
export interface ItemSource {
  readonly name: string;
  /** Called with each item that does not fit its schema. @default throws the error */
  readonly onUnreadable?: (error: UnreadableItemError) => void;
}

/**
 * Returns the item as its schema describes it. An attribute that is null counts as missing.
 *
 * @throws UnreadableItemError after the table reported it
 */
export function readItem<Schema extends z.ZodMiniType>(
  table: ItemSource,
  schema: Schema,
  item: Item,
): z.infer<Schema> {
  const parsed = parse(table, schema, item);
  if (!(parsed instanceof UnreadableItemError)) return parsed.data;
  table.onUnreadable?.(parsed);
  throw parsed;
}

/**
 * Returns the item as its schema describes it. Undefined for one that cannot be read, which the table reports.
 *
 * @throws UnreadableItemError if the table has no `onUnreadable`
 */
export function findItem<Schema extends z.ZodMiniType>(
  table: ItemSource,
  schema: Schema,
  item: Item,
): z.infer<Schema> | undefined {
  const parsed = parse(table, schema, item);
  if (!(parsed instanceof UnreadableItemError)) return parsed.data;
  if (!table.onUnreadable) throw parsed;
  table.onUnreadable(parsed);
  return undefined;
}

/** Returns all items that {@link findItem} can read. */
export function findItems<Schema extends z.ZodMiniType>(
  table: ItemSource,
  schema: Schema,
  items: readonly Item[],
): readonly NonNullable<z.infer<Schema>>[] {
  return items.flatMap((item) => findItem(table, schema, item) ?? []);
}

function parse<Schema extends z.ZodMiniType>(table: ItemSource, schema: Schema, item: Item) {
  const present = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
  const parsed = schema.safeParse(present);
  if (parsed.success) return { data: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return new UnreadableItemError(table.name, item, faults);
}

/**
 * Returns a handler that replaces an unreadable item, which is already reported, by a value.
 *
 * @example await loadBatch(edition, 0).catch(ifUnreadable(undefined))
 * @throws any other error
 */
export function ifUnreadable<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof UnreadableItemError) return value;
    throw error;
  };
}

/** Returns what is known of an item that cannot be read: the id of the write that left it. */
export function toUnreadable({ writeId }: Item): UnreadableState {
  return { kind: 'unreadable', writeId };
}

/** An item is logged at most once in this time. */
const LOG_EVERY_MS = TICK_MS;

/** More items than this are not remembered, so that a table of bad items does not fill the memory. */
const MAX_REMEMBERED = 10_000;

/** Returns a function that logs and counts an item that cannot be read, at most once in a quarter hour. */
export function createUnreadableReport({
  telemetry,
  clock,
}: {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}): (error: UnreadableItemError) => void {
  const loggedAt = new Map<string, Instant>();
  return ({ table, pk, sk, faults }) => {
    const name = `${table} ${pk} ${sk}`;
    const now = clock.now();
    if ((loggedAt.get(name) ?? '') > addMs(now, -LOG_EVERY_MS)) return;
    if (loggedAt.size >= MAX_REMEMBERED) loggedAt.clear();
    loggedAt.set(name, now);
    telemetry.error('A stored record cannot be read', { table, pk, sk, faults });
    telemetry.count('RecordsUnreadable', 1);
  };
}
