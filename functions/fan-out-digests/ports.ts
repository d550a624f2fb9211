import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createCohortRepository } from '../../shared/adapters/dynamodb/cohort-repository.ts';
import { createEditionRepository } from '../../shared/adapters/dynamodb/edition-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createMeter } from '../../shared/adapters/meter.ts';
import { createQueue } from '../../shared/adapters/sqs/queue.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import type { FanOutPorts } from '../../shared/pipeline/fan-out.ts';
import type { FanOutDigestsEnv } from './env.ts';

export interface FanOutDigestsClients extends Pick<FanOutPorts, 'clock' | 'timer' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
}

/** Creates the ports of `fan-out-digests` from clients. On one machine, the clients talk to emulators. */
export function createFanOutDigestsPorts(
  env: Omit<FanOutDigestsEnv, keyof TelemetryEnv>,
  clients: FanOutDigestsClients,
): FanOutPorts {
  const { documents, sqs, clock, timer, telemetry } = clients;
  const tables = { documents, clock, telemetry };
  return {
    cohorts: createCohortRepository(openTable(tables, env.SUBSCRIBERS_TABLE)),
    editions: createEditionRepository(openTable(tables, env.DELIVERIES_TABLE), clock),
    digestsQueue: createQueue(sqs, env.DIGESTS_QUEUE_URL),
    cohortQueue: createQueue(sqs, env.COHORTS_QUEUE_URL),
    meter: createMeter({ clients: { dynamodb: documents, sqs }, clock, memoryMb: env.MEMORY_MB }),
    clock,
    timer,
    telemetry,
  };
}
