import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'hono';
import { createBatchRepository } from '../../shared/adapters/dynamodb/batch-repository.ts';
import { createBudgetRepository } from '../../shared/adapters/dynamodb/budget-repository.ts';
import { createDeliveryHistory } from '../../shared/adapters/dynamodb/delivery-history.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createMailAllowanceRepository } from '../../shared/adapters/dynamodb/mail-allowance-repository.ts';
import { createPaperReader } from '../../shared/adapters/dynamodb/paper-reader.ts';
import { createSnapshotReader } from '../../shared/adapters/dynamodb/snapshot-reader.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../shared/adapters/dynamodb/suppression-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createQueueOnDemand } from '../../shared/adapters/sqs/queue-on-demand.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import { createClientAddress } from '../../shared/web/parts/client-address.ts';
import type { WebAppPorts } from '../../shared/web/ports.ts';
import type { ApiEnv } from './env.ts';
import { createArchiveOnDemand, createListDaysOnDemand, createSearchOnDemand } from './on-demand.ts';

export interface ApiClients extends Pick<WebAppPorts, 'keyring' | 'clock' | 'telemetry'> {
  /** Returns the IP address at the other end of a request's connection. Undefined without a connection. */
  readonly peerAddress: (context: Context) => string | undefined;
  readonly documents: DynamoDBDocumentClient;
  /** @default one that the first message creates */
  readonly sqs?: SQSClient;
}

/** Creates the ports of `api` from clients. On one machine, the clients talk to emulators. */
export function createApiPorts(
  env: Omit<ApiEnv, keyof TelemetryEnv>,
  { documents, sqs, peerAddress, ...clients }: ApiClients,
): WebAppPorts {
  const tables = { documents, clock: clients.clock, telemetry: clients.telemetry };
  const papers = openTable(tables, env.PAPERS_TABLE);
  const subscribers = openTable(tables, env.SUBSCRIBERS_TABLE);
  const deliveries = openTable(tables, env.DELIVERIES_TABLE);
  const stored = {
    papers: createPaperReader(papers),
    listings: createListingRepository(papers),
    snapshots: createSnapshotReader(papers),
  };
  const listDays = createListDaysOnDemand(async () => {
    const { createListDayCache } = await import('../../shared/pipeline/snapshots/list-day-cache.ts');
    return createListDayCache({ ...stored, clock: clients.clock, telemetry: clients.telemetry });
  });
  const archive = createArchiveOnDemand(async () => {
    const { createArchiveReader } = await import('../../shared/adapters/dynamodb/archive-reader.ts');
    return createArchiveReader(papers);
  });
  const listIds = env.LISTS.map(({ id }) => id);
  return {
    ...clients,
    clientAddress: createClientAddress(peerAddress, env.TRUSTED_PROXIES, env.EDGE),
    subscribers: createSubscriberRepository(subscribers, clients.clock, env.LEFT_RETENTION_DAYS),
    suppressions: createSuppressionRepository(subscribers),
    allowances: createMailAllowanceRepository(subscribers),
    budgets: createBudgetRepository(subscribers),
    hourlyLimits: env.HOURLY_LIMITS,
    editions: createBatchRepository(deliveries),
    history: createDeliveryHistory(deliveries),
    papers: stored.papers,
    listings: stored.listings,
    snapshots: stored.snapshots,
    archive,
    listDays,
    search: createSearchOnDemand(async () => {
      if (env.OPEN_SEARCH) {
        const { openOpenSearch } = await import('../../shared/adapters/opensearch/paper-search.ts');
        const ports = { ...clients, papers: stored.papers };
        return openOpenSearch(env.OPEN_SEARCH, documents.config.credentials, ports);
      }
      const { createPaperSearch } = await import('../../shared/pipeline/search/paper-search.ts');
      return createPaperSearch({ ...clients, papers: stored.papers, listDays, archive, lists: listIds });
    }),
    sourceStates: createSourceStateRepository(papers),
    requests: createQueueOnDemand(async () => {
      const { createQueue, createSqsClient } = await import('../../shared/adapters/sqs/queue.ts');
      return createQueue(sqs ?? createSqsClient(), env.REQUESTS_QUEUE_URL);
    }),
    publication: env.PUBLICATION,
    leftRetentionDays: env.LEFT_RETENTION_DAYS,
    lists: listIds,
    defaults: {
      cadence: env.DEFAULT_CADENCE,
      hour: env.DEFAULT_HOUR,
      lists: env.DEFAULT_LISTS.map(({ id }) => id),
    },
  };
}
