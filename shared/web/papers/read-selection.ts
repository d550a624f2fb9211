import { explainUnknownList, findChosenList } from '../../domain/lists/list-choice.ts';
import { EARLIEST_DAY, NO_OLDER_PAPERS } from '../../domain/lists/listing.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { sorts } from '../../domain/papers/sort.ts';
import type { Day } from '../../domain/time/time.ts';
import { daySchema, instantSchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import { explainFault } from '../../matching/query/explain-fault.ts';
import type { QueryError } from '../../matching/query/query.ts';
import { upgradeLinkedQuery } from '../../matching/query/query-schema.ts';
import { type PaperSelection, parseIdList, toPapersPath } from '../../presentation/papers-path.ts';
import { explainSorts, type LinkFault } from '../parts/link-fault.ts';
import { MAX_DAYS } from './periods.ts';

/** The unparsed parameters of a page. */
export interface SentParams {
  readonly day: string;
  readonly lists?: string | undefined;
  readonly q?: string | undefined;
  readonly days?: string | undefined;
  readonly sort?: string | undefined;
  readonly until?: string | undefined;
  readonly without?: string | undefined;
  readonly seen?: string | undefined;
  readonly page?: string | undefined;
}

/** The requested page of a selection. */
export interface PageRequest {
  /** Counts from 1. Ignored if `seen` has papers. */
  readonly page: number;
  /** The papers of the pages before it, those of the first page first. Empty if the URL has a page number. */
  readonly seen: readonly PaperId[];
}

const numberSchema = (max: number) =>
  z.pipe(
    z.pipe(z.string().check(z.regex(/^\d{1,4}$/)), z.transform(Number)),
    z.int().check(z.minimum(1), z.maximum(max)),
  );
/** A link may name a list of any length. */
const MAX_SHOWN_CHARS = 40;

const daysSchema = numberSchema(MAX_DAYS);
const pageSchema = numberSchema(9999);
const sortSchema = z.optional(z.enum(sorts));
const untilSchema = z.optional(instantSchema);

export const NO_PAGE: LinkFault = { status: 404, message: 'There is no page with this number.' };

/** Returns whether the number in a URL asks for a further page. Only the pages of days have numbers. */
export function asksForFurtherPage(page: string | undefined): boolean {
  return page !== undefined && page !== '' && page !== '1';
}

/** For a further page without papers whose URL names the papers before it instead of a page number. */
export const NO_MORE_PAPERS: LinkFault = { status: 404, message: 'There are no more papers.' };

/** Returns a link to all papers of a day, for a page that cannot be shown. */
export function toDayLink(day: Day): LinkFault['link'] {
  return { path: toPapersPath({ day }), text: 'Read the papers from this day' };
}

/**
 * Parses the parameters of a page, or says what is wrong with them. Unknown and empty parameters are ignored.
 */
export function parseSelection(
  sent: SentParams,
  known: readonly ListId[],
  today: Day,
): { readonly selection: PaperSelection; readonly request: PageRequest } | { readonly fault: LinkFault } {
  const { day } = sent;
  const dayFault = findDayFault(day, today);
  if (dayFault) return { fault: { status: 404, message: dayFault } };

  const refuse = (status: LinkFault['status'], message: string) => ({
    fault: { status, message, link: toDayLink(day) },
  });
  const read = parseListParam(sent.lists ?? '', known);
  if ('fault' in read) return refuse(read.fault.status, read.fault.message);

  const query = upgradeLinkedQuery(sent.q?.trim() ?? '');
  if (typeof query !== 'string') return refuse(400, toQueryMessage(query, known));

  const days = daysSchema.safeParse(sent.days || '1');
  if (!days.success) return refuse(400, `The link must have a number of days from 1 to ${MAX_DAYS}.`);

  const sort = sortSchema.safeParse(sent.sort || undefined);
  if (!sort.success) return refuse(400, explainSorts(sorts));

  const until = untilSchema.safeParse(sent.until || undefined);
  const without = parseIdList(sent.without ?? '');
  if (!until.success || !without) return refuse(400, 'This link is damaged. Open it again from the email.');

  const seen = parseIdList(sent.seen ?? '');
  if (!seen) return refuse(400, 'This link is damaged.');

  const page = pageSchema.safeParse(sent.page || '1');
  if (!page.success) return refuse(NO_PAGE.status, NO_PAGE.message);

  const selection = {
    day,
    days: days.data,
    lists: read.lists,
    query,
    sort: sort.data,
    until: until.data,
    without,
  };
  return { selection, request: { page: page.data, seen } };
}

function toQueryMessage(error: QueryError, known: readonly ListId[]): string {
  const { position, problem, hint } = explainFault(error, known);
  return `We cannot read the query at character ${position + 1}: ${problem}. ${hint}.`;
}

/**
 * Parses the parameter `lists`, each list once. Links outlive lists, so a list that is not read here is ignored if another one is.
 * An empty text means every list.
 */
export function parseListParam(
  text: string,
  known: readonly ListId[],
): { readonly lists: readonly ListId[] } | { readonly fault: LinkFault } {
  const asked = [...new Set(text.split(',').filter((list) => list !== ''))];
  const lists = [...new Set(asked.flatMap((list) => findChosenList(list, known) ?? []))];
  const [unknown] = asked;
  if (unknown === undefined || lists.length > 0) return { lists };
  return { fault: { status: 404, message: explainUnknownList(unknown.slice(0, MAX_SHOWN_CHARS), known) } };
}

function findDayFault(day: string, today: Day): string | undefined {
  if (!daySchema.safeParse(day).success)
    return 'There is no such day or paper. Use a day such as 2026-01-05, or an id such as 2601.00001.';
  if (day > today) return 'This day is in the future.';
  return day < EARLIEST_DAY ? NO_OLDER_PAPERS : undefined;
}
