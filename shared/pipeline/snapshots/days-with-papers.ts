import pMap from 'p-map';
import { isListingDay } from '../../domain/lists/list-calendar.ts';
import { readDays } from '../../domain/lists/list-days.ts';
import { findList, type ListId } from '../../domain/lists/lists.ts';
import { loadOnFirstUse, oncePerKey } from '../../domain/once.ts';
import {
  addDays,
  type Clock,
  type Day,
  daysFrom,
  latestOf,
  monthOf,
  utcDayOf,
} from '../../domain/time/time.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { ListingRepository, SourceStateRepository } from '../../ports/papers.ts';
import {
  SNAPSHOT_DAYS,
  type SnapshotHeader,
  type SnapshotReader,
  type UnusableHeader,
} from '../../ports/snapshots.ts';
import { undefinedIfDamaged } from '../../snapshots/sealed.ts';
import { unsealState } from '../../snapshots/snapshot-state.ts';

export interface DaysWithPapersPorts {
  readonly sourceStates: Pick<SourceStateRepository, 'load'>;
  readonly snapshots: Pick<SnapshotReader, 'loadHeaders'>;
  readonly listings: Pick<ListingRepository, 'load'>;
  readonly archive: Pick<ArchiveReader, 'loadMonths'>;
  readonly clock: Clock;
}

/** Lists pause for a few days at a time. A longer gap is the end of what was collected. */
const MAX_GAP_DAYS = 31;

/** A deployment may read all categories of arXiv, and a request of one visitor leaves connections to the others. */
const LIMIT = { concurrency: 16 };

/**
 * What ingest recorded of a list-day.
 *
 * - `papers`: it has some.
 * - `none`: it has none, and the calendar of the list has none on that day.
 * - `none-yet`: it is the last recorded day or a later one, and no papers came yet.
 * - `unknown`: the record cannot say. The day is older than the record, or its papers did not come, or the list has no fixed days. A
 *   back-fill may have brought papers since.
 */
export type RecordedDay = 'papers' | 'none' | 'none-yet' | 'unknown';

/** Returns what ingest recorded of the last days of lists. It reads one item for each source, however many lists the source has. */
export async function loadRecordedDays(
  { sourceStates }: Pick<DaysWithPapersPorts, 'sourceStates'>,
  ids: readonly ListId[],
): Promise<(list: ListId, day: Day) => RecordedDay> {
  const lists = ids.flatMap((id) => findList(id) ?? []);
  const sources = [...new Set(lists.map(({ source }) => source))];
  const loaded = await Promise.all(
    sources.map(async (source) => [source, (await sourceStates.load(source))?.lists] as const),
  );
  const histories = new Map(loaded);
  const records = new Map(
    lists.map(({ id, source, calendar }) => {
      const days = readDays(histories.get(source)?.[id]?.days);
      const all = [...days.keys()];
      return [id, { calendar, days, first: all[0], last: all.at(-1) }] as const;
    }),
  );
  return (list, day) => {
    const record = records.get(list);
    if (record?.first === undefined || record.last === undefined || day < record.first) return 'unknown';
    const { calendar, days, last } = record;
    if ((days.get(day)?.papers ?? 0) > 0) return 'papers';
    if (day >= last) return 'none-yet';
    const mayHavePapers = calendar.weekdays.length === 0 || isListingDay(calendar, day);
    return mayHavePapers ? 'unknown' : 'none';
  };
}

/**
 * Returns whether the archive says that no list had papers on a day. The archive has every month back to the first one without papers, and
 * those before it that an operator added. A list-day that was read since has a snapshot, so look for snapshots as well.
 */
export async function loadArchivedAsEmpty({
  archive,
  clock,
}: Pick<DaysWithPapersPorts, 'archive' | 'clock'>): Promise<(day: Day) => boolean> {
  const months = new Map((await archive.loadMonths()).map((month) => [month.month, month]));
  const oldest = addDays(utcDayOf(clock.now()), -SNAPSHOT_DAYS);
  const checkedUntil = new Map(
    [...months.values()].flatMap((archived) =>
      archived.kind === 'month' && archived.segments?.length === 0 && archived.month < monthOf(oldest)
        ? [[archived.month, archived.checkedUntil ?? ''] as const]
        : [],
    ),
  );
  const newestEmpty = latestOf(checkedUntil.keys()) ?? '';
  return (day) => {
    const month = monthOf(day);
    return months.has(month) ? day <= (checkedUntil.get(month) ?? '') : month < newestEmpty;
  };
}

