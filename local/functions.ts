import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { createApiPorts } from '../functions/api/ports.ts';
import { createDrawCardsPorts } from '../functions/draw-cards/ports.ts';
import { createFanOutDigestsHandler } from '../functions/fan-out-digests/handler.ts';
import { createFanOutDigestsPorts } from '../functions/fan-out-digests/ports.ts';
import { createHandleFeedbackHandler } from '../functions/handle-feedback/handler.ts';
import { createHandleFeedbackPorts } from '../functions/handle-feedback/ports.ts';
import { createHandleRequestsHandler } from '../functions/handle-requests/handler.ts';
import { createHandleRequestsPorts } from '../functions/handle-requests/ports.ts';
import type { IngestPapersEnv } from '../functions/ingest-papers/env.ts';
import { createIngestPapersHandler, type IngestPapersResult } from '../functions/ingest-papers/handler.ts';
import { createIngestPapersPorts, type IngestPapersClients } from '../functions/ingest-papers/ports.ts';
import { createPlanDigestsHandler, type PlanDigestsResult } from '../functions/plan-digests/handler.ts';
import { createPlanDigestsPorts } from '../functions/plan-digests/ports.ts';
import { createSendDigestsHandler } from '../functions/send-digests/handler.ts';
import { createSendDigestsPorts } from '../functions/send-digests/ports.ts';
import { memoryMb } from '../infra/memory.ts';
import type { SqsHandler } from '../shared/adapters/lambda/sqs-handler.ts';
import { createMeteredQueue } from '../shared/adapters/sqs/metered-queue.ts';
import type { WhenUncertain } from '../shared/domain/digests/delivery-state.ts';
import { listsTextSchema, type SourceName } from '../shared/domain/lists/lists.ts';
import { DEFAULT_LEFT_RETENTION_DAYS } from '../shared/domain/retention.ts';
import type { Clock, Timer } from '../shared/domain/time/time.ts';
import type { Telemetry } from '../shared/observability.ts';
import type { SendPorts } from '../shared/pipeline/sending/send-batch.ts';
import type { Publication } from '../shared/presentation/publication.ts';
import type { Keys } from '../shared/subscribers/keys.ts';
import { hourlyLimitsSchema } from '../shared/subscribers/web-budgets.ts';
import { readInstalledAsset } from '../shared/web/cards/card-assets.ts';
import type { CardPorts } from '../shared/web/cards/card-routes.ts';
import { NO_EDGE } from '../shared/web/parts/client-address.ts';
import type { WebAppPorts } from '../shared/web/ports.ts';
import { LOCAL_CONFIGURATION_SET, type LocalAws } from './aws.ts';
import { localTables } from './repositories.ts';

/** The functions of the pipeline, the same handlers that Lambda runs. */
export interface LocalFunctions {
  ingestPapers(source: SourceName): Promise<IngestPapersResult>;
  planDigests(): Promise<PlanDigestsResult>;
  readonly fanOutDigests: SqsHandler;
  readonly sendDigests: SqsHandler;
  readonly handleFeedback: SqsHandler;
  readonly handleRequests: SqsHandler;
  /** What `sendDigests` needs from outside. */
  readonly sendPorts: SendPorts;
  /** What the pages and the HTTP API need from outside, as `api` has it. */
  readonly webPorts: WebAppPorts;
  /** What the images of shared links need from outside, as `draw-cards` has it. */
  readonly cardPorts: CardPorts;
}

export interface LocalFunctionsOptions {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly telemetry: Telemetry;
  readonly publication: Publication;
  readonly keys: Keys;
  /** The lists that are read: `hf-daily,arxiv/cs.CL`. @default 'hf-daily' */
  readonly lists?: string;
  /** The addresses of sources. @default the real ones */
  readonly sourceUrls?: IngestPapersEnv['SOURCE_URLS'];
  /** The feeds by name, with their addresses. @default none */
  readonly feeds?: IngestPapersEnv['FEEDS'];
  /** The HTTP client for the sources. @default one on this machine's network and clock */
  readonly http?: IngestPapersClients['http'];
  /** The time between two requests to arXiv. Set it only for the sample. @default as arXiv asks */
  readonly requestIntervalMs?: number | undefined;
  /** The number of workers that send digests in parallel. @default 1 */
  readonly maxWorkers?: number;
  /** @default 'at-most-once' */
  readonly whenUncertain?: WhenUncertain;
}

