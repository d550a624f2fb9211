import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDeliveryRepository } from '../../shared/adapters/dynamodb/delivery-repository.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import type { FeedbackPorts } from '../../shared/feedback/handle-feedback.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import type { HandleFeedbackEnv } from './env.ts';

export interface HandleFeedbackClients extends Pick<FeedbackPorts, 'clock' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
}

/** Creates the ports of `handle-feedback` from clients. On one machine, the clients talk to emulators. */
export function createHandleFeedbackPorts(
  env: Omit<HandleFeedbackEnv, keyof TelemetryEnv>,
  { documents, clock, telemetry }: HandleFeedbackClients,
): FeedbackPorts {
  const tables = { documents, clock, telemetry };
  return {
    subscribers: createSubscriberRepository(
      openTable(tables, env.SUBSCRIBERS_TABLE),
      clock,
      env.LEFT_RETENTION_DAYS,
    ),
    deliveries: createDeliveryRepository(openTable(tables, env.DELIVERIES_TABLE), clock),
    clock,
    telemetry,
  };
}
