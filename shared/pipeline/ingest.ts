import { type ListHistory, type ListState, toListState } from '../domain/list-state.ts';
import type { List, ListId } from '../domain/lists.ts';
import type { PaperId } from '../domain/paper.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { Telemetry } from '../observability.ts';
import type { ArchiveRepository } from '../ports/archive.ts';
import type { HttpClient } from '../ports/http.ts';
import type { ListingRepository, PaperRepository, SourceStateRepository } from '../ports/papers.ts';
import { type PaperIndex, PaperIndexError } from '../ports/search.ts';
import type { ListDay, SnapshotRepository } from '../ports/snapshots.ts';
import type { ItemNote, Source, SourceAnswer } from '../sources/source.ts';
import { indexPapers } from './archive/index-papers.ts';
import { noteArchivedDays, refreshArchive } from './archive/refresh-archive.ts';
import { saveAnswer } from './save-answer.ts';
import { type IngestedPapers, refreshSnapshots } from './snapshots/refresh-snapshots.ts';

export interface IngestPorts {
  /** All lists of the deployment. */
  readonly lists: readonly List[];
  readonly papers: PaperRepository;
  readonly listings: ListingRepository;
  readonly sourceStates: SourceStateRepository;
  readonly snapshots: SnapshotRepository;
  readonly archive: ArchiveRepository;
  /** Undefined if searches run in the process of the pages. */
  readonly index?: PaperIndex | undefined;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The result of one read of a source. */
export interface IngestSummary {
  /** Items in all answers, good or bad. */
  readonly itemsRead: number;
  readonly itemsRejected: number;
  /** The first {@link MAX_NAMED} rejected items, each with its reason. */
  readonly rejections: readonly NamedItem[];
  /** Each paper that was saved, new or known. */
  readonly paperIds: ReadonlySet<PaperId>;
  readonly created: number;
  readonly updated: number;
  readonly snapshotsWritten: number;
  /** Segments of the archive. */
  readonly segmentsWritten: number;
  /** The problems of the answers, each with what was asked. */
  readonly problems: readonly string[];
}

/** A rejected item, and the request whose answer had it. */
export interface NamedItem extends ItemNote {
  readonly asked: string;
}

/** How many rejected items a summary names. The logs name all of them. */
export const MAX_NAMED = 100;

/** List states in which papers are missing. */
const OVERDUE: readonly ListState[] = ['partial', 'stale', 'broken'];

/** What one run learns about one list. */
interface ListReading {
  wholeAnswers: number;
  problems: number;
  lastNewAt: Instant | undefined;
  isNewestWhole: boolean | undefined;
}

/**
 * Reads the lists of a source from its cursor on, and saves their papers. A bad item costs one item. A bad answer costs that answer, and
 * the next run reads it again. A repeat is safe: it does not write stored papers again.
 *
 * @throws the errors of the repositories. Nothing is lost then, because the state of the source is saved last
 */
export async function ingest(
  ports: IngestPorts,
  source: Source,
  signal?: AbortSignal,
): Promise<IngestSummary> {
  const previous = await ports.sourceStates.load(source.name);
  const tally = { itemsRead: 0, itemsRejected: 0, datesCorrected: 0, created: 0, updated: 0 };
  const lists = ports.lists.filter((list) => list.source === source.name);
  const listIds = lists.map(({ id }) => id);
  const readings = new Map(listIds.map((id) => [id, startReading(previous?.lists[id])]));
  const paperIds = new Set<PaperId>();
  const listDays = new Map<string, ListDay>();
  const problems: string[] = [];
  const rejections: NamedItem[] = [];
  let cursor = previous?.cursor;

  const seenAt = ports.clock.now();
  for await (const answer of source.fetch({
    lists: listIds,
    histories: previous?.lists ?? {},
    cursor,
    now: seenAt,
    http: ports.http,
    signal,
  })) {
    const saved = await saveAnswer(ports, source, answer, seenAt);
    tally.itemsRead += answer.itemsRead;
    tally.itemsRejected += answer.rejections.length;
    tally.datesCorrected += answer.corrections.length;
    tally.created += saved.created;
    tally.updated += saved.updated;
    for (const id of saved.paperIds) paperIds.add(id);
    for (const { list, day } of saved.listings) listDays.set(`${list} ${day}`, { list, day });
    rejections.push(...answer.rejections.map((note) => ({ asked: answer.asked, ...note })));
    if (answer.problem) problems.push(`${answer.asked}: ${answer.problem}`);
    for (const id of answer.lists) updateReading(readings.get(id), answer, saved.newestAt.get(id));
    cursor = answer.cursor;
    logAnswer(ports.telemetry, source, answer);
  }

  const now = ports.clock.now();
  const histories = lists.map((list) => ({
    list,
    history: toHistory(readings.get(list.id), previous?.lists[list.id], now),
  }));
  const allListIds = ports.lists.map(({ id }) => id);
  const read = { lists: listIds, listDays: [...listDays.values()], paperIds };
  const snapshotsWritten = await refreshSnapshots(ports, read, allListIds);
  await noteArchivedDays(ports, read.listDays);
  const newHistories = Object.fromEntries(histories.map(({ list, history }) => [list.id, history]));
  await ports.sourceStates.save(source.name, { cursor, lists: { ...previous?.lists, ...newHistories } });
  // Last, because nothing waits for it. A run whose time is used up leaves it to the next one.
  const segmentsWritten = signal?.aborted ? 0 : await refreshSearch(ports, allListIds, read);
  countItems(ports.telemetry, tally, problems.length);
  for (const { list, history } of histories) {
    const isOverdue = OVERDUE.includes(toListState(history, list.calendar, now));
    ports.telemetry.count('ListOverdue', isOverdue ? 1 : 0, source.name);
  }
  const { itemsRead, itemsRejected, created, updated } = tally;
  return {
    itemsRead,
    itemsRejected,
    rejections: rejections.slice(0, MAX_NAMED),
    paperIds,
    created,
    updated,
    snapshotsWritten,
    segmentsWritten,
    problems,
  };
}

/** Brings what searches read up to date. Returns how many segments of the archive were written. */
async function refreshSearch(
  ports: IngestPorts,
  lists: readonly ListId[],
  { paperIds }: IngestedPapers,
): Promise<number> {
  try {
    if (ports.index) {
      const papers = await ports.papers.loadMany([...paperIds]);
      const listed = papers.map((paper) => ({ paper, listings: [] }));
      await indexPapers(ports, listed);
    }
    return await refreshArchive(ports, lists);
  } catch (error) {
    if (!(error instanceof PaperIndexError)) throw error;
    // Lists and digests do not need the index. The next run tries again.
    ports.telemetry.error('Papers could not be indexed', { error });
    ports.telemetry.count('PapersUnindexed', 1);
    return 0;
  }
}

function latestOf(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a !== undefined && (b === undefined || a > b) ? a : b;
}

function startReading(previous: ListHistory | undefined): ListReading {
  const { lastNewAt, isNewestWhole } = previous ?? {};
  return { wholeAnswers: 0, problems: 0, lastNewAt, isNewestWhole };
}

function updateReading(
  reading: ListReading | undefined,
  answer: SourceAnswer,
  newestAt: Instant | undefined,
): void {
  if (!reading) return;
  reading.lastNewAt = latestOf(reading.lastNewAt, newestAt);
  if (answer.isBackFill) return;
  if (answer.problem) reading.problems += 1;
  else reading.wholeAnswers += 1;
  reading.isNewestWhole = isWholeAfter(answer, reading.isNewestWhole);
}

/** Returns the next history. A read of a list failed if it had a problem and no whole answer. One unreadable day is no failure. */
function toHistory(
  reading: ListReading | undefined,
  previous: ListHistory | undefined,
  now: Instant,
): ListHistory {
  const { wholeAnswers = 0, problems = 0, lastNewAt, isNewestWhole } = reading ?? {};
  const hasFailed = problems > 0 && wholeAnswers === 0;
  return {
    lastSuccessAt: hasFailed ? previous?.lastSuccessAt : now,
    failuresInARow: hasFailed ? (previous?.failuresInARow ?? 0) + 1 : 0,
    lastNewAt,
    isNewestWhole,
  };
}

/**
 * Returns whether the newest part of a list is whole after this answer. Answers come oldest first. An empty answer, such as that of a
 * day without a list yet, changes nothing. An answer is not whole if every item is rejected.
 */
function isWholeAfter(
  { problem, itemsRead, rejections }: SourceAnswer,
  before: boolean | undefined,
): boolean {
  if (problem) return false;
  return itemsRead > 0 ? rejections.length < itemsRead : before !== false;
}

function logAnswer(telemetry: Telemetry, source: Source, answer: SourceAnswer): void {
  const { lists, asked, rejections, corrections, problem } = answer;
  const about = { source: source.name, lists };
  if (problem) telemetry.warn('An answer of a source could not be read whole', { ...about, asked, problem });
  for (const { item, reason } of rejections) {
    telemetry.warn('An item of a source was rejected', { ...about, asked, item, reason });
  }
  for (const { item, reason } of corrections) {
    telemetry.warn('A date of an item was replaced', { ...about, asked, item, reason });
  }
}

function countItems(
  telemetry: Telemetry,
  tally: Readonly<Record<'itemsRead' | 'itemsRejected' | 'datesCorrected' | 'created' | 'updated', number>>,
  failures: number,
): void {
  telemetry.count('ItemsRead', tally.itemsRead);
  telemetry.count('ItemsRejected', tally.itemsRejected);
  if (tally.datesCorrected > 0) telemetry.count('DatesCorrected', tally.datesCorrected);
  telemetry.count('PapersCreated', tally.created);
  telemetry.count('PapersUpdated', tally.updated);
  telemetry.count('SourceFailures', failures);
}