/** The part of the services that the functions reach. */
export type FunctionClients = Pick<LocalAws, 'documents' | 'sqs' | 'ses' | 'queueUrls'>;

const INGEST_TIMEOUT_MS = 300_000;

/** Default preferences of new subscribers, as in a deployment without settings. */
const DEFAULTS = { DEFAULT_CADENCE: 'daily', DEFAULT_HOUR: 8 } as const;
const HOURLY_LIMITS = hourlyLimitsSchema.parse({});

/** Composes the functions on local services, as each function's `index.ts` does on AWS. */
export function createLocalFunctions(aws: FunctionClients, options: LocalFunctionsOptions): LocalFunctions {
  const {
    clock,
    timer,
    telemetry,
    publication,
    http,
    requestIntervalMs,
    maxWorkers = 1,
    whenUncertain = 'at-most-once',
  } = options;
  const keyring = { load: async () => options.keys };
  const clients = { ...aws, keyring, clock, timer, telemetry, ...(http && { http }) };
  const sending = {
    MAX_WORKERS: maxWorkers,
    WHEN_UNCERTAIN: whenUncertain,
    MEMORY_MB: memoryMb['send-digests'],
  };
  const LISTS = listsTextSchema.parse(options.lists ?? 'hf-daily');
  const tables = {
    LISTS,
    PAPERS_TABLE: localTables.papers,
    SUBSCRIBERS_TABLE: localTables.subscribers,
    DELIVERIES_TABLE: localTables.deliveries,
    LEFT_RETENTION_DAYS: DEFAULT_LEFT_RETENTION_DAYS,
  };
  const queues = {
    COHORTS_QUEUE_URL: aws.queueUrls.cohorts,
    DIGESTS_QUEUE_URL: aws.queueUrls.digests,
    REQUESTS_QUEUE_URL: aws.queueUrls.requests,
  };
  const mails = {
    CONFIGURATION_SET: LOCAL_CONFIGURATION_SET,
    PUBLICATION: publication,
    KEYS_SECRET: 'local',
    HOURLY_LIMITS,
  };

  const ingestEnv = {
    ...tables,
    PUBLIC_URL: publication.publicUrl,
    SOURCE_URLS: options.sourceUrls,
    FEEDS: options.feeds,
  };
  const ingestClients = { ...clients, ...(requestIntervalMs !== undefined && { requestIntervalMs }) };
  const ingestPapers = createIngestPapersHandler(createIngestPapersPorts(ingestEnv, ingestClients));
  const sendPorts = createSendDigestsPorts(
    { ...tables, ...queues, ...mails, ...sending },
    { ...clients, digestsQueue: createMeteredQueue(aws.queueUrls.digests, aws.sqs) },
  );
  return {
    ingestPapers: (source) => ingestPapers({ source }, { getRemainingTimeInMillis: () => INGEST_TIMEOUT_MS }),
    planDigests: createPlanDigestsHandler(createPlanDigestsPorts({ ...tables, ...queues }, clients)),
    fanOutDigests: createFanOutDigestsHandler(
      createFanOutDigestsPorts({ ...tables, ...queues, MEMORY_MB: memoryMb['fan-out-digests'] }, clients),
    ),
    sendPorts,
    sendDigests: createSendDigestsHandler(sendPorts),
    handleFeedback: createHandleFeedbackHandler(createHandleFeedbackPorts(tables, clients)),
    handleRequests: createHandleRequestsHandler(createHandleRequestsPorts({ ...tables, ...mails }, clients)),
    webPorts: createApiPorts(
      {
        ...tables,
        ...queues,
        ...mails,
        ...DEFAULTS,
        DEFAULT_LISTS: LISTS.slice(0, 1),
        TRUSTED_PROXIES: [],
        EDGE: NO_EDGE,
      },
      { ...clients, peerAddress: peerAddressOf },
    ),
    cardPorts: createDrawCardsPorts({ ...tables, ...mails }, { ...clients, readAsset: readInstalledAsset }),
  };
}

/** Returns the client's address. Undefined for a request without a connection, as in tests. */
function peerAddressOf(context: Context): string | undefined {
  return context.env?.incoming ? getConnInfo(context).remote.address : undefined;
}
