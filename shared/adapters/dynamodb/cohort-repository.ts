import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type CohortKey, parseCohortKey, toCohortKey } from '../../domain/cohort.ts';
import type { CohortRepository } from '../../ports/planning.ts';
import { deleteIf } from './conditional-write.ts';
import { findItems } from './stored-item.ts';
import { queryAll, type Table } from './table.ts';
import { cohortIndexes } from './table-schema.ts';

const COHORTS = 'COHORTS';
const SUBSCRIBER_PREFIX = 'SUB#';
const PROFILE = 'PROFILE';

const memberSchema = z.object({
  pk: z.string().startsWith(SUBSCRIBER_PREFIX),
  sk: z.literal(PROFILE),
});

/** A cohort's item, read as its cohort. What else the item holds does not matter to the planner. */
export const storedCohortSchema = z.object({ sk: z.string() }).transform(({ sk }, { issues }) => {
  try {
    return parseCohortKey(sk);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    issues.push({ code: 'custom', input: sk, path: ['sk'], message: error.message });
    return z.NEVER;
  }
});

/** Cohorts in the `Subscribers` table: that one exists as `COHORTS` / `<cohort>`, who is in it by its cadence's index. */
export function createCohortRepository(table: Table): CohortRepository {
  return {
    async loadAll() {
      // At most some 90,000 of daily, weekly and monthly cohorts, for 400 zones, of 100 bytes, and the instant ones in use.
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': COHORTS },
        ConsistentRead: true,
      });
      return findItems(table, storedCohortSchema, items);
    },

    async loadMembers(cohort, after, limit) {
      const index = cohortIndexes[cohort.cadence];
      const ids: string[] = [];
      let from: QueryCommandOutput['LastEvaluatedKey'];
      do {
        const command = new QueryCommand({
          TableName: table.name,
          IndexName: index.name,
          KeyConditionExpression: '#cohort = :cohort AND pk > :after',
          ExpressionAttributeNames: { '#cohort': index.attribute },
          ExpressionAttributeValues: {
            ':cohort': toCohortKey(cohort),
            ':after': `${SUBSCRIBER_PREFIX}${after ?? ''}`,
          },
          Limit: limit - ids.length,
          ExclusiveStartKey: from,
        });
        const { Items = [], LastEvaluatedKey } = await table.documents.send(command);
        const members = findItems(table, memberSchema, Items);
        ids.push(...members.map(({ pk }) => pk.slice(SUBSCRIBER_PREFIX.length)));
        from = LastEvaluatedKey;
        // A page may have items that cannot be read, and it ends at 1 MB.
      } while (from && ids.length < limit);
      return ids;
    },

    async removeIfIdle(cohort, joinedBefore) {
      const isIdle = {
        expression: 'lastJoinedAt < :joinedBefore',
        values: { ':joinedBefore': joinedBefore },
      };
      await deleteIf(table, isIdle, toCohortItemKey(toCohortKey(cohort)));
    },
  };
}

/** The key of the item that lists a cohort. */
export function toCohortItemKey(cohort: CohortKey) {
  return { pk: COHORTS, sk: cohort };
}
