import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type CohortKey, parseCohortKey, toCohortKey } from '../../domain/cohort.ts';
import type { CohortRepository } from '../../ports.ts';
import { cohortIndexes } from '../../table-schema.ts';
import { deleteIf } from './conditional-write.ts';
import { parseItem, queryAll, type Table } from './table.ts';

const COHORTS = 'COHORTS';
const SUBSCRIBER_PREFIX = 'SUB#';

const memberSchema = z.object({ pk: z.string().startsWith(SUBSCRIBER_PREFIX) });
const cohortItemSchema = z.object({ sk: z.string() });

/** Cohorts in the `Subscribers` table: that one exists as `COHORTS` / `<cohort>`, who is in it by its cadence's index. */
export function createCohortRepository(table: Table): CohortRepository {
  return {
    async loadAll() {
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': COHORTS },
        ConsistentRead: true,
      });
      return items.map((item) => parseCohortKey(parseItem(cohortItemSchema, item).sk));
    },

    async loadMembers(cohort, after, limit) {
      const index = cohortIndexes[cohort.cadence];
      const { Items = [] } = await table.documents.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: index.name,
          KeyConditionExpression: '#cohort = :cohort AND pk > :after',
          ExpressionAttributeNames: { '#cohort': index.attribute },
          ExpressionAttributeValues: {
            ':cohort': toCohortKey(cohort),
            ':after': `${SUBSCRIBER_PREFIX}${after ?? ''}`,
          },
          Limit: limit,
        }),
      );
      return Items.map((item) => parseItem(memberSchema, item).pk.slice(SUBSCRIBER_PREFIX.length));
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

/** Where it stands that a cohort exists. */
export function toCohortItemKey(cohort: CohortKey) {
  return { pk: COHORTS, sk: cohort };
}
