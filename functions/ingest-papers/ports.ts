import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createArchiveRepository } from '../../shared/adapters/dynamodb/archive-repository.ts';
import { createLeases } from '../../shared/adapters/dynamodb/leases.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createNewVersionRepository } from '../../shared/adapters/dynamodb/new-version-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createSnapshotRepository } from '../../shared/adapters/dynamodb/snapshot-repository.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createHttpClient, type HttpClientOptions } from '../../shared/adapters/http/client.ts';
import { openPaperIndex } from '../../shared/adapters/opensearch/paper-index.ts';
import type { SourceName } from '../../shared/domain/lists/lists.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import type { IngestPorts } from '../../shared/pipeline/ingest.ts';
import type { IngestWithLeasePorts } from '../../shared/pipeline/ingest-with-lease.ts';
import type { HttpClient } from '../../shared/ports/http.ts';
import { sourceRegistry } from '../../shared/sources/registry.ts';
import type { Source } from '../../shared/sources/source.ts';
import type { IngestPapersEnv } from './env.ts';

export interface IngestPapersClients extends Pick<IngestPorts, 'clock' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
  /** Replaces the network and the clock of the HTTP client. @default those of this machine */
  readonly http?: Pick<HttpClientOptions, 'fetch' | 'sleep' | 'now'>;
  /** The time between two requests to a source that limits them. Set it only for a source on this machine. @default the source's own */
  readonly requestIntervalMs?: number;
}

export interface IngestPapersPorts extends Omit<IngestWithLeasePorts, 'http'> {
  readonly sourceOf: (name: SourceName) => Source;
  /** Returns the client of a source. It may ask only the hosts of that source. */
  readonly httpOf: (name: SourceName) => HttpClient;
}

/** The wait for a lease is longer than a request by this much. */
const LEASE_MARGIN_MS = 30_000;

/** Creates the ports of `ingest-papers` from clients. On one machine, the clients talk to emulators. */
export function createIngestPapersPorts(
  env: Omit<IngestPapersEnv, keyof TelemetryEnv>,
  clients: IngestPapersClients,
): IngestPapersPorts {
  const { documents, http, requestIntervalMs, clock, telemetry } = clients;
  const tables = { documents, clock, telemetry };
  const papers = openTable(tables, env.PAPERS_TABLE);
  const leases = createLeases(papers);
  const settingsOf = (name: SourceName) => ({ url: env.SOURCE_URLS?.[name], feeds: env.FEEDS });
  return {
    lists: env.LISTS,
    papers: createPaperRepository(papers),
    listings: createListingRepository(papers),
    newVersions: createNewVersionRepository(papers),
    sourceStates: createSourceStateRepository(papers),
    snapshots: createSnapshotRepository(papers, clock),
    archive: createArchiveRepository(papers, clock),
    leases,
    ...(env.OPEN_SEARCH && {
      index: openPaperIndex(env.OPEN_SEARCH, documents.config.credentials, telemetry),
    }),
    sourceOf: (name) => sourceRegistry[name].create(settingsOf(name)),
    httpOf(name) {
      const { allowedHosts, http: manners } = sourceRegistry[name];
      return createHttpClient({
        ...http,
        userAgent: `Broadsheet (+${env.PUBLIC_URL})`,
        allowedHosts: allowedHosts(settingsOf(name)),
        ...(manners && {
          timeoutMs: manners.timeoutMs,
          // So a slow request makes no other fail, which waits for its turn.
          longestWaitMs: manners.timeoutMs + LEASE_MARGIN_MS,
          rateLimit: {
            leases,
            system: name,
            intervalMs: requestIntervalMs ?? manners.intervalMs,
            telemetry,
          },
        }),
      });
    },
    clock,
    telemetry,
  };
}
