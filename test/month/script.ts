import { type Announcement, type ArxivPaper, atArxiv } from '../../local/arxiv/archive.ts';
import type { ArxivModel } from '../../local/arxiv/arxiv.ts';
import { addDays, type Day, daysFrom, type Instant, isoWeekdayOf } from '../../shared/domain/time/time.ts';
import { createArxivPaper, createBatchPaper, submittedBefore, toArxivId } from '../factories/arxiv.ts';

/** The categories that the deployment follows. Papers have others too. */
export const CATEGORIES = ['cs.CL', 'cs.CV', 'cs.LG'] as const;

export type Category = (typeof CATEGORIES)[number];

/** The first and the last day with papers. The clocks in New York go back on 1 November. */
export const MONTH = { first: '2026-10-30', last: '2026-11-30' } as const;

/** The Friday after Thanksgiving. Nothing is announced on the evening of the holiday. */
const HOLIDAY: Day = '2026-11-27';

/** From one instant on and before another. */
interface Span {
  readonly from: Instant;
  readonly until: Instant;
}

/** What goes wrong with feeds of announcements. */
export interface Trouble extends Span {
  /** `failing`: no read succeeds. `cut`: they end early. `late`: that of the category has the batch before. */
  readonly kind: 'failing' | 'cut' | 'late';
  readonly category?: Category;
  readonly cause: (arxiv: ArxivModel, span: Span) => void;
}

type Rule = Parameters<ArxivModel['faults']['add']>[0];

/** Returns the span between two local times of New York, `2026-11-03 15:00`. */
function between(from: string, until: string): Span {
  const toAt = (text: string) => atArxiv(text.slice(0, 10), `${text.slice(11)}:00`);
  return { from: toAt(from), until: toAt(until) };
}

function fail(span: Span, rule: Rule): Trouble {
  return { ...span, kind: 'failing', cause: ({ faults }) => faults.add({ ...rule, ...span }) };
}

function delay(span: Span, category: Category): Trouble {
  return { ...span, kind: 'late', category, cause: ({ faults }) => faults.delay(category, span) };
}

function cut(span: Span): Trouble {
  const rule: Rule = { ...span, kind: 'truncated', service: 'feed' };
  return { ...span, kind: 'cut', cause: ({ faults }) => faults.add(rule) };
}

/** The troubles, by their times in New York. */
export const troubles: readonly Trouble[] = [
  delay(between('2026-11-02 00:00', '2026-11-02 15:00'), 'cs.CV'),
  // A day is missed. The next feed has only the next batch.
  fail(between('2026-11-04 00:00', '2026-11-05 00:00'), { kind: 'no connection' }),
  fail(between('2026-11-05 00:00', '2026-11-05 04:00'), { kind: 'status', status: 503, retryAfter: '0' }),
  // Of the missed day, one feed still has the batch.
  delay(between('2026-11-05 04:00', '2026-11-05 14:00'), 'cs.CV'),
  cut(between('2026-11-06 00:00', '2026-11-06 06:00')),
  fail(between('2026-11-09 00:00', '2026-11-09 05:00'), { kind: 'error feed' }),
  fail(between('2026-11-10 00:00', '2026-11-10 05:00'), { kind: 'status', status: 429, retryAfter: '3600' }),
  // The late batch is in no feed at all, because the next one follows.
  delay(between('2026-11-12 00:00', '2026-11-13 00:00'), 'cs.LG'),
  fail(between('2026-11-19 00:00', '2026-11-20 00:00'), { kind: 'status', status: 500 }),
];

/**
 * Troubles that change no state: slow answers, and after the second missed day no answer of OAI-PMH for some hours more. The query API has
 * troubles of its own.
 */
const otherTroubles: readonly Rule[] = [
  { ...between('2026-11-17 00:00', '2026-11-17 04:00'), kind: 'slow', ms: 30_000 },
  {
    ...between('2026-11-20 00:00', '2026-11-20 07:00'),
    kind: 'status',
    status: 503,
    retryAfter: '0',
    service: 'oai',
  },
  { ...between('2026-11-02 00:00', '2026-11-02 21:00'), kind: 'empty page', service: 'query' },
  { ...between('2026-11-03 00:00', '2026-11-03 12:00'), kind: 'truncated', service: 'query' },
  { ...between('2026-11-11 00:00', '2026-11-13 12:00'), kind: 'status', status: 503, service: 'query' },
];

