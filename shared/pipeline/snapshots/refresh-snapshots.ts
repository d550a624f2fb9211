import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import { ConflictError } from '../../domain/errors.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import {
  addDays,
  addMs,
  type Clock,
  type Day,
  daysFrom,
  type Instant,
  latestOf,
  MS_PER_HOUR,
  tickOf,
  utcDayOf,
} from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import { type ListDay, listDayKeyOf, SNAPSHOT_DAYS, type SnapshotHeader } from '../../ports/snapshots.ts';
import { isSameState, type SnapshotState, toSnapshotState } from '../../snapshots/snapshot-state.ts';
import {
  isTextIntact,
  type KnownSnapshot,
  loadKnown,
  type SaveSnapshotPorts,
  saveSnapshot,
} from './save-snapshot.ts';

export interface RefreshPorts extends SaveSnapshotPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What a run of ingest read and saved. */
export interface IngestedPapers {
  /** The lists of the source. */
  readonly lists: readonly ListId[];
  /** The list-days of the items. */
  readonly listDays: readonly ListDay[];
  readonly paperIds: ReadonlySet<PaperId>;
}

/** How many missing snapshots a run writes. Each reads the papers of a list-day: hundreds at most. The next run writes more. */
export const MAX_MISSING_WRITTEN = 40;

/** A run checks about one in this many snapshots. A source that is asked in each quarter hour has each snapshot checked about twice a day. */
const CHECK_ONE_IN = 48;

/** A writer saves the header within seconds after the first part. Parts without a header are stray after this time. */
const STRAY_AFTER_MS = MS_PER_HOUR;

const SAVES_AT_ONCE = 4;

/**
 * Brings the snapshots up to date after a run of ingest. Returns how many were written. It writes only what differs:
 *
 * - the list-days that were read. They are compared with the table, not with what this run changed. So the next run repairs what
 *   a crash left behind.
 * - each other list-day, of any source, whose snapshot has an old state of a paper that this run saved. The last {@link SNAPSHOT_DAYS} days
 *   are searched.
 * - some of the list-days of this source without a usable snapshot, the newest first.
 * - damaged ones, and those that became out of date during a rollback to a release without snapshots. A few snapshots of this
 *   source are checked at each run, and their stray parts are deleted.
 *
 * @param allLists the lists of all sources, because a paper may be on several
 */
export async function refreshSnapshots(
  ports: RefreshPorts,
  { lists, listDays, paperIds }: IngestedPapers,
  allLists: readonly ListId[],
): Promise<number> {
  const now = ports.clock.now();
  const today = utcDayOf(now);
  const first = addDays(today, -SNAPSHOT_DAYS);
  const last = latestOf([today, ...listDays.map(({ day }) => day)]);
  const known = new Map<string, KnownSnapshot>();
  const note = async (list: ListId, from: Day, to: Day) => {
    for (const snapshot of await loadKnown(ports.snapshots, list, from, to))
      known.set(listDayKeyOf(snapshot.header), snapshot);
  };
  for (const list of new Set([...allLists, ...lists])) await note(list, first, last);
  for (const { list, day } of listDays) if (day < first) await note(list, day, day);
  // Read after the headers, so the papers are at least as new as the snapshots.
  const papers = paperIds.size > 0 ? await ports.papers.loadMany([...paperIds]) : [];

  const due = new Map(listDays.map((listDay) => [listDayKeyOf(listDay), listDay]));
  for (const { header, state } of known.values()) {
    if (state && isBehind(state, papers)) due.set(listDayKeyOf(header), header);
  }
  const expected = daysFrom(first, today).flatMap((day) => lists.map((list) => ({ list, day })));
  const missing = expected.filter(
    (listDay) => !due.has(listDayKeyOf(listDay)) && !known.get(listDayKeyOf(listDay))?.state,
  );
  for (const listDay of missing.reverse().slice(0, MAX_MISSING_WRITTEN))
    due.set(listDayKeyOf(listDay), listDay);

  const checked = [...known.values()]
    .filter(hasReadableState)
    .filter(
      ({ header }) => lists.includes(header.list) && isCheckDue(listDayKeyOf(header), CHECK_ONE_IN, now),
    );
  for (const { header } of [...known.values()].filter(isUnreadable))
    if (due.has(listDayKeyOf(header))) reportUnusable(ports, header);
  const damaged = await findDamaged(ports, checked);
  for (const { header } of checked) due.set(listDayKeyOf(header), header);

  const written = await pMap(
    due.values(),
    (listDay) =>
      trySave(ports, listDay, known.get(listDayKeyOf(listDay)), damaged.has(listDayKeyOf(listDay))),
    { concurrency: SAVES_AT_ONCE },
  );
  for (const { header } of checked) {
    await ports.snapshots.deleteStrayParts(header, addMs(now, -STRAY_AFTER_MS));
  }
  const stillMissing = Math.max(0, missing.length - MAX_MISSING_WRITTEN);
  if (stillMissing > 0) {
    ports.telemetry.info('Some snapshots are still missing, and the next runs write them', { stillMissing });
  }
  return written.filter((result) => result === 'written').length;
}

