import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { daySchema, instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import type { SourceState, SourceStateRepository } from '../../ports/papers.ts';
import { findItem, type Item } from './stored-item.ts';
import { getItem, type Table } from './table.ts';

const historySchema = z.object({
  lastSuccessAt: z.optional(instantSchema),
  lastNewAt: z.optional(instantSchema),
  failuresInARow: z._default(z.int().check(z.nonnegative()), 0),
  isNewestWhole: z.optional(z.boolean()),
  newestDay: z.optional(daySchema),
  days: z.optional(z.string()),
});

const cursorSchema = z.object({ cursor: z.optional(z.string()) });

const SOURCE_PREFIX = 'SOURCE#';

/** What is kept of each source, in the `Papers` table: `SOURCE#<source>` / `STATE`. */
export function createSourceStateRepository(table: Table): SourceStateRepository {
  return {
    async load(source) {
      const item = await getItem(table, keyOf(source));
      return item && toState(table, source, item);
    },

    async save(source, state) {
      await table.documents.send(
        new PutCommand({ TableName: table.name, Item: { ...keyOf(source), ...state } }),
      );
    },
  };
}

function keyOf(source: string) {
  return { pk: `${SOURCE_PREFIX}${source}`, sk: 'STATE' };
}

/**
 * Reads the cursor and each history on its own, so one that cannot be read costs only itself. Earlier releases stored one
 * history at the top of the item, because every source had one list, named like the source.
 */
function toState(table: Table, source: string, item: Item): SourceState {
  const { pk, sk, lists = { [source]: item } } = item;
  const histories = Object.entries(lists ?? {}).flatMap(([list, history]) => {
    const read = findItem(table, z.object({ [list]: historySchema }), { pk, sk, [list]: history });
    return read?.[list] ? [[list, read[list]] as const] : [];
  });
  return { ...findItem(table, cursorSchema, item), lists: Object.fromEntries(histories) };
}
