import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDeliveryRepository } from '../../shared/adapters/dynamodb/delivery-repository.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import type { FeedbackPorts } from '../../shared/pipeline/feedback.ts';
import type { HandleFeedbackEnv } from './env.ts';

export interface HandleFeedbackClients extends Pick<FeedbackPorts, 'clock' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
}

/** The ports of `handle-feedback`, on AWS or on one machine alike. */
export function createHandleFeedbackPorts(
  env: HandleFeedbackEnv,
  { documents, clock, telemetry }: HandleFeedbackClients,
): FeedbackPorts {
  return {
    subscribers: createSubscriberRepository({ documents, name: env.SUBSCRIBERS_TABLE }, clock),
    deliveries: createDeliveryRepository({ documents, name: env.DELIVERIES_TABLE }, clock),
    clock,
    telemetry,
  };
}
