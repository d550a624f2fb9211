import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ListId } from '../../domain/list.ts';
import type { SourceStateRepository } from '../../ports/papers.ts';
import { findItem } from './stored-item.ts';
import type { Table } from './table.ts';

const sourceStateSchema = z.object({
  cursor: z.string().optional(),
  lastSuccessAt: z.iso.datetime({ precision: 3 }).optional(),
  lastNewAt: z.iso.datetime({ precision: 3 }).optional(),
  failuresInARow: z.int().nonnegative().default(0),
  isNewestWhole: z.boolean().optional(),
});

/** What is remembered of each list, in the `Papers` table: `SOURCE#<list>` / `STATE`. */
export function createSourceStateRepository(table: Table): SourceStateRepository {
  return {
    async load(list) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: keyOf(list), ConsistentRead: true }),
      );
      return Item && findItem(table, sourceStateSchema, Item);
    },

    async save(list, state) {
      await table.documents.send(
        new PutCommand({ TableName: table.name, Item: { ...keyOf(list), ...state } }),
      );
    },
  };
}

function keyOf(list: ListId) {
  return { pk: `SOURCE#${list}`, sk: 'STATE' };
}
