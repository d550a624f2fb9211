import { createFanOutDigestsHandler } from '../functions/fan-out-digests/handler.ts';
import { createFanOutDigestsPorts } from '../functions/fan-out-digests/ports.ts';
import { createHandleFeedbackHandler } from '../functions/handle-feedback/handler.ts';
import { createHandleFeedbackPorts } from '../functions/handle-feedback/ports.ts';
import { createIngestPapersHandler, type IngestPapersResult } from '../functions/ingest-papers/handler.ts';
import { createIngestPapersPorts } from '../functions/ingest-papers/ports.ts';
import { createPlanDigestsHandler, type PlanDigestsResult } from '../functions/plan-digests/handler.ts';
import { createPlanDigestsPorts } from '../functions/plan-digests/ports.ts';
import { createSendDigestsHandler } from '../functions/send-digests/handler.ts';
import { createSendDigestsPorts } from '../functions/send-digests/ports.ts';
import type { SqsHandler } from '../shared/adapters/lambda/sqs-handler.ts';
import type { Clock } from '../shared/domain/time.ts';
import type { Keys } from '../shared/keys.ts';
import type { Publication } from '../shared/mail/publication.ts';
import type { Telemetry } from '../shared/ports.ts';
import type { SourceName } from '../shared/sources/source-names.ts';
import { LOCAL_CONFIGURATION_SET, type LocalAws } from './aws.ts';
import { localTables } from './emulators/dynamodb.ts';

/** The functions of the pipeline, the same handlers that Lambda runs. */
export interface LocalFunctions {
  ingestPapers(source: SourceName): Promise<IngestPapersResult>;
  planDigests(): Promise<PlanDigestsResult>;
  readonly fanOutDigests: SqsHandler;
  readonly sendDigests: SqsHandler;
  readonly handleFeedback: SqsHandler;
}

export interface LocalFunctionsOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly publication: Publication;
  readonly keys: Keys;
  /** Reads the lists of Hugging Face Daily Papers from another place. */
  readonly hfUrl?: string | undefined;
}

const INGEST_TIMEOUT_MS = 300_000;

/** Composes the functions on local services, as each function's `index.ts` does on AWS. */
export function createLocalFunctions(aws: LocalAws, options: LocalFunctionsOptions): LocalFunctions {
  const { clock, telemetry, publication } = options;
  const clients = { ...aws, clock, telemetry };
  const tables = {
    MONITORING: 'basic' as const,
    PAPERS_TABLE: localTables.papers,
    SUBSCRIBERS_TABLE: localTables.subscribers,
    DELIVERIES_TABLE: localTables.deliveries,
  };
  const queues = { COHORTS_QUEUE_URL: aws.queueUrls.cohorts, DIGESTS_QUEUE_URL: aws.queueUrls.digests };

  const ingestEnv = { ...tables, PUBLIC_URL: publication.publicUrl, BROADSHEET_HF_URL: options.hfUrl };
  const ingestPapers = createIngestPapersHandler(createIngestPapersPorts(ingestEnv, clients));
  const sendEnv = {
    ...tables,
    CONFIGURATION_SET: LOCAL_CONFIGURATION_SET,
    PUBLICATION: publication,
    KEYS_SECRET: 'local',
  };
  return {
    ingestPapers: (source) => ingestPapers({ source }, { getRemainingTimeInMillis: () => INGEST_TIMEOUT_MS }),
    planDigests: createPlanDigestsHandler(createPlanDigestsPorts({ ...tables, ...queues }, clients)),
    fanOutDigests: createFanOutDigestsHandler(createFanOutDigestsPorts({ ...tables, ...queues }, clients)),
    sendDigests: createSendDigestsHandler(
      createSendDigestsPorts(sendEnv, { ...clients, keyring: { load: async () => options.keys } }),
    ),
    handleFeedback: createHandleFeedbackHandler(createHandleFeedbackPorts(tables, clients)),
  };
}
