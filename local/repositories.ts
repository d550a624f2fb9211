import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createArchiveRepository } from '../shared/adapters/dynamodb/archive-repository.ts';
import { createBudgetRepository } from '../shared/adapters/dynamodb/budget-repository.ts';
import { createCohortRepository } from '../shared/adapters/dynamodb/cohort-repository.ts';
import { createDeliveryHistory } from '../shared/adapters/dynamodb/delivery-history.ts';
import { createDeliveryRepository } from '../shared/adapters/dynamodb/delivery-repository.ts';
import { createEditionRepository } from '../shared/adapters/dynamodb/edition-repository.ts';
import { createLeases } from '../shared/adapters/dynamodb/leases.ts';
import { createListingRepository } from '../shared/adapters/dynamodb/listing-repository.ts';
import { createMailAllowanceRepository } from '../shared/adapters/dynamodb/mail-allowance-repository.ts';
import { createNewVersionRepository } from '../shared/adapters/dynamodb/new-version-repository.ts';
import { createPaperRepository } from '../shared/adapters/dynamodb/paper-repository.ts';
import { createPlannerRepository } from '../shared/adapters/dynamodb/planner-repository.ts';
import { createSnapshotRepository } from '../shared/adapters/dynamodb/snapshot-repository.ts';
import { createSourceStateRepository } from '../shared/adapters/dynamodb/source-state-repository.ts';
import {
  createSubscriberReader,
  createSubscriberRepository,
} from '../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../shared/adapters/dynamodb/suppression-repository.ts';
import { openTable, type Table } from '../shared/adapters/dynamodb/table.ts';
import type { TableName } from '../shared/adapters/dynamodb/table-schema.ts';
import { createWaitlist } from '../shared/adapters/dynamodb/waitlist.ts';
import { DEFAULT_LEFT_RETENTION_DAYS } from '../shared/domain/retention.ts';
import type { Clock } from '../shared/domain/time/time.ts';
import type { Telemetry } from '../shared/observability.ts';

export const localTables: Readonly<Record<TableName, string>> = {
  papers: 'broadsheet-papers',
  subscribers: 'broadsheet-subscribers',
  deliveries: 'broadsheet-deliveries',
};

/**
 * Opens every repository of the three tables, for programs that may read all of them: the local system and the tests.
 *
 * @param telemetry counts and logs items that cannot be read. @default such an item throws
 */
export function openRepositories(
  documents: DynamoDBDocumentClient,
  tables: Readonly<Record<TableName, string>>,
  clock: Clock,
  telemetry?: Telemetry,
) {
  const open = (name: string): Table =>
    telemetry ? openTable({ documents, telemetry, clock }, name) : { documents, name };
  const papers = open(tables.papers);
  const subscribers = open(tables.subscribers);
  const deliveries = open(tables.deliveries);
  return {
    papers: createPaperRepository(papers),
    listings: createListingRepository(papers),
    newVersions: createNewVersionRepository(papers),
    sourceStates: createSourceStateRepository(papers),
    snapshots: createSnapshotRepository(papers, clock),
    archive: createArchiveRepository(papers, clock),
    leases: createLeases(papers),
    subscribers: {
      ...createSubscriberReader(subscribers),
      ...createSubscriberRepository(subscribers, clock, DEFAULT_LEFT_RETENTION_DAYS),
    },
    suppressions: createSuppressionRepository(subscribers),
    allowances: createMailAllowanceRepository(subscribers),
    budgets: createBudgetRepository(subscribers),
    cohorts: createCohortRepository(subscribers),
    planner: createPlannerRepository(subscribers),
    editions: createEditionRepository(deliveries, clock),
    deliveries: createDeliveryRepository(deliveries, clock),
    history: createDeliveryHistory(deliveries),
    waitlist: createWaitlist(deliveries, clock),
  };
}

export type Repositories = ReturnType<typeof openRepositories>;
