import pMap from 'p-map';
import { type ListHistory, type ListState, toListState } from '../domain/list-state.ts';
import type { Listing } from '../domain/listing.ts';
import type { List, ListId } from '../domain/lists.ts';
import type { PaperId } from '../domain/paper.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { Telemetry } from '../observability.ts';
import type { HttpClient } from '../ports/http.ts';
import type { ListingRepository, PaperRepository, SourceStateRepository } from '../ports/papers.ts';
import type { ItemNote, Source, SourceAnswer, SourceItem } from '../sources/source.ts';

export interface IngestPorts {
  readonly papers: PaperRepository;
  readonly listings: ListingRepository;
  readonly sourceStates: SourceStateRepository;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What one read of a source brought. */
export interface IngestSummary {
  /** Items in all answers, good or bad. */
  readonly itemsRead: number;
  readonly itemsRejected: number;
  /** The first {@link MAX_NAMED} of the rejected items, and why they were. */
  readonly rejections: readonly NamedItem[];
  /** Every paper that was read, new or not, each once. */
  readonly paperIds: ReadonlySet<PaperId>;
  readonly created: number;
  readonly updated: number;
  /** What went wrong outside, in words. */
  readonly problems: readonly string[];
}

/** An item of an answer, and what was wrong with it. */
export interface NamedItem extends ItemNote {
  readonly asked: string;
}

/** How many rejected items a summary names; the logs name all of them. */
export const MAX_NAMED = 100;

const SAVES_AT_ONCE = 8;

/** States in which papers are missing. */
const OVERDUE: readonly ListState[] = ['partial', 'stale', 'broken'];

/** What one run learnt about one list. */
interface ListReading {
  wholeAnswers: number;
  problems: number;
  lastNewAt: Instant | undefined;
  isNewestWhole: boolean | undefined;
}

/**
 * Reads lists of a source from where it stopped and keeps what it says. A bad item costs one item. A bad answer costs that
 * answer, and the next run reads it again. A repeat is safe: it does not write again what is stored.
 *
 * @throws what the repositories throw. Nothing is lost then, because the state of the source is saved last
 */
export async function ingest(
  ports: IngestPorts,
  source: Source,
  lists: readonly List[],
  signal?: AbortSignal,
): Promise<IngestSummary> {
  const previous = await ports.sourceStates.load(source.name);
  const tally = { itemsRead: 0, itemsRejected: 0, datesCorrected: 0, created: 0, updated: 0 };
  const listIds = lists.map(({ id }) => id);
  const readings = new Map(listIds.map((id) => [id, startReading(previous?.lists[id])]));
  const paperIds = new Set<PaperId>();
  const problems: string[] = [];
  const rejections: NamedItem[] = [];
  let cursor = previous?.cursor;

  const seenAt = ports.clock.now();
  for await (const answer of source.fetch({
    lists: listIds,
    cursor,
    now: seenAt,
    http: ports.http,
    signal,
  })) {
    const saved = await saveAnswer(ports, answer, seenAt);
    tally.itemsRead += answer.itemsRead;
    tally.itemsRejected += answer.rejections.length;
    tally.datesCorrected += answer.corrections.length;
    tally.created += saved.created;
    tally.updated += saved.updated;
    for (const { facts } of answer.items) paperIds.add(facts.id);
    rejections.push(...answer.rejections.map((note) => ({ asked: answer.asked, ...note })));
    if (answer.problem) problems.push(`${answer.asked}: ${answer.problem}`);
    for (const id of answer.lists) updateReading(readings.get(id), answer, saved.newestAt.get(id));
    cursor = answer.cursor;
    report(ports.telemetry, source, answer);
  }

  const now = ports.clock.now();
  const histories = lists.map((list) => ({
    list,
    history: toHistory(readings.get(list.id), previous?.lists[list.id], now),
  }));
  const read = Object.fromEntries(histories.map(({ list, history }) => [list.id, history]));
  await ports.sourceStates.save(source.name, { cursor, lists: { ...previous?.lists, ...read } });
  count(ports.telemetry, tally, problems.length);
  for (const { list, history } of histories) {
    const isOverdue = OVERDUE.includes(toListState(history, list.calendar, now));
    ports.telemetry.count('ListOverdue', isOverdue ? 1 : 0, list.id);
  }
  const { itemsRead, itemsRejected, created, updated } = tally;
  return {
    ...{ itemsRead, itemsRejected, rejections: rejections.slice(0, MAX_NAMED) },
    ...{ paperIds, created, updated, problems },
  };
}

/** Saves the items of an answer. Returns how many papers changed, and when the newest listing of each list was first seen. */
async function saveAnswer(ports: IngestPorts, { items }: SourceAnswer, seenAt: Instant) {
  const listed = await loadListed(ports.listings, items);
  const results = await pMap(
    items,
    async ({ facts, listing }) => {
      const result = await ports.papers.save(facts, seenAt);
      if (!listed.has(keyOf(listing))) await ports.listings.save(listing);
      return result;
    },
    { concurrency: SAVES_AT_ONCE },
  );
  return {
    created: results.filter((result) => result === 'created').length,
    updated: results.filter((result) => result === 'updated').length,
    newestAt: newestByList(items, listed),
  };
}

function newestByList(
  items: readonly SourceItem[],
  listed: ReadonlyMap<string, Instant>,
): ReadonlyMap<ListId, Instant> {
  const newest = new Map<ListId, Instant>();
  for (const { listing } of items) {
    const seenAt = listed.get(keyOf(listing)) ?? listing.firstSeenAt;
    if (seenAt > (newest.get(listing.list) ?? '')) newest.set(listing.list, seenAt);
  }
  return newest;
}

/** When each listing that is kept already was first seen; a list that is read every hour is written once. */
async function loadListed(
  listings: ListingRepository,
  items: readonly SourceItem[],
): Promise<ReadonlyMap<string, Instant>> {
  const days = new Map(items.map(({ listing }) => [`${listing.list} ${listing.day}`, listing]));
  const known = await Promise.all([...days.values()].map(({ list, day }) => listings.load(list, day)));
  return new Map(known.flat().map((listing) => [keyOf(listing), listing.firstSeenAt]));
}

function keyOf({ list, day, paperId }: Listing): string {
  return `${list} ${day} ${paperId}`;
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
  if (answer.problem) reading.problems += 1;
  else reading.wholeAnswers += 1;
  reading.lastNewAt = latestOf(reading.lastNewAt, newestAt);
  reading.isNewestWhole = isWholeAfter(answer, reading.isNewestWhole);
}

/** A read of a list failed if it had a problem and no answer came whole. One day that cannot be read is no failure. */
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
 * Whether the newest part of a list is whole once this answer is read. Answers come oldest first. An empty one at the end,
 * such as that of a day without a list yet, says nothing about the answers before it. An answer of which every item is
 * rejected could not be read.
 */
function isWholeAfter(
  { problem, itemsRead, rejections }: SourceAnswer,
  before: boolean | undefined,
): boolean {
  if (problem) return false;
  return itemsRead > 0 ? rejections.length < itemsRead : before !== false;
}

function report(telemetry: Telemetry, source: Source, answer: SourceAnswer): void {
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

function count(
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
