import { paperIdSchema } from '../../domain/papers/paper.ts';
import type { Day } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { NewVersionRepository } from '../../ports/papers.ts';
import { putIf } from './conditional-write.ts';
import { findItems } from './stored-item.ts';
import { queryPartition, type Table } from './table.ts';

const newVersionSchema = z.object({ paperId: paperIdSchema, version: z.int().check(z.positive()) });

/** New versions of papers in the `Papers` table: `VERSIONS#<day>` / `<paper id>`. */
export function createNewVersionRepository(table: Table): NewVersionRepository {
  return {
    async save(day, { paperId, version }) {
      const isHigher = {
        // Also replaces an item with a value of another type, because a comparison with it does not hold.
        expression: 'NOT (version >= :version)',
        values: { ':version': version },
      };
      await putIf(table, isHigher, { pk: partitionOf(day), sk: paperId, version });
    },

    async load(day) {
      // All categories of computer science have about 600 a day.
      const items = await queryPartition(table, partitionOf(day));
      return findItems(
        table,
        newVersionSchema,
        items.map(({ sk, ...item }) => ({ ...item, sk, paperId: sk })),
      );
    },
  };
}

function partitionOf(day: Day): string {
  return `VERSIONS#${day}`;
}
