import type { ListId } from '../../domain/lists/lists.ts';
import {
  addDays,
  addMs,
  type Clock,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_HOUR,
  TICK_MS,
  utcDayOf,
} from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import {
  type ListDay,
  listDayKeyOf,
  SNAPSHOT_DAYS,
  type SnapshotHeader,
  type SnapshotReader,
  type StoredBytes,
  type UnusableHeader,
} from '../../ports/snapshots.ts';
import { joinHalves, type ListDayPapers, toListDayPapers } from '../../snapshots/list-day.ts';
import { undefinedIfDamaged } from '../../snapshots/sealed.ts';
import { unsealState } from '../../snapshots/snapshot-state.ts';
import { type Texts, unsealTexts } from '../../snapshots/texts.ts';
import { loadPapersOfDay, type PapersOfDayPorts } from './load-papers-of-day.ts';

export interface ListDayCachePorts extends PapersOfDayPorts {
  readonly snapshots: SnapshotReader;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'error' | 'count'>;
}

/** The papers of list-days, which a function keeps in memory between its runs. */
export interface ListDayCache {
  /**
   * Loads the list-days from `first` to `last`, oldest first. Days without papers are left out.
   *
   * @param freshSince papers that were loaded at this time or later are used again without a read. @default each call looks for changes
   */
  load(list: ListId, first: Day, last: Day, freshSince?: Instant): Promise<readonly ListDayPapers[]>;
}

/** A list-day in memory. */
interface Kept {
  readonly version: string | undefined;
  /** The name of the stored text. Undefined if the text was built in memory. */
  readonly textName: string | undefined;
  readonly texts: Texts | undefined;
  readonly papers: ListDayPapers;
}

/** How many papers are kept, at about 9 KB each. A batch that needs more still loads all, and keeps the list-days that it used last. */
const MAX_KEPT_PAPERS = 40_000;

/**
 * An old list-day without snapshot and papers is not looked up again for this long. Anybody can ask for old days, and all lists of a month are
 * thousands of them. A back-fill that brings papers writes their snapshot.
 */
const EMPTY_MS = MS_PER_HOUR;

/** How many such list-days are remembered, at about 100 bytes each. */
const MAX_EMPTY = 30_000;

/** A list-day with a paper that was listed this recently may have no snapshot yet, because ingest still runs. */
const BEING_WRITTEN_MS = TICK_MS;

/**
 * Keeps list-days in memory, by the version of their snapshots. Each load that is not shared reads the headers, then the state of each
 * changed snapshot, and its texts if they changed too. States and texts are in the header if they are small, and in parts otherwise.
 * List-days that no digest looks back to are not kept, nor those that were used longest ago if there are too many papers.
 *
 * A list-day without a usable snapshot is built from its papers in the table.
 */
