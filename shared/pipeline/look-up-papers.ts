import pMap from 'p-map';
import { readDays } from '../domain/lists/list-days.ts';
import type { KnownList } from '../domain/lists/lists.ts';
import { isArxivId, type PaperId, paperIdSchema } from '../domain/papers/paper.ts';
import { jsonTextOf } from '../domain/text/json-text.ts';
import { addDays, type Instant, MS_PER_DAY, msBetween, utcDayOf } from '../domain/time/time.ts';
import { instantSchema } from '../domain/time/time-schemas.ts';
import * as z from '../domain/zod.ts';
import type { HttpClient } from '../ports/http.ts';
import type { ListingRepository, PaperRepository, SourceStateRepository } from '../ports/papers.ts';
import type { ListDay } from '../ports/snapshots.ts';
import { type LookUpAnswer, MAX_LOOKED_UP, type Source } from '../sources/source.ts';

export interface LookUpPorts {
  /** All lists of the deployment. */
  readonly lists: readonly KnownList[];
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly listings: Pick<ListingRepository, 'load'>;
  readonly sourceStates: SourceStateRepository;
  readonly http: HttpClient;
}

/** A source that can be asked for single papers. */
export type LookUpSource = Source & Required<Pick<Source, 'lookUp'>>;

/** How many days before today, besides today, are searched for papers that other sources listed. */
const DAYS_BACK = 3;

/** A paper that the source does not know is asked for again after this time. */
const ASK_AGAIN_AFTER_MS = MS_PER_DAY;

const LOADS_AT_ONCE = 8;

/** What is remembered from one look-up to the next. It has only papers that are still on a list of the last days. */
const memorySchema = z.object({
  /** The papers that the source has named. */
  known: z.array(paperIdSchema),
  /** For each paper: when the source last said that it does not know it, or when the second request in a row failed. A day later it is asked for again. */
  waitsSince: z.record(paperIdSchema, instantSchema),
  /**
   * Whether the last request settled no paper, and its papers are still due. If the next one settles none either, its papers wait for a
   * day, and this is false again.
   */
  hasJustFailed: z.boolean(),
});

type Memory = z.infer<typeof memorySchema>;

/**
 * Asks a source for papers with an arXiv id that only other sources have named, in at most one request. While there are papers for which
 * it has given no answer yet, it is asked only for those.
 *
 * A paper is settled if the source named it, or showed that it does not know it. An unknown paper is asked for again once a day, until it
 * is on no list of the last days. After a request that settled nothing, the next run asks again. If that fails too, its papers wait for a
 * day.
 *
 * @param keep saves an answer
 */
export async function lookUpPapers(
  ports: LookUpPorts,
  source: LookUpSource,
  now: Instant,
  keep: (answer: LookUpAnswer) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const name = `lookup#${source.name}`;
  const stored = (await ports.sourceStates.load(name))?.cursor;
  const memory = readMemory(stored);
  const listed = await findListed(ports, source, now);
  const due = listed.filter((id) => !memory.known.includes(id) && isDue(memory.waitsSince[id], now));
  const papers = due.length === 0 ? [] : await ports.papers.loadMany(due);
  const known = new Set([
    ...memory.known,
    ...papers.filter(({ seen }) => seen?.[source.name] !== undefined).map(({ id }) => id),
  ]);
  const unnamed = papers.map(({ id }) => id).filter((id) => !known.has(id));
  const unanswered = unnamed.filter((id) => memory.waitsSince[id] === undefined);
  const wanted = (unanswered.length > 0 ? unanswered : unnamed).sort().slice(-MAX_LOOKED_UP);

  let next = { ...memory, known: [...known] };
  if (wanted.length > 0) {
    const answer = await source.lookUp({ ids: wanted, http: ports.http, signal });
    await keep(answer);
    next = afterAnswer(next, wanted, answer, now);
  }
  const text = JSON.stringify(onlyListed(next, listed));
  if (text !== stored) await ports.sourceStates.save(name, { cursor: text, lists: {} });
}

function readMemory(text: string | undefined): Memory {
  const nothing = { known: [], waitsSince: {}, hasJustFailed: false };
  return jsonTextOf(memorySchema).safeParse(text).data ?? nothing;
}

function isDue(waitsSince: Instant | undefined, now: Instant): boolean {
  return waitsSince === undefined || msBetween(waitsSince, now) >= ASK_AGAIN_AFTER_MS;
}

/** Returns the papers with an arXiv id that other sources listed in the last days, each once. It loads the list-days that have papers. */
async function findListed(
  { lists, listings, sourceStates }: LookUpPorts,
  source: LookUpSource,
  now: Instant,
): Promise<readonly PaperId[]> {
  const first = addDays(utcDayOf(now), -DAYS_BACK);
  const others = [...new Set(lists.map((list) => list.source))].filter((name) => name !== source.name);
  const states = await Promise.all(others.map((name) => sourceStates.load(name)));
  const histories = new Map(states.flatMap((state) => Object.entries(state?.lists ?? {})));
  const listDays = lists.flatMap(({ id: list }): readonly ListDay[] => {
    const days = [...readDays(histories.get(list)?.days)];
    return days.flatMap(([day, { papers }]) => (day >= first && papers > 0 ? [{ list, day }] : []));
  });
  const found = await pMap(listDays, ({ list, day }) => listings.load(list, day), {
    concurrency: LOADS_AT_ONCE,
  });
  return [...new Set(found.flat().map(({ paperId }) => paperId))].filter(isArxivId);
}

function afterAnswer(
  { known, waitsSince, hasJustFailed }: Memory,
  asked: readonly PaperId[],
  { items, settled }: LookUpAnswer,
  now: Instant,
): Memory {
  const isFailure = settled.length === 0;
  const found = items.map(({ facts }) => facts.id);
  // After the second failure in a row its papers wait for a day, as if the source did not know them.
  const toWait = isFailure && hasJustFailed ? asked : settled;
  return {
    known: [...known, ...found],
    waitsSince: { ...waitsSince, ...Object.fromEntries(toWait.map((id) => [id, now])) },
    hasJustFailed: isFailure && !hasJustFailed,
  };
}

/** Leaves out the papers that are on no list of the last days any more. Known papers wait for nothing. */
function onlyListed({ known, waitsSince, hasJustFailed }: Memory, listed: readonly PaperId[]): Memory {
  const isListed = new Set(listed);
  return {
    known: [...new Set(known)].filter((id) => isListed.has(id)).sort(),
    waitsSince: Object.fromEntries(
      Object.entries(waitsSince).filter(([id]) => isListed.has(id) && !known.includes(id)),
    ),
    hasJustFailed,
  };
}
