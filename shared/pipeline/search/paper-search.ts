import * as z from 'zod';
import type { ListId } from '../../domain/lists.ts';
import type { Paper, PaperId } from '../../domain/paper.ts';
import { addDays, type Clock, type Day, utcDayOf } from '../../domain/time.ts';
import { QueryError, type QueryNode } from '../../matching/query/query.ts';
import { tryReadQuery } from '../../matching/query/read-query.ts';
import { RANK_RULES } from '../../matching/rank.ts';
import { type Match, openWindow, type Window } from '../../matching/window.ts';
import {
  type FacetCount,
  type PaperSearch,
  SearchCursorError,
  type SearchFacets,
} from '../../ports/search.ts';
import type { ListDayPapers } from '../../snapshots/list-day.ts';
import type { ListDays } from '../snapshots/list-days.ts';
import { SNAPSHOT_DAYS } from '../snapshots/refresh-snapshots.ts';

export interface PaperSearchPorts {
  readonly listDays: ListDays;
  readonly clock: Clock;
  /** The lists to search. */
  readonly lists: readonly ListId[];
}

/** The papers that are searched, and where each was listed. */
interface Corpus {
  readonly parts: readonly ListDayPapers[];
  readonly window: Window;
  readonly listings: ReadonlyMap<
    PaperId,
    { readonly lists: readonly ListId[]; readonly days: readonly Day[] }
  >;
}

/** Creates the search over the papers of the last {@link SNAPSHOT_DAYS} days. */
export function createPaperSearch({ listDays, clock, lists }: PaperSearchPorts): PaperSearch {
  let kept: Corpus | undefined;

  const load = async (): Promise<Corpus> => {
    const today = utcDayOf(clock.now());
    const loaded = await Promise.all(
      lists.map((list) => listDays.load(list, addDays(today, -SNAPSHOT_DAYS), today)),
    );
    const parts = loaded.flat().sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
    const known = kept;
    const isSame =
      known?.parts.length === parts.length && parts.every((part, at) => known.parts[at] === part);
    if (known && isSame) return known;
    kept = { parts, window: openWindow(parts, RANK_RULES), listings: toListings(parts) };
    return kept;
  };

  return {
    async search(request) {
      const { query, sort, limit, cursor, facets = false } = request;
      const { window, listings } = await load();
      const chosen = request.lists && request.lists.length > 0 ? request.lists : lists;
      const { matches } = window.select({
        query,
        lists: chosen,
        sort: sort === 'relevance' ? 'match' : 'new',
        limit: window.papers.length,
      });
      const days = (id: PaperId) => listings.get(id)?.days ?? [];
      const { first = '', last = '9999' } = request.days ?? {};
      const found = matches.filter(({ paper }) => days(paper.id).some((day) => first <= day && day <= last));
      const sorted = sort === 'votes' ? found.sort((a, b) => b.paper.upvotes - a.paper.upvotes) : found;
      const start = cursor === undefined ? 0 : placeAfter(cursor, sorted);
      const hits = sorted.slice(start, start + limit).map(({ paper, reasons }) => ({
        paper,
        reasons,
        lists: listings.get(paper.id)?.lists ?? [],
        listedOn: days(paper.id).at(-1) ?? '',
      }));
      const end = start + hits.length;
      const lastId = hits.at(-1)?.paper.id;
      return {
        hits,
        total: sorted.length,
        ...(lastId !== undefined && end < sorted.length && { next: toCursor(lastId, end) }),
        ...(facets && { facets: toFacets(sorted, listings) }),
        isRelaxed: false,
      };
    },

    async similar(id, limit) {
      const { window } = await load();
      const paper = window.papers.find((one) => one.id === id);
      const query = anyOf(paper?.aiKeywords ?? []);
      if (!query) return [];
      const { matches } = window.select({ query, lists, sort: 'match', limit, excluded: [id] });
      return matches.map((match) => match.paper);
    },
  };
}

/** Returns a query for the papers with any of some keywords. Undefined if none of them has a word. */
function anyOf(keywords: readonly string[]): QueryNode | undefined {
  const parts = keywords.flatMap((keyword) => {
    const query = tryReadQuery(`keyword:"${keyword.replaceAll('"', ' ')}"`);
    return query instanceof QueryError ? [] : [query];
  });
  return parts.length > 1 ? { kind: 'or', parts } : parts[0];
}

function toListings(parts: readonly ListDayPapers[]): Corpus['listings'] {
  const listings = new Map<PaperId, { lists: ListId[]; days: Day[] }>();
  for (const { list, day, ids } of parts) {
    for (const id of ids) {
      const known = listings.get(id) ?? { lists: [], days: [] };
      listings.set(id, known);
      if (!known.lists.includes(list)) known.lists.push(list);
      known.days.push(day);
    }
  }
  return listings;
}

const cursorSchema = z.tuple([z.string(), z.int().positive()]);

function toCursor(id: PaperId, place: number): string {
  return Buffer.from(JSON.stringify([id, place])).toString('base64url');
}

/** @throws SearchCursorError */
function placeAfter(cursor: string, matches: readonly Match[]): number {
  try {
    const [id, place] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const found = matches.findIndex(({ paper }) => paper.id === id);
    return found < 0 ? place : found + 1;
  } catch {
    throw new SearchCursorError();
  }
}

function toFacets(matches: readonly Match[], listings: Corpus['listings']): SearchFacets {
  const papers = matches.map(({ paper }) => paper);
  const monthOf = ({ id }: Paper) => listings.get(id)?.days.at(-1)?.slice(0, 7) ?? '';
  return {
    lists: count(papers.flatMap(({ id }) => listings.get(id)?.lists ?? [])),
    organisations: count(papers.flatMap(({ organisation }) => organisation ?? [])),
    months: [...count(papers.map(monthOf))].sort((a, b) => (a.value < b.value ? 1 : -1)),
    withCode: papers.filter(({ repositoryUrl }) => repositoryUrl !== undefined).length,
    withProject: papers.filter(({ projectUrl }) => projectUrl !== undefined).length,
  };
}

function count(values: readonly string[]): readonly FacetCount[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const found = [...counts].map(([value, number]) => ({ value, count: number }));
  return found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
