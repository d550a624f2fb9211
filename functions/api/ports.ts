import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import type { Clock } from '../../shared/domain/time.ts';
import type { Keyring } from '../../shared/keys.ts';
import type { Telemetry } from '../../shared/ports.ts';
import type { WebAppOptions } from '../../shared/web/app.tsx';
import type { ApiEnv } from './env.ts';

export interface ApiClients {
  readonly documents: DynamoDBDocumentClient;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What the pages of `api` need from outside, on AWS or on one machine alike. */
export function createApiPorts(
  env: ApiEnv,
  { documents, keyring, clock, telemetry }: ApiClients,
): WebAppOptions {
  return {
    subscribers: createSubscriberRepository({ documents, name: env.SUBSCRIBERS_TABLE }, clock),
    publication: env.PUBLICATION,
    keyring,
    telemetry,
  };
}
