import type { InvocationContext } from '../../shared/adapters/lambda/sqs-handler.ts';
import { ingest, type NamedItem } from '../../shared/pipeline/ingest.ts';
import { ingestRequestSchema } from '../../shared/ports/queues.ts';
import type { IngestPapersPorts } from './ports.ts';

/** The result of a run, for its caller. */
export interface IngestPapersResult {
  readonly itemsRead: number;
  readonly itemsRejected: number;
  /** The rejected items by name, at most 100 of them. */
  readonly rejections: readonly NamedItem[];
  readonly papersIngested: number;
  readonly problems: readonly string[];
}

/** Time reserved for saving what was read. */
const RESERVE_MS = 20_000;

/** Returns the handler of the schedules. The event names the source to read: `{ "source": "hf-daily" }`. */
export function createIngestPapersHandler(
  ports: IngestPapersPorts,
): (event: unknown, context: InvocationContext) => Promise<IngestPapersResult> {
  return async (event, context) => {
    const { source } = ingestRequestSchema.parse(event);
    const timeForReadingMs = Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS);
    const signal = AbortSignal.timeout(timeForReadingMs);
    const summary = await ingest({ ...ports, http: ports.httpOf(source) }, ports.sourceOf(source), signal);
    const { itemsRead, itemsRejected, rejections, paperIds, problems } = summary;
    return { itemsRead, itemsRejected, rejections, papersIngested: paperIds.size, problems };
  };
}