/**
 * Saves a snapshot. A conflict costs this list-day only, because no paper is missing then. The writer that was faster has read the newer
 * papers. If there is none, the header stays the same. Then it is damaged and reported, and readers take the papers from the table. After any
 * other error the snapshot may lack papers of this run. So the source has to be read again.
 */
async function trySave(
  ports: RefreshPorts,
  listDay: ListDay,
  known: KnownSnapshot | undefined,
  isForced: boolean,
): Promise<'written' | 'unchanged' | 'overtaken'> {
  try {
    return await saveSnapshot(ports, listDay, known, isForced);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const [stored] = await loadKnown(ports.snapshots, listDay.list, listDay.day, listDay.day);
    const isStuck = isDeepStrictEqual(stored?.header.version, known?.header.version);
    if (isStuck) reportUnusable(ports, listDay, 'it could not be replaced');
    else
      ports.telemetry.info('Other runs keep replacing a snapshot', { list: listDay.list, day: listDay.day });
    return 'overtaken';
  }
}

/** A snapshot whose state can be read. Its text may be damaged. */
interface SnapshotWithState {
  readonly header: SnapshotHeader;
  readonly state: SnapshotState;
}

function hasReadableState(known: KnownSnapshot): known is SnapshotWithState {
  return known.header.kind === 'snapshot' && known.state !== undefined;
}

/** Returns the keys of the list-days whose text is damaged, and reports each. */
async function findDamaged(
  { snapshots, telemetry }: RefreshPorts,
  checked: readonly SnapshotWithState[],
): Promise<ReadonlySet<string>> {
  const damaged = new Set<string>();
  for (const { header, state } of checked) {
    if (await isTextIntact(snapshots, header, state)) continue;
    damaged.add(listDayKeyOf(header));
    reportUnusable({ telemetry }, header);
  }
  return damaged;
}

/** Whether votes in the header are damaged. Votes in parts may be missing only because another writer has just replaced them. */
function isUnreadable({ header, state }: KnownSnapshot): boolean {
  return header.kind === 'snapshot' && header.state.kind === 'inline' && state === undefined;
}

function reportUnusable(
  { telemetry }: Pick<RefreshPorts, 'telemetry'>,
  { list, day }: ListDay,
  problem = 'it is damaged',
): void {
  telemetry.error('A snapshot cannot be used', { list, day, problem });
  telemetry.count('SnapshotsUnusable', 1);
}

/** Returns whether a snapshot has an old text or old votes of one of the papers. */
function isBehind({ ids, textHashes, votes }: SnapshotState, papers: readonly Paper[]): boolean {
  if (papers.length === 0) return false;
  const positions = new Map(ids.map((id, position) => [id, position]));
  return papers.some((paper) => {
    const position = positions.get(paper.id);
    if (position === undefined) return false;
    const only = <Value>(column: readonly Value[]) => column.slice(position, position + 1);
    const stored = { ids: only(ids), textHashes: only(textHashes), votes: only(votes) };
    return !isSameState(stored, toSnapshotState([paper]));
  });
}

/**
 * Returns whether the check of a snapshot or a month is due. In each quarter hour it is for about one name in `oneIn`, as if at random. A hash
 * decides, so nothing about checks is stored.
 */
export function isCheckDue(name: string, oneIn: number, now: Instant): boolean {
  const digest = createHash('sha256')
    .update(`${name} ${tickOf(now)}`)
    .digest();
  return digest.readUInt32LE() % oneIn === 0;
}