export function createListDayCache(ports: ListDayCachePorts, maxKeptPapers = MAX_KEPT_PAPERS): ListDayCache {
  const kept = new Map<string, Kept>();
  const emptyDays = createEmptyDays(ports.clock);
  const reported = new Set<string>();

  const oldestDay = () => addDays(utcDayOf(ports.clock.now()), -SNAPSHOT_DAYS);

  const loadFromTable = async (
    listDay: ListDay,
    header: SnapshotHeader | UnusableHeader | undefined,
    isExpected: boolean,
  ): Promise<ListDayPapers> => {
    const isOldWithout = header === undefined && listDay.day < oldestDay();
    if (isOldWithout && emptyDays.has(listDay)) return toListDayPapers(listDay, [], undefined);
    const { papers, newestListingSeenAt } = await loadPapersOfDay(ports, listDay);
    const mayLackSnapshot =
      newestListingSeenAt === undefined || newestListingSeenAt > addMs(ports.clock.now(), -BEING_WRITTEN_MS);
    if (header?.kind !== 'outdated' && isExpected && (header || !mayLackSnapshot)) report(listDay, header);
    if (isOldWithout && newestListingSeenAt === undefined) emptyDays.add(listDay);
    return toListDayPapers(listDay, papers, newestListingSeenAt);
  };

  /** Reports each unusable snapshot once. */
  const report = ({ list, day }: ListDay, header: SnapshotHeader | UnusableHeader | undefined) => {
    const name = `${listDayKeyOf({ list, day })} ${header?.version}`;
    if (reported.has(name)) return;
    reported.add(name);
    const problem = header ? 'it is damaged' : 'it is missing';
    ports.telemetry.error('A snapshot cannot be used', { list, day, problem });
    ports.telemetry.count('SnapshotsUnusable', 1);
  };

  /** Opens snapshots. Returns those that are intact. */
  const open = async (headers: readonly SnapshotHeader[]): Promise<readonly Kept[]> => {
    // Noted before the load, because another load may drop or replace what is kept meanwhile.
    const wanted = headers.map((header) => {
      const known = kept.get(listDayKeyOf(header));
      return { header, knownTexts: known?.textName === nameOf(header) ? known.texts : undefined };
    });
    const parts = await ports.snapshots.loadParts(
      wanted.flatMap(({ header, knownTexts }) => [
        ...(knownTexts ? [] : [{ ...header, stored: header.text }]),
        { ...header, stored: header.state },
      ]),
    );
    const find = (stored: StoredBytes) => (stored.kind === 'inline' ? stored.bytes : parts.get(stored.name));
    return wanted.flatMap(({ header, knownTexts }) => {
      const sealedText = find(header.text);
      const sealedState = find(header.state);
      const opened = undefinedIfDamaged(() => {
        const texts = knownTexts ?? (sealedText && unsealTexts(sealedText));
        return (
          texts &&
          sealedState && {
            texts,
            papers: joinHalves({ ...header, asOf: header.writtenAt }, texts, unsealState(sealedState)),
          }
        );
      });
      return opened ? { version: header.version, textName: nameOf(header), ...opened } : [];
    });
  };

  /** Another writer may have replaced a snapshot, and deleted its parts, since its header was loaded. */
  const openAgain = async (header: SnapshotHeader): Promise<Kept | undefined> => {
    const [newer] = await ports.snapshots.loadHeaders(header.list, header.day, header.day);
    if (newer?.kind !== 'snapshot' || newer.version === header.version) return undefined;
    return (await open([newer]))[0];
  };

  const keep = (loaded: readonly Kept[]) => {
    for (const listDay of loaded) {
      // The map has what was used last at its end.
      kept.delete(listDayKeyOf(listDay.papers));
      if (listDay.version !== undefined) kept.set(listDayKeyOf(listDay.papers), listDay);
    }
    const oldest = oldestDay();
    let count = [...kept.values()].reduce((sum, { papers }) => sum + papers.ids.length, 0);
    for (const [key, { papers }] of kept) {
      if (papers.day >= oldest && count <= maxKeptPapers) continue;
      kept.delete(key);
      count -= papers.ids.length;
    }
  };

  const loadNow = async (list: ListId, first: Day, last: Day): Promise<readonly ListDayPapers[]> => {
    const headers = await ports.snapshots.loadHeaders(list, first, last);
    const changed = headers.filter(
      (header): header is SnapshotHeader =>
        header.kind === 'snapshot' && kept.get(listDayKeyOf(header))?.version !== header.version,
    );
    const opened = new Map((await open(changed)).map((listDay) => [listDay.papers.day, listDay]));
    const byDay = new Map(headers.map((header) => [header.day, header]));
    const oldest = headers[0]?.day;
    const newest = utcDayOf(ports.clock.now());

    const loaded = await Promise.all(
      daysFrom(first, last).map(async (day): Promise<Kept> => {
        const header = byDay.get(day);
        const known = kept.get(listDayKeyOf({ list, day }));
        if (header && known && known.version === header.version) return known;
        const found = opened.get(day) ?? (header?.kind === 'snapshot' ? await openAgain(header) : undefined);
        if (found) return found;
        // Ingest writes missing snapshots from the newest day back. So each day after the oldest snapshot should have one.
        const isExpected = header !== undefined || (oldest !== undefined && oldest < day && day <= newest);
        const papers = await loadFromTable({ list, day }, header, isExpected);
        const version = typeof header?.version === 'string' ? header.version : undefined;
        return { version, textName: undefined, texts: undefined, papers };
      }),
    );
    keep(loaded);
    return loaded.map(({ papers }) => papers).filter(({ ids }) => ids.length > 0);
  };

  return { load: shareLoads(ports.clock, loadNow) };
}

/** Returns a memory of old list-days without papers. It forgets each after {@link EMPTY_MS}. */
function createEmptyDays(clock: Clock) {
  /** When each list-day was looked up, the last ones at the end. */
  const lookedUpAt = new Map<string, Instant>();
  return {
    has(listDay: ListDay): boolean {
      const at = lookedUpAt.get(listDayKeyOf(listDay));
      return at !== undefined && at > addMs(clock.now(), -EMPTY_MS);
    },

    add(listDay: ListDay): void {
      const key = listDayKeyOf(listDay);
      lookedUpAt.delete(key);
      lookedUpAt.set(key, clock.now());
      const [oldest] = lookedUpAt.keys();
      if (lookedUpAt.size > MAX_EMPTY && oldest !== undefined) lookedUpAt.delete(oldest);
    },
  };
}

/** Returns `load`, but callers that accept an earlier load share its result. A failed load is not shared. */
function shareLoads(
  clock: Clock,
  load: (list: ListId, first: Day, last: Day) => Promise<readonly ListDayPapers[]>,
): ListDayCache['load'] {
  const loads = new Map<
    string,
    { readonly at: Instant; readonly loading: Promise<readonly ListDayPapers[]> }
  >();
  return (list, first, last, freshSince) => {
    if (freshSince === undefined) return load(list, first, last);
    const key = `${list} ${first} ${last}`;
    const known = loads.get(key);
    if (known && known.at >= freshSince) return known.loading;
    const at = clock.now();
    const started = { at, loading: load(list, first, last) };
    for (const [earlierKey, earlier] of loads) if (earlier.at < addMs(at, -TICK_MS)) loads.delete(earlierKey);
    loads.set(key, started);
    started.loading.catch(() => loads.get(key) === started && loads.delete(key));
    return started.loading;
  };
}

/** Names the text of a snapshot. Parts keep their name while only the votes change. */
function nameOf({ text, version }: SnapshotHeader): string {
  return text.kind === 'parts' ? text.name : version;
}
