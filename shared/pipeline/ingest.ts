import pMap from 'p-map';
import { type ListState, toListState } from '../domain/list-state.ts';
import type { Listing } from '../domain/listing.ts';
import type { PaperId } from '../domain/paper.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { Telemetry } from '../observability.ts';
import type { HttpClient } from '../ports/http.ts';
import type {
  ListingRepository,
  PaperRepository,
  SourceState,
  SourceStateRepository,
} from '../ports/papers.ts';
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

/**
 * Reads a source from where it stopped and keeps what it says. A bad item costs one item, a bad answer costs that
 * answer, and the next read goes on before it. Safe to repeat: what is there already is not written again.
 *
 * @throws what the repositories throw; then nothing is forgotten, because the source's state is saved last
 */
export async function ingest(
  ports: IngestPorts,
  source: Source,
  signal?: AbortSignal,
): Promise<IngestSummary> {
  const previous = await ports.sourceStates.load(source.list);
  const tally = { itemsRead: 0, itemsRejected: 0, datesCorrected: 0, created: 0, updated: 0 };
  let lastNewAt = previous?.lastNewAt;
  let wholeAnswers = 0;
  let isNewestWhole = previous?.isNewestWhole;
  const paperIds = new Set<PaperId>();
  const problems: string[] = [];
  const rejections: NamedItem[] = [];
  let cursor = previous?.cursor;

  const seenAt = ports.clock.now();
  for await (const answer of source.fetch({ cursor, now: seenAt, http: ports.http, signal })) {
    const saved = await saveAnswer(ports, answer, seenAt);
    tally.itemsRead += answer.itemsRead;
    tally.itemsRejected += answer.rejections.length;
    tally.datesCorrected += answer.corrections.length;
    tally.created += saved.created;
    tally.updated += saved.updated;
    lastNewAt = latestOf(lastNewAt, saved.newestAt);
    for (const { facts } of answer.items) paperIds.add(facts.id);
    rejections.push(...answer.rejections.map((note) => ({ asked: answer.asked, ...note })));
    if (answer.problem) problems.push(`${answer.asked}: ${answer.problem}`);
    else wholeAnswers += 1;
    isNewestWhole = isWholeAfter(answer, isNewestWhole);
    cursor = answer.cursor;
    report(ports.telemetry, source, answer);
  }

  const now = ports.clock.now();
  const state = {
    ...nextSuccess(previous, problems.length > 0 && wholeAnswers === 0, now),
    cursor,
    lastNewAt,
    isNewestWhole,
  };
  await ports.sourceStates.save(source.list, state);
  count(ports.telemetry, tally, problems.length);
  const isOverdue = OVERDUE.includes(toListState(state, source.calendar, now));
  ports.telemetry.count('ListOverdue', isOverdue ? 1 : 0, source.list);
  const { itemsRead, itemsRejected, created, updated } = tally;
  return {
    ...{ itemsRead, itemsRejected, rejections: rejections.slice(0, MAX_NAMED) },
    ...{ paperIds, created, updated, problems },
  };
}

/** Keeps the items of an answer and tells when the newest of their listings was first seen. */
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
    newestAt: items
      .map(({ listing }) => listed.get(keyOf(listing)) ?? listing.firstSeenAt)
      .reduce<Instant | undefined>(latestOf, undefined),
  };
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

/** A read has failed when nothing of it came whole; one day that cannot be read does not make a list unreadable. */
function nextSuccess(previous: SourceState | undefined, hasFailed: boolean, now: Instant) {
  return hasFailed
    ? { lastSuccessAt: previous?.lastSuccessAt, failuresInARow: (previous?.failuresInARow ?? 0) + 1 }
    : { lastSuccessAt: now, failuresInARow: 0 };
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
  const { asked, rejections, corrections, problem } = answer;
  if (problem)
    telemetry.warn('An answer of a source could not be read whole', { list: source.list, asked, problem });
  for (const { item, reason } of rejections) {
    telemetry.warn('An item of a source was rejected', { list: source.list, asked, item, reason });
  }
  for (const { item, reason } of corrections) {
    telemetry.warn('A date of an item was replaced', { list: source.list, asked, item, reason });
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
