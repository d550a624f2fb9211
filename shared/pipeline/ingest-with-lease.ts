import { randomUUID } from 'node:crypto';
import { toListState } from '../domain/lists/list-state.ts';
import { type ListId, type SourceName, sources, sourcesOf } from '../domain/lists/lists.ts';
import { addMs, type Instant, latestOf, MS_PER_HOUR, msBetween } from '../domain/time/time.ts';
import type { Leases } from '../ports/leases.ts';
import type { Source } from '../sources/source.ts';
import { type IngestPorts, type IngestSummary, ingest } from './ingest.ts';

export interface IngestWithLeasePorts extends IngestPorts {
  readonly leases: Leases;
}

/**
 * Reads a source as {@link ingest} does. Some sources keep only the first listing of a paper. What is before their cursor is never read
 * again. So only one run at a time may read such a source. Hugging Face needs no lease, because each run reads its last days again.
 *
 * If two runs overlapped, a snapshot could lack papers. Run A stores papers, and dies before it writes their snapshots. Run B moves the
 * cursor past these papers, so no run reads them again. The snapshot lacks them until its next check. If only one run reads the source, and
 * it dies, the next run reads the same again.
 *
 * A run that fails counts all lists of its source as overdue, if none was read in the last hour. Otherwise no alarm would go off while
 * other sources are read. One failure among good reads counts nothing, because the next run repeats the read. A run that ends well also
 * counts the lists of other sources that are not read. Otherwise no alarm would go off if the schedule of one source is missing.
 *
 * @param until when the lease expires, if the run dies. No run may last longer
 * @returns undefined if another run reads the source.
 * @throws the errors of `ingest`
 */
export async function ingestWithLease(
  ports: IngestWithLeasePorts,
  source: Source,
  until: Instant,
  signal?: AbortSignal,
): Promise<IngestSummary | undefined> {
  const { lists, telemetry } = ports;
  const { name, keepsFirstListing } = source;
  try {
    const run = () => ingest(ports, source, signal);
    const outcome = keepsFirstListing
      ? await runWithLease(ports, name, until, run)
      : ({ kind: 'done', result: await run() } as const);
    await reportUnread(ports, name);
    if (outcome.kind === 'done') return outcome.result;
    telemetry.info('Another run reads the source', { source: name, until: outcome.until });
    return undefined;
  } catch (error) {
    const own = lists.filter((list) => list.source === name).map(({ id }) => id);
    if (!(await wasReadLately(ports, name, own))) telemetry.count('ListOverdue', own.length, name);
    throw error;
  }
}

/** Returns whether a list of a source was read in the last hour. False if the table does not say so. */
async function wasReadLately(
  { sourceStates, clock }: IngestWithLeasePorts,
  source: SourceName,
  lists: readonly ListId[],
): Promise<boolean> {
  // The error of the run is the one to report.
  const state = await sourceStates.load(source).catch(() => undefined);
  const lastAt = latestOf(lists.map((id) => state?.lists[id]?.lastSuccessAt));
  return lastAt !== undefined && lastAt >= addMs(clock.now(), -MS_PER_HOUR);
}

/** Two of the longest pauses between reads that the settings allow. One failed read does no harm. */
const LONGEST_PAUSE_MS = 2 * MS_PER_HOUR;

/**
 * Logs and counts the lists of other sources whose papers are late, and those that were not read for too long. A source that reads batches
 * is not asked between them. A list that was never read may be new, so it does not count. `doctor` names it.
 */
async function reportUnread(
  { lists, sourceStates, clock, telemetry }: IngestWithLeasePorts,
  reader: SourceName,
): Promise<void> {
  const now = clock.now();
  for (const source of sourcesOf(lists).filter((name) => name !== reader)) {
    const { readsBatches = false } = sources[source];
    try {
      const state = await sourceStates.load(source);
      const unread = lists.filter(({ id, calendar, source: itsSource }) => {
        const history = state?.lists[id];
        if (itsSource !== source || history?.lastSuccessAt === undefined) return false;
        const isUnread = !readsBatches && msBetween(history.lastSuccessAt, now) > LONGEST_PAUSE_MS;
        return isUnread || toListState(history, calendar, now) === 'stale';
      });
      if (unread.length === 0) continue;
      telemetry.count('ListOverdue', unread.length, source);
      telemetry.warn('Papers of another source may be missing', { source, lists: unread.length });
    } catch (error) {
      // It is no fault of this run, and the next one looks again.
      telemetry.warn('The state of another source was not loaded', { source, error });
    }
  }
}

/**
 * Runs something while no run of ingest with a lease reads the source.
 *
 * @param until when the lease expires, if this process dies
 * @returns `busy` if another run reads the source. That run ends by `until`
 * @throws the errors of `run`
 */
export async function runWithLease<Result>(
  { leases, clock, telemetry }: Pick<IngestWithLeasePorts, 'leases' | 'clock' | 'telemetry'>,
  source: SourceName,
  until: Instant,
  run: () => Promise<Result>,
): Promise<
  { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'busy'; readonly until: Instant }
> {
  const system = `ingest:${source}`;
  const holder = randomUUID();
  const lease = await leases.acquire(system, { holder, at: clock.now(), until });
  if (lease.kind !== 'acquired') return { kind: 'busy', until: lease.until };
  try {
    return { kind: 'done', result: await run() };
  } finally {
    // Its failure must not replace the result of the run. The lease then expires at `until`.
    await leases
      .release(system, holder, clock.now())
      .catch((error: unknown) => telemetry.warn('The lease on a source was not released', { error }));
  }
}
