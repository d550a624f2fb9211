import { type ListState, toListState } from '../domain/lists/list-state.ts';
import type { KnownList, ListId } from '../domain/lists/lists.ts';
import type { PaperId } from '../domain/papers/paper.ts';
import type { Clock, Instant } from '../domain/time/time.ts';
import type { Telemetry } from '../observability.ts';
import type { ArchiveRepository } from '../ports/archive.ts';
import type { HttpClient } from '../ports/http.ts';
import type {
  ListingRepository,
  NewVersionRepository,
  PaperRepository,
  SourceState,
  SourceStateRepository,
} from '../ports/papers.ts';
import { type PaperIndex, PaperIndexError } from '../ports/search.ts';
import { type ListDay, listDayKeyOf, type SnapshotRepository } from '../ports/snapshots.ts';
import type { ItemNote, Source, SourceContent } from '../sources/source.ts';
import { markForComparison, refreshArchive } from './archive/refresh-archive.ts';
import { openHistories } from './list-histories.ts';
import { type LookUpSource, lookUpPapers } from './look-up-papers.ts';
import { saveAnswer } from './save-answer.ts';
import { indexRemembered, rememberUnindexed } from './search/index-ingested.ts';
import { refreshSnapshots } from './snapshots/refresh-snapshots.ts';

export interface IngestPorts {
  /** All lists of the deployment. */
  readonly lists: readonly KnownList[];
  readonly papers: PaperRepository;
  readonly listings: ListingRepository;
  readonly newVersions: NewVersionRepository;
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
  /** Each paper of the answers that has a listing or was stored before, changed or not. If saving a look-up failed, all papers of its answer. */
  readonly paperIds: ReadonlySet<PaperId>;
  readonly created: number;
  readonly updated: number;
  readonly snapshotsWritten: number;
  /** Segments of the archive. */
  readonly segmentsWritten: number;
  /** What went wrong: answers that could not be read whole, and a look-up that failed. Each names what was asked. */
  readonly problems: readonly string[];
}

/** A rejected item, and the request whose answer had it. */
export interface NamedItem extends ItemNote {
  readonly asked: string;
}

/** How many rejected items a summary names. The logs name all of them. */
export const MAX_NAMED = 100;

/** List states in which papers are missing. */
const INCOMPLETE: readonly ListState[] = ['partial', 'stale', 'broken'];

/**
 * Reads the lists of a source from its cursor on, and saves their papers. A bad item costs one item. A bad answer costs that answer, and
 * the next run reads it again. A repeat is safe: it does not write stored papers again. Afterwards papers that only other sources have
 * named are looked up, if the source can do that.
 *
 * @throws the errors of the repositories. In a look-up they become a problem of the summary. An error loses no paper: the state of the
 *   source is saved after papers and snapshots. The index outside this process and the archive come after the state. Their errors are
 *   reported and counted, and the next run continues there
 */
export async function ingest(
  ports: IngestPorts,
  source: Source,
  signal?: AbortSignal,
): Promise<IngestSummary> {
  const previous = await ports.sourceStates.load(source.name);
  if (!source.isBackFill) reportFaults(ports.telemetry, source, previous?.cursor);
  const lists = ports.lists.filter((list) => list.source === source.name);
  const listIds = lists.map(({ id }) => id);
  const histories = openHistories(lists, previous?.lists ?? {});
  const run = openRun(ports, source, histories);
  const { tally, paperIds, problems } = run;
  const { cursor, hasAnswer } = await readLists(ports, source, run, { lists: listIds, previous, signal });
  // A source in trouble is not asked for more.
  if (canLookUp(source) && problems.length === 0 && !signal?.aborted)
    await lookUpNamed(ports, source, run, signal);

  const now = ports.clock.now();
  const state: SourceState = { cursor, lists: { ...previous?.lists, ...histories.close(now) } };
  const allListIds = ports.lists.map(({ id }) => id);
  const read = { lists: listIds, listDays: [...run.listDays.values()], paperIds };
  // Without an answer no paper changed, so only damaged and missing snapshots are written. Reading the headers of all lists is
  // expensive. So of the runs without an answer, only those in the hours 0, 4, 8 and so on of UTC do that.
  const isDue = hasAnswer || paperIds.size > 0 || isRepairDue(now);
  const snapshotsWritten = isDue ? await refreshSnapshots(ports, read, allListIds) : 0;
  await markForComparison(ports, read.listDays);
  await rememberUnindexed(ports, source.name, paperIds);
  // A source whose lists are all up to date is not asked. Then nothing changes.
  if (hasAnswer) await ports.sourceStates.save(source.name, state);
  countItems(ports.telemetry, tally, problems.length);
  if (!source.isBackFill) reportIncomplete(ports.telemetry, source, lists, state, now);
  // Last, because nothing waits for it. A run whose time is used up leaves it to the next one.
  const segmentsWritten = signal?.aborted ? 0 : await refreshSearch(ports, source.name, allListIds, signal);
  const { datesCorrected: _, ...counts } = tally;
  return { ...counts, rejections: run.rejections, paperIds, snapshotsWritten, segmentsWritten, problems };
}

