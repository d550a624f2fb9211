import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createCohortRepository } from '../../shared/adapters/dynamodb/cohort-repository.ts';
import { createPlannerRepository } from '../../shared/adapters/dynamodb/planner-repository.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createQueue } from '../../shared/adapters/sqs/queue.ts';
import { sourcesOf } from '../../shared/domain/lists/lists.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import type { PlanPorts } from '../../shared/pipeline/plan.ts';
import type { PlanDigestsEnv } from './env.ts';

export interface PlanDigestsClients extends Pick<PlanPorts, 'clock' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
}

/** Creates the ports of `plan-digests` from clients. On one machine, the clients talk to emulators. */
export function createPlanDigestsPorts(
  env: Omit<PlanDigestsEnv, keyof TelemetryEnv>,
  clients: PlanDigestsClients,
): PlanPorts {
  const { documents, sqs, clock, telemetry } = clients;
  const tables = { documents, clock, telemetry };
  const subscribers = openTable(tables, env.SUBSCRIBERS_TABLE);
  return {
    planner: createPlannerRepository(subscribers),
    cohorts: createCohortRepository(subscribers),
    sources: sourcesOf(env.LISTS),
    sourceStates: createSourceStateRepository(openTable(tables, env.PAPERS_TABLE)),
    cohortQueue: createQueue(sqs, env.COHORTS_QUEUE_URL),
    clock,
    telemetry,
  };
}
