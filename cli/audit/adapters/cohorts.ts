import * as z from 'zod';
import {
  createCohortRepository,
  toCohortItemKey,
} from '../../../shared/adapters/dynamodb/cohort-repository.ts';
import { parseItem, queryAll, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { parseCohortKey } from '../../../shared/domain/cohort.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { AuditedCohorts } from '../ports.ts';

const itemSchema = z.object({ sk: z.string(), lastJoinedAt: z.iso.datetime() });

/** Cohorts in the `Subscribers` table, with the time at which somebody last joined each. */
export function createAuditedCohorts(table: Table): AuditedCohorts {
  const { loadMembers } = createCohortRepository(table);
  return {
    async loadAll() {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': toCohortItemKey('').pk },
        ConsistentRead: true,
      };
      const items = await permitted('dynamodb:Query', () => queryAll(table, query));
      return items
        .map((item) => parseItem(itemSchema, item))
        .map(({ sk, lastJoinedAt }) => ({ cohort: parseCohortKey(sk), lastJoinedAt }));
    },

    async hasMembers(cohort) {
      const members = await permitted('dynamodb:Query', () => loadMembers(cohort, undefined, 1));
      return members.length > 0;
    },
  };
}