/** What one read of a source saved so far. */
interface Run {
  readonly startedAt: Instant;
  readonly tally: Record<'itemsRead' | 'itemsRejected' | 'datesCorrected' | 'created' | 'updated', number>;
  readonly paperIds: Set<PaperId>;
  /** By list and day. */
  readonly listDays: Map<string, ListDay>;
  readonly problems: string[];
  readonly rejections: NamedItem[];
  /** Saves an answer, and counts what was in it. */
  readonly keep: (answer: SourceContent) => Promise<void>;
}

function openRun(ports: IngestPorts, source: Source, histories: ReturnType<typeof openHistories>): Run {
  const startedAt = ports.clock.now();
  const tally = { itemsRead: 0, itemsRejected: 0, datesCorrected: 0, created: 0, updated: 0 };
  const paperIds = new Set<PaperId>();
  const listDays = new Map<string, ListDay>();
  const problems: string[] = [];
  const rejections: NamedItem[] = [];
  return {
    startedAt,
    tally,
    paperIds,
    listDays,
    problems,
    rejections,
    async keep(read) {
      const saved = await saveAnswer(ports, source, read, startedAt);
      const answer = { ...read, rejections: [...read.rejections, ...saved.rejections] };
      tally.itemsRead += answer.itemsRead;
      tally.itemsRejected += answer.rejections.length;
      tally.datesCorrected += answer.corrections.length;
      tally.created += saved.created;
      tally.updated += saved.updated;
      for (const id of saved.paperIds) paperIds.add(id);
      for (const { list, day } of saved.listings) listDays.set(listDayKeyOf({ list, day }), { list, day });
      const named = answer.rejections.slice(0, MAX_NAMED - rejections.length);
      rejections.push(...named.map((note) => ({ asked: answer.asked, ...note })));
      if (answer.problem) problems.push(`${answer.asked}: ${answer.problem}`);
      histories.note(answer, saved);
      logAnswer(ports.telemetry, source, answer);
    },
  };
}

