import pMap from 'p-map';
import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import { compareText } from '../../domain/text/compare-text.ts';
import {
  addDays,
  addMs,
  type Clock,
  type Day,
  daysOfMonth,
  type Instant,
  MS_PER_MINUTE,
  utcDayOf,
} from '../../domain/time/time.ts';
import { openCorpus, type SearchCorpus } from '../../matching/search/corpus.ts';
import { type SearchPart, toSearchPart } from '../../matching/search/search-part.ts';
import type { Telemetry } from '../../observability.ts';
import type { ArchiveReader, ReadableMonth, StoredSegment } from '../../ports/archive.ts';
import { SNAPSHOT_DAYS } from '../../ports/snapshots.ts';
import type { ListDayPapers } from '../../snapshots/list-day.ts';
import { undefinedIfDamaged } from '../../snapshots/sealed.ts';
import { openSegment } from '../../snapshots/segment.ts';
import type { ListDayCache } from '../snapshots/list-day-cache.ts';

export interface CorpusPorts {
  readonly listDays: ListDayCache;
  readonly archive: ArchiveReader;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'error' | 'count'>;
  /** The lists to search. */
  readonly lists: readonly ListId[];
}

/** All papers that can be searched. */
export interface KeptCorpus {
  readonly corpus: SearchCorpus;
  /** The papers of the list-days, which are in memory anyway. */
  readonly recent: ReadonlyMap<PaperId, Paper>;
}

/** How often to look for changed snapshots and segments. So a new paper can be found a minute after its snapshot is written. */
const REFRESH_MS = MS_PER_MINUTE;

/** If ingest has not archived a month in time, its list-days are read at most this far back. */
const MAX_LIST_DAYS = 2 * SNAPSHOT_DAYS;

const SEGMENTS_AT_ONCE = 4;

/**
 * Returns a function that loads the corpus: the archive, and the list-days of the last weeks. They may overlap, and the
 * list-days win. A container loads all of it once. After that it looks for changed snapshots and segments at most once a minute, and loads
 * only those. Requests at the same time share one load.
 *
 * A request waits for the refresh that it starts. Lambda freezes a container when no request runs, so a refresh in the background would
 * stop until the next request. Its reads would fail, and a container that was idle for an hour would answer as of an hour ago.
 *
 * A segment that is damaged or missing is left out and reported. If changed parts cannot be loaded, the corpus stays as it is.
 */
export function keepCorpus(ports: CorpusPorts): () => Promise<KeptCorpus> {
  const segments = createSegmentCache(ports);
  const partOf = new WeakMap<ListDayPapers, SearchPart>();
  let kept: (KeptCorpus & { readonly parts: readonly SearchPart[] }) | undefined;
  let loading: Promise<KeptCorpus> | undefined;
  let lookedAt: Instant | undefined;

  const load = async (): Promise<KeptCorpus> => {
    const months = await segments.loadMonths();
    const today = utcDayOf(ports.clock.now());
    const first = firstListDay(months, today);
    const [loaded, archived] = await Promise.all([
      Promise.all(ports.lists.map((list) => ports.listDays.load(list, first, today))),
      segments.load(months),
    ]);
    const listDays = loaded.flat().sort((a, b) => compareText(a.day, b.day));
    const recent = listDays.map((listDay) => {
      const part = partOf.get(listDay) ?? toSearchPart(listDay);
      partOf.set(listDay, part);
      return part;
    });
    // The corpus takes the text of a paper from its last part, which has to be of its newest day.
    const parts = [...archived, ...recent];
    const isSame = kept?.parts.length === parts.length && parts.every((part, at) => kept?.parts[at] === part);
    if (!kept || !isSame) {
      const papers = listDays.flatMap((listDay) => listDay.papers);
      kept = { corpus: openCorpus(parts), recent: new Map(papers.map((paper) => [paper.id, paper])), parts };
    }
    return kept;
  };

  return () => {
    const now = ports.clock.now();
    if (loading) return loading;
    if (kept && lookedAt !== undefined && now < addMs(lookedAt, REFRESH_MS)) return Promise.resolve(kept);
    lookedAt = now;
    loading = load()
      .catch((error: unknown) => {
        if (!kept) throw error;
        ports.telemetry.error('The search corpus cannot be refreshed', { error });
        return kept;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };
}

/**
 * Returns the first day to read list-days from: that of the oldest snapshot, or the day after the newest archived month if that is earlier.
 */
function firstListDay(months: readonly ReadableMonth[], today: Day): Day {
  const oldestSnapshot = addDays(today, -SNAPSHOT_DAYS);
  const newest = months.at(-1);
  const lastArchived = newest && daysOfMonth(newest.month).at(-1);
  if (lastArchived === undefined || lastArchived >= addDays(oldestSnapshot, -1)) return oldestSnapshot;
  const next = addDays(lastArchived, 1);
  const earliest = addDays(today, -MAX_LIST_DAYS);
  return next < earliest ? earliest : next;
}

/** Keeps the segments of the archive in memory. They are immutable. */
function createSegmentCache({ archive, telemetry }: Pick<CorpusPorts, 'archive' | 'telemetry'>) {
  let known = new Map<string, SearchPart>();
  const reported = new Set<string>();

  const loadSegment = async ({ month }: ReadableMonth, stored: StoredSegment) => {
    const part = known.get(stored.name);
    if (part) return part;
    const sealed = await archive.loadSegment(month, stored);
    return sealed && undefinedIfDamaged(() => openSegment(sealed).part);
  };

  const loadMonths = async () =>
    (await archive.loadMonths()).flatMap((month) =>
      month.kind === 'month' && month.segments ? [month] : [],
    );

  /** Loads every segment of the months. Unusable ones have no part. */
  const loadAll = async (months: readonly ReadableMonth[]) => {
    const wanted = months.flatMap((month) => (month.segments ?? []).map((stored) => ({ month, stored })));
    const loaded = await pMap(
      wanted,
      async ({ month, stored }) => ({ month, stored, part: await loadSegment(month, stored) }),
      { concurrency: SEGMENTS_AT_ONCE },
    );
    known = new Map(loaded.flatMap(({ stored, part }) => (part ? [[stored.name, part]] : [])));
    return loaded;
  };

  return {
    loadMonths,
    async load(months: readonly ReadableMonth[]): Promise<readonly SearchPart[]> {
      let loaded = await loadAll(months);
      const isNewlyUnusable = ({ stored, part }: (typeof loaded)[number]) =>
        !part && !reported.has(stored.name);
      // Ingest may have replaced a month, and deleted its segments, since the months were loaded.
      if (loaded.some(isNewlyUnusable)) loaded = await loadAll(await loadMonths());
      for (const { month, stored } of loaded.filter(isNewlyUnusable)) {
        reported.add(stored.name);
        const fields = { month: month.month, problem: 'it is damaged or missing' };
        telemetry.error('A segment of the archive cannot be used', fields);
        telemetry.count('SnapshotsUnusable', 1);
      }
      return loaded.flatMap(({ part }) => part ?? []);
    },
  };
}
