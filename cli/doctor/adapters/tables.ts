import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { createCohortRepository } from '../../../shared/adapters/dynamodb/cohort-repository.ts';
import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../../shared/adapters/dynamodb/suppression-repository.ts';
import type { Table } from '../../../shared/adapters/dynamodb/table.ts';
import { cohortIndexes } from '../../../shared/adapters/dynamodb/table-schema.ts';
import { type Cohort, INSTANT_COHORT, toCohortKey } from '../../../shared/domain/cohort.ts';
import type { Clock } from '../../../shared/domain/time.ts';
import { permitted } from '../../deployment/aws-call.ts';
import type { Cohorts, ProbeRepository } from '../ports.ts';

const COHORTS_AT_ONCE = 8;

/** Cohorts and their sizes. An unreadable one is reported and left out. It reads the indexes of the fan-out, so it needs no scan and reads no profile. */
export function createCohorts(table: Table): Cohorts {
  return {
    countAll: () =>
      permitted('dynamodb:Query', async () => {
        const faults: string[] = [];
        const onUnreadable = ({ message }: Error) => void faults.push(message);
        const cohorts = await createCohortRepository({ ...table, onUnreadable }).loadAll();
        const sizes = await pMap(
          [...cohorts, INSTANT_COHORT],
          async (cohort) => ({ cohort, members: await countMembers(table, cohort) }),
          { concurrency: COHORTS_AT_ONCE },
        );
        return { sizes, faults };
      }),
  };
}

/**
 * Profiles in the `Subscribers` table that a check creates. Erasing one also removes its suppression, so no trace stays.
 *
 * @param leftRetentionDays how long a probe is kept if it unsubscribed and erasing it failed
 */
export function createProbes(table: Table, clock: Clock, leftRetentionDays: number): ProbeRepository {
  const repository = createSubscriberRepository(table, clock, leftRetentionDays);
  const suppressions = createSuppressionRepository(table);
  return {
    load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
    save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    erase: (id) =>
      permitted('dynamodb:DeleteItem', async () => {
        await repository.erase(id);
        await suppressions.erase(id);
      }),
  };
}

async function countMembers(table: Table, cohort: Cohort): Promise<number> {
  const index = cohortIndexes[cohort.cadence];
  let members = 0;
  const pages = paginateQuery(
    { client: table.documents },
    {
      TableName: table.name,
      IndexName: index.name,
      KeyConditionExpression: '#cohort = :cohort',
      ExpressionAttributeNames: { '#cohort': index.attribute },
      ExpressionAttributeValues: { ':cohort': toCohortKey(cohort) },
      Select: 'COUNT',
    },
  );
  for await (const { Count = 0 } of pages) members += Count;
  return members;
}