interface ListReading {
  readonly lists: readonly ListId[];
  readonly previous: SourceState | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Reads the lists from the cursor on. Returns where the next run goes on, and whether the source was asked. A failed request is an answer too. */
async function readLists(
  { http }: IngestPorts,
  source: Source,
  { startedAt, keep }: Run,
  { lists, previous, signal }: ListReading,
): Promise<Pick<SourceState, 'cursor'> & { readonly hasAnswer: boolean }> {
  let cursor = previous?.cursor;
  let hasAnswer = false;
  const histories = previous?.lists ?? {};
  for await (const answer of source.fetch({ lists, histories, cursor, now: startedAt, http, signal })) {
    await keep(answer);
    cursor = answer.cursor;
    hasAnswer = true;
  }
  return { cursor, hasAnswer };
}

/** Looks up papers that only other sources have named. If that fails, the next run looks them up. */
async function lookUpNamed(
  ports: IngestPorts,
  source: LookUpSource,
  { startedAt, paperIds, problems, keep }: Run,
  signal: AbortSignal | undefined,
): Promise<void> {
  const keepFound = async (found: SourceContent) => {
    const { asked, items } = found;
    // Before the save. If it fails, the snapshots still get the papers that it has written.
    for (const { facts } of items) paperIds.add(facts.id);
    await keep(found);
    ports.telemetry.info('Papers were looked up', { source: source.name, asked, found: items.length });
  };
  try {
    await lookUpPapers(ports, source, startedAt, keepFound, signal);
  } catch (error) {
    problems.push(`looking up papers: ${String(error)}`);
    ports.telemetry.error('Papers could not be looked up', { source: source.name, error });
  }
}

function canLookUp(source: Source): source is LookUpSource {
  return source.lookUp !== undefined && !source.isBackFill;
}

/** Returns whether a run without an answer looks after the snapshots. */
function isRepairDue(now: Instant): boolean {
  return Number(now.slice(11, 13)) % 4 === 0;
}

/** Updates the search index and the archive. Returns how many segments of the archive were written. An error of either does not end the run. */
async function refreshSearch(
  ports: IngestPorts,
  source: string,
  lists: readonly ListId[],
  signal: AbortSignal | undefined,
): Promise<number> {
  try {
    await indexRemembered(ports, source, signal);
    return signal?.aborted ? 0 : await refreshArchive(ports, lists);
  } catch (error) {
    // Lists and digests need neither. The next run tries again. The archive waits until the index answers.
    if (error instanceof PaperIndexError) {
      ports.telemetry.error('Papers could not be indexed', { error });
      ports.telemetry.count('PapersUnindexed', 1);
    } else {
      ports.telemetry.error('The archive or the index could not be updated', { error });
      ports.telemetry.count('SnapshotsUnusable', 1);
    }
    return 0;
  }
}

/** Names the parts of a stored cursor that cannot be read. The source goes on with the others. */
function reportFaults(telemetry: Telemetry, source: Source, cursor: string | undefined): void {
  const faults = source.findFaults?.(cursor) ?? [];
  for (const { item, reason } of faults.slice(0, MAX_NAMED))
    telemetry.error('A stored record cannot be read', { source: source.name, item, reason });
  if (faults.length > 0) telemetry.count('RecordsUnreadable', faults.length);
}

function logAnswer(telemetry: Telemetry, source: Source, answer: SourceContent): void {
  const { lists, asked, rejections, corrections, problem } = answer;
  const about = { source: source.name, lists };
  if (problem) telemetry.warn('An answer of a source could not be read whole', { ...about, asked, problem });
  const logEach = (sentence: string, notes: readonly ItemNote[]) => {
    for (const { item, reason } of notes.slice(0, MAX_NAMED))
      telemetry.warn(sentence, { ...about, asked, item, reason });
    if (notes.length > MAX_NAMED)
      telemetry.warn(sentence, { ...about, asked, others: notes.length - MAX_NAMED });
  };
  logEach('An item of a source was rejected', rejections);
  logEach('A date of an item was replaced', corrections);
}

/**
 * Logs the lists in whose digests papers may be missing. One metric has their number. A metric for each list would cost more.
 */
function reportIncomplete(
  telemetry: Telemetry,
  source: Source,
  lists: readonly KnownList[],
  { cursor, lists: histories }: SourceState,
  now: Instant,
): void {
  const incomplete = lists.flatMap(({ id, calendar }) => {
    const state = toListState(histories[id] ?? { failuresInARow: 0 }, calendar, now);
    return INCOMPLETE.includes(state) ? [[id, state] as const] : [];
  });
  const unread = source.findUnread?.(cursor) ?? [];
  // Broken and partly read lists count too, and those with missed days that cannot be read.
  const overdue = new Set([...incomplete.map(([id]) => id), ...unread.map(({ list }) => list)]);
  telemetry.count('ListOverdue', overdue.size, source.name);
  if (overdue.size > 0)
    telemetry.warn('Papers of lists may be missing', {
      source: source.name,
      lists: Object.fromEntries(incomplete),
      ...(unread.length > 0 && { missedDays: unread }),
    });
}

function countItems(telemetry: Telemetry, tally: Run['tally'], failures: number): void {
  telemetry.count('ItemsRead', tally.itemsRead);
  telemetry.count('ItemsRejected', tally.itemsRejected);
  if (tally.datesCorrected > 0) telemetry.count('DatesCorrected', tally.datesCorrected);
  telemetry.count('PapersCreated', tally.created);
  telemetry.count('PapersUpdated', tally.updated);
  telemetry.count('SourceFailures', failures);
}
