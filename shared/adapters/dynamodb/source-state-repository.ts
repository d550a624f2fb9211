import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SourceStateRepository } from '../../ports/papers.ts';
import { findItem } from './stored-item.ts';
import type { Table } from './table.ts';

const instantSchema = z.iso.datetime({ precision: 3 });

const historySchema = z.object({
  lastSuccessAt: instantSchema.optional(),
  lastNewAt: instantSchema.optional(),
  failuresInARow: z.int().nonnegative().default(0),
  isNewestWhole: z.boolean().optional(),
});

const stateSchema = z.object({
  cursor: z.string().optional(),
  lists: z.record(z.string(), historySchema),
});

/** The state as earlier releases stored it: every source had one list, named like the source, with its history at the top. */
const earlierStateSchema = historySchema
  .extend({ pk: z.string(), cursor: z.string().optional() })
  .transform(({ pk, cursor, ...history }) => ({
    ...(cursor !== undefined && { cursor }),
    lists: { [pk.slice(SOURCE_PREFIX.length)]: history },
  }));

const SOURCE_PREFIX = 'SOURCE#';

/** What is kept of each source, in the `Papers` table: `SOURCE#<source>` / `STATE`. */
export function createSourceStateRepository(table: Table): SourceStateRepository {
  return {
    async load(source) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: keyOf(source), ConsistentRead: true }),
      );
      return Item && findItem(table, Item.lists ? stateSchema : earlierStateSchema, Item);
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