/** What the snapshots of a list say about each day: it has papers, it has none, or it is unknown. */
type Known = ReadonlyMap<Day, boolean>;

/** Finds the days near another one on which papers were listed. */
export interface DaysWithPapers {
  /** The nearest day before `day`. */
  readonly previous: () => Promise<Day | undefined>;
  /** The nearest day after `day`, today at the latest. */
  readonly next: () => Promise<Day | undefined>;
}

/**
 * Opens the days around a day: at most a month away, today at the latest. Ingest records which of the last days had papers. For
 * days whose record is `unknown`, this reads the headers of the snapshots of each list once. A day
 * without a snapshot between two that have one has no papers. Other days without a readable snapshot are looked up one by one, unless
 * the archive has no papers of their month.
 */
export async function openDaysWithPapers(
  ports: DaysWithPapersPorts,
  lists: readonly ListId[],
  day: Day,
): Promise<DaysWithPapers> {
  const today = utcDayOf(ports.clock.now());
  const first = addDays(day, -MAX_GAP_DAYS);
  const farthest = addDays(day, MAX_GAP_DAYS);
  const last = farthest < today ? farthest : today;
  const recordedOn = await loadRecordedDays(ports, lists);
  const knownOf = oncePerKey(async (list: ListId) =>
    toKnown(await ports.snapshots.loadHeaders(list, first, last)),
  );

  const findArchivedAsEmpty = loadOnFirstUse(() => loadArchivedAsEmpty(ports));

  const hasPapers = async (candidate: Day): Promise<boolean> => {
    if (lists.some((list) => recordedOn(list, candidate) === 'papers')) return true;
    const unrecorded = lists.filter((list) => recordedOn(list, candidate) === 'unknown');
    const known = await pMap(unrecorded, async (list) => [list, await knownOf(list)] as const, LIMIT);
    if (known.some(([, days]) => days.get(candidate) === true)) return true;
    const unknown = known.filter(([, days]) => !days.has(candidate));
    if (unknown.length === 0 || (await findArchivedAsEmpty())(candidate)) return false;
    const found = await pMap(unknown, ([list]) => ports.listings.load(list, candidate), LIMIT);
    return found.some((listed) => listed.length > 0);
  };
  const findFirst = async (days: readonly Day[]): Promise<Day | undefined> => {
    for (const candidate of days) if (await hasPapers(candidate)) return candidate;
    return undefined;
  };
  return {
    previous: () => findFirst([...daysFrom(first, addDays(day, -1))].reverse()),
    next: () => findFirst(daysFrom(addDays(day, 1), last)),
  };
}

/** Returns the newest day with papers on one of the lists, today at the latest. Undefined if the last month has none. */
export async function findNewestDay(
  ports: DaysWithPapersPorts,
  lists: readonly ListId[],
): Promise<Day | undefined> {
  const tomorrow = addDays(utcDayOf(ports.clock.now()), 1);
  return (await openDaysWithPapers(ports, lists, tomorrow)).previous();
}

function toKnown(headers: readonly (SnapshotHeader | UnusableHeader)[]): Known {
  const known = new Map<Day, boolean>();
  const [oldest, newest] = [headers[0]?.day, headers.at(-1)?.day];
  // A run writes the snapshot of each list-day that it read papers of. So a day without one, between two that have one, has no papers.
  for (const day of oldest && newest ? daysFrom(oldest, newest) : []) known.set(day, false);
  for (const header of headers) {
    const has = isWithPapers(header);
    if (has === undefined) known.delete(header.day);
    else known.set(header.day, has);
  }
  return known;
}

/** Returns whether a snapshot has papers. Undefined if it cannot be read. */
function isWithPapers(header: SnapshotHeader | UnusableHeader): boolean | undefined {
  if (header.kind !== 'snapshot') return undefined;
  const { state } = header;
  // Only the state of many papers is in parts.
  if (state.kind === 'parts') return true;
  return undefinedIfDamaged(() => unsealState(state.bytes).ids.length > 0);
}
