import * as z from 'zod';
import {
  createCohortRepository,
  storedCohortSchema,
  toCohortItemKey,
} from '../../../shared/adapters/dynamodb/cohort-repository.ts';
import { findItems } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { queryAll, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { AuditedCohorts } from '../ports.ts';

/** Later than any edition. */
const UNKNOWN_TIME: Instant = '9999-12-31T23:59:59.999Z';

/** A cohort that does not say when somebody joined it may have been joined at any time. */
const joinedSchema = z.object({ lastJoinedAt: z.iso.datetime().catch(UNKNOWN_TIME) });

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
      return items.flatMap((item) => {
        const [cohort] = findItems(table, storedCohortSchema, [item]);
        return cohort ? [{ cohort, ...joinedSchema.parse(item) }] : [];
      });
    },

    async hasMembers(cohort) {
      const members = await permitted('dynamodb:Query', () => loadMembers(cohort, undefined, 1));
      return members.length > 0;
    },
  };
}
