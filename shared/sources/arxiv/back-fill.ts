import { type Instant, MS_PER_HOUR, utcDayOf } from '../../domain/time/time.ts';
import { type HttpClient, HttpError } from '../../ports/http.ts';
import type { SourceAnswer, SourceContent } from '../source.ts';
import { toGapDay } from './batch-days.ts';
import { type Gap, gapPartsOf, listOf, type Part } from './gap.ts';
import { afterFailure, withoutFirstPart, withToken } from './gap-progress.ts';
import { type OaiReading, parseOai } from './oai.ts';

/** Archives of the group `physics`. Any other archive is a group of its own. */
const PHYSICS = [
  ...['astro-ph', 'cond-mat', 'gr-qc', 'hep-ex', 'hep-lat', 'hep-ph', 'hep-th', 'math-ph', 'nlin'],
  ...['nucl-ex', 'nucl-th', 'physics', 'quant-ph'],
];

export interface GapRequest {
  /** The address of OAI-PMH. */
  readonly url: URL;
  readonly now: Instant;
  readonly http: HttpClient;
  readonly signal?: AbortSignal | undefined;
  /** A part of a gap with more pages than this never ends. @default no limit */
  readonly maxPages?: number | undefined;
  /** See `afterFailure`. */
  readonly splitAfterMs?: number | undefined;
}

/** The problem of an answer without a request. */
export const NO_TIME = 'not read: no time was left';

/** An answer, and what is left of the gap after it. */
export interface BackFillStep {
  readonly answer: SourceContent;
  /** Undefined if the gap is filled. */
  readonly left: Gap | undefined;
}

/**
 * Reads the papers of a gap by OAI-PMH, page by page. It asks for all records that changed since the day before the gap, and lists those
 * whose first version was announced in the gap. Any other record is news of a paper.
 *
 * A gap that cannot be read to its end is left for another run, with the token of the next page. A token is valid on the day of UTC on
 * which arXiv gave it. After that the gap is read from its start. If it fails for long, it is read in parts. At the end, such a gap is
 * asked for all records that changed since it was split.
 */
export async function* fillGap(gap: Gap, request: GapRequest): AsyncGenerator<BackFillStep> {
  const today = utcDayOf(request.now);
  const { now, splitAfterMs, maxPages = Number.POSITIVE_INFINITY } = request;
  const fail = (failed: Gap, leastMs?: number) => afterFailure(failed, { now, splitAfterMs, leastMs });
  let left: Gap | undefined = gap.tokenDay === today ? gap : withToken(gap, undefined);
  let mayRestart = true;
  while (left) {
    const asked = describe(left);
    const lists = [listOf(left.category)];
    if (request.signal?.aborted) {
      yield { answer: { ...EMPTY, lists, asked, problem: NO_TIME }, left };
      return;
    }
    const { fault, token, ...reading } = await fetchPage(left, request);
    if (fault?.kind === 'expired' && left.token !== undefined && mayRestart) {
      left = withToken(left, undefined);
      mayRestart = false;
      continue;
    }
    const isStuck = token !== undefined && token === left.token;
    const isEndless = token !== undefined && (left.pages ?? 0) + 1 >= maxPages;
    const before: Gap = left;
    let problem: string | undefined;
    if (isStuck) {
      problem = 'the page has the token of the same page';
      left = fail(withToken(left, undefined));
    } else if (isEndless) {
      problem = `the pages do not end: more than ${maxPages}`;
      left = fail(withToken(left, undefined), WAIT_AFTER_ENDLESS_MS);
    } else if (fault) {
      problem = fault.what;
      left = fail(fault.kind === 'expired' ? withToken(left, undefined) : left);
    } else {
      left = token === undefined ? withoutFirstPart(left) : withToken(left, token, today);
    }
    yield {
      answer: {
        ...EMPTY,
        lists,
        asked,
        problem,
        itemsRead: reading.itemsRead,
        items: toItems(reading, before, request.now),
        rejections: reading.rejections,
      },
      left,
    };
    if (problem !== undefined) return;
  }
}

const EMPTY = {
  itemsRead: 0,
  items: [],
  rejections: [],
  corrections: [],
  saysNothingOfNewest: true,
} as const;

function describe(gap: Gap): string {
  const { category, from, until, parts, token } = gap;
  const part = parts === undefined ? '' : `, changed ${toDaysText(parts[0])}`;
  return `${category} from ${from} to ${until}${part}${token === undefined ? '' : `, page ${token.slice(-40)}`}`;
}

function toDaysText({ from, until }: Part): string {
  if (until === undefined) return `since ${from}`;
  return until === from ? `on ${from}` : `from ${from} to ${until}`;
}

/** Pages without an end cost many requests each time. */
const WAIT_AFTER_ENDLESS_MS = 6 * MS_PER_HOUR;

async function fetchPage(gap: Gap, { url, http, signal }: GapRequest): Promise<OaiReading> {
  try {
    return parseOai(await http.fetchText(toPageUrl(url, gap), signal));
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const received = parseOai({ status: 200, body: error.received ?? '' });
    return { ...received, fault: { kind: 'unusable', what: error.message } };
  }
}

function toPageUrl(base: URL, gap: Gap): URL {
  const { category, token } = gap;
  const url = new URL(base);
  const query = url.searchParams;
  query.set('verb', 'ListRecords');
  if (token !== undefined) {
    query.set('resumptionToken', token);
  } else {
    query.set('metadataPrefix', 'arXivRaw');
    query.set('set', toSet(category));
    const [{ from, until }] = gapPartsOf(gap);
    query.set('from', from);
    if (until !== undefined) query.set('until', until);
  }
  return url;
}

/** Returns the name of a category in OAI-PMH: `cs:cs:CL`, `physics:hep-th`, `physics:cond-mat:str-el`. */
function toSet(category: string): string {
  const [archive = '', subject] = category.split('.');
  const group = PHYSICS.includes(archive) ? 'physics' : archive;
  return [group, archive, ...(subject === undefined ? [] : [subject])].join(':');
}

function toItems({ records }: Pick<OaiReading, 'records'>, gap: Gap, now: Instant): SourceAnswer['items'] {
  const list = listOf(gap.category);
  return records.map(({ facts, submittedAt, changedOn }) => {
    const isFirst = facts.version === undefined || facts.version === 1;
    const isOn = facts.categories?.includes(gap.category) ?? false;
    const day = isOn ? toGapDay({ submittedAt, changedOn, isFirst }, gap) : undefined;
    if (day === undefined) return { facts, listings: [] };
    return {
      facts: { ...facts, listedOn: day },
      listings: [{ list, day, paperId: facts.id, firstSeenAt: now }],
    };
  });
}
