import type { SESClient } from '@aws-sdk/client-ses';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createBudgetRepository } from '../../shared/adapters/dynamodb/budget-repository.ts';
import { createMailAllowanceRepository } from '../../shared/adapters/dynamodb/mail-allowance-repository.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../shared/adapters/dynamodb/suppression-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createSesMailer } from '../../shared/adapters/ses/mailer.ts';
import { composeAccountMail } from '../../shared/mail/compose-account-mail.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import type { AnswerRequestPorts } from '../../shared/subscribers/answer-request.ts';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import type { HandleRequestsEnv } from './env.ts';

export interface HandleRequestsClients extends Pick<AnswerRequestPorts, 'keyring' | 'clock' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
  readonly ses: SESClient;
}

/** Creates the ports of `handle-requests` from clients. On one machine, the clients talk to emulators. */
export function createHandleRequestsPorts(
  env: Omit<HandleRequestsEnv, keyof TelemetryEnv>,
  { documents, ses, keyring, clock, telemetry }: HandleRequestsClients,
): AnswerRequestPorts {
  const table = openTable({ documents, clock, telemetry }, env.SUBSCRIBERS_TABLE);
  return {
    subscribers: createSubscriberRepository(table, clock, env.LEFT_RETENTION_DAYS),
    suppressions: createSuppressionRepository(table),
    allowances: createMailAllowanceRepository(table),
    budgets: createBudgetRepository(table),
    hourlyLimits: env.HOURLY_LIMITS,
    compose: async (kind, subscriber) => {
      const now = clock.now();
      const { linkKeys } = await keyring.load();
      const links = createSubscriberLinks(env.PUBLICATION.publicUrl, linkKeys, now);
      return composeAccountMail({ kind, subscriber, composedAt: now }, env.PUBLICATION, links);
    },
    mailer: createSesMailer(ses, env.CONFIGURATION_SET),
    keyring,
    clock,
    telemetry,
  };
}
