import type { InvocationContext } from '../../shared/adapters/lambda/sqs-handler.ts';
import { addMs } from '../../shared/domain/time/time.ts';
import type { NamedItem } from '../../shared/pipeline/ingest.ts';
import { ingestWithLease } from '../../shared/pipeline/ingest-with-lease.ts';
import { ingestRequestSchema } from '../../shared/ports/queues.ts';
import type { IngestPapersPorts } from './ports.ts';

/** The result of a run, for its caller. */
export interface IngestPapersResult {
  readonly itemsRead: number;
  readonly itemsRejected: number;
  /** The rejected items by name, at most 100 of them. */
  readonly rejections: readonly NamedItem[];
  /** New and known papers. */
  readonly papersIngested: number;
  /** Papers that were not stored before. */
  readonly papersCreated: number;
  readonly problems: readonly string[];
}

/** Time reserved for saving what was read. */
const RESERVE_MS = 20_000;

/** The clocks of two containers differ by less. */
const CLOCK_MARGIN_MS = 10_000;

const BUSY: IngestPapersResult = {
  itemsRead: 0,
  itemsRejected: 0,
  papersIngested: 0,
  papersCreated: 0,
  rejections: [],
  problems: ['another run reads this source'],
};

/** Returns the handler of the schedules. The event names the source to read: `{ "source": "hf-daily" }`. */
export function createIngestPapersHandler(
  ports: IngestPapersPorts,
): (event: unknown, context: InvocationContext) => Promise<IngestPapersResult> {
  return async (event, context) => {
    const { source } = ingestRequestSchema.parse(event);
    const leftMs = context.getRemainingTimeInMillis();
    const signal = AbortSignal.timeout(Math.max(0, leftMs - RESERVE_MS));
    const until = addMs(ports.clock.now(), leftMs + CLOCK_MARGIN_MS);
    const runPorts = { ...ports, http: ports.httpOf(source) };
    const summary = await ingestWithLease(runPorts, ports.sourceOf(source), until, signal);
    if (!summary) return BUSY;
    const { itemsRead, itemsRejected, rejections, paperIds, created, problems } = summary;
    return {
      itemsRead,
      itemsRejected,
      rejections,
      problems,
      papersIngested: paperIds.size,
      papersCreated: created,
    };
  };
}