/** Returns the days with a batch. */
export function batchDays(until: Day): readonly Day[] {
  return daysFrom(MONTH.first, until).filter((day) => isoWeekdayOf(day) <= 5 && day !== HOLIDAY);
}

/** Announces all batches up to a day, and sets all troubles. */
export function performScript(arxiv: ArxivModel, until: Day): void {
  for (const day of batchDays(until)) arxiv.announce(day, toBatch(day));
  for (const trouble of troubles) trouble.cause(arxiv, trouble);
  for (const rule of otherTroubles) arxiv.faults.add(rule);
}

/** Each batch has papers of one category and of several, and news of old papers. */
function toBatch(day: Day): readonly Announcement[] {
  const create = (n: number, categories: ArxivPaper['categories']): Announcement => ({
    paper: createBatchPaper(day, n, categories),
    action: 'new',
  });
  const old = addDays(day, -7);
  const submittedAt = `${addDays(day, -40)}T12:00:00.000Z`;
  return [
    create(1, ['cs.CL']),
    create(2, ['cs.CV']),
    create(3, ['cs.LG', 'stat.ML']),
    create(4, ['cs.CL', 'cs.LG']),
    create(5, ['math.NA', 'cs.CV']),
    create(6, ['cs.CL', 'cs.CV']),
    create(UNFOLLOWED, ['math.AG']),
    // A paper of years ago has a new version, and one of a week ago too. Neither is listed again.
    replace(createArxivPaper({ id: '1911.00001', categories: ['cs.CV'], versions: [submittedAt] }), day),
    ...(old >= MONTH.first ? [replace(createBatchPaper(old, 2, ['cs.CV']), day)] : []),
    // The metadata of another changed, which only OAI-PMH says.
    { paper: createArxivPaper({ id: '1911.00002', categories: ['cs.LG'] }), action: 'absonly' },
    ...crossListingOn(day),
  ];
}

function replace(paper: ArxivPaper, day: Day): Announcement {
  const versions = [paper.versions[0], `${addDays(day, -1)}T12:00:00.000Z`] as const;
  return { paper: { ...paper, versions }, action: 'replace' };
}

/** On Fridays, the first paper of the Thursday before is added to cs.CV. */
function crossListingOn(day: Day): readonly Announcement[] {
  if (isoWeekdayOf(day) !== 5 || day === MONTH.first) return [];
  const id = toArxivId(addDays(day, -1), 1);
  return [
    {
      paper: createArxivPaper({
        id,
        categories: ['cs.CL', 'cs.CV'],
        versions: [submittedBefore(addDays(day, -1))],
      }),
      action: 'cross',
    },
  ];
}

/** The paper of each batch that is in no followed category. */
export const UNFOLLOWED = 9;

/** A paper of Hugging Face that arXiv does not know. */
export const UNKNOWN = 8;

/** The papers of Hugging Face's list of a weekday: one that arXiv announced before, one of no followed category, and an unknown one. */
export function pickedOn(day: Day): readonly string[] {
  return isoWeekdayOf(day) > 5
    ? []
    : [toArxivId(addDays(day, -3), 4), toArxivId(day, UNFOLLOWED), toArxivId(day, UNKNOWN)];
}

/** Returns the papers that were listed, by list: those of new and cross-listed papers, whatever else was announced about them. */
export function papersByList(until: Day): ReadonlyMap<string, ReadonlySet<string>> {
  const announced = batchDays(until)
    .flatMap(toBatch)
    .filter(({ action }) => action === 'new' || action === 'cross');
  const ofCategory = (category: string) =>
    new Set(
      announced.filter(({ paper }) => paper.categories.includes(category)).map(({ paper }) => paper.id),
    );
  return new Map([
    ...CATEGORIES.map((category) => [`arxiv/${category}`, ofCategory(category)] as const),
    ['hf-daily', new Set(daysFrom(MONTH.first, until).flatMap(pickedOn))],
  ]);
}
