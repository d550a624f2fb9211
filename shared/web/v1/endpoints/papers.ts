import { chooseLists, findListFaults } from '../../../domain/lists/list-choice.ts';
import type { ListId } from '../../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../../domain/papers/paper.ts';
import { findDaysOf } from '../../../domain/subscribers/cadence.ts';
import { utcDayOf } from '../../../domain/time/time.ts';
import { parseQueryCached } from '../../../matching/query/parse-query-cached.ts';
import { ALL_PAPERS } from '../../../matching/query/query.ts';
import type { SearchAnswer, SearchRequest } from '../../../ports/search.ts';
import { findListed } from '../../papers/find-listed.ts';
import { loadTrending, TRENDING_DAYS } from '../../papers/load-trending.ts';
import { toListedOn } from '../../papers/paper/load-paper.ts';
import { findResultPage, withListsReadHere } from '../../papers/result-page.ts';
import { cachingOfDay } from '../../parts/caching.ts';
import { defaultSortOf } from '../../paths/search-path.ts';
import type { WebAppPorts } from '../../ports.ts';
import { adviceOn } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { listPapersQuery, searchQuery, similarQuery, trendingQuery } from '../paper-queries.ts';
import {
  onePaperSchema,
  type PaperView,
  paperIdParam,
  papersSchema,
  searchResultsSchema,
  somePapersSchema,
} from '../paper-schemas.ts';
import { toOnePaperView, toPaperView } from '../paper-view.ts';
import { ProblemError, toInvalidInput } from '../problem.ts';

const params = { id: paperIdParam };

/** The endpoints that read papers. They need no token. */
export const paperEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'GET',
    path: '/v1/papers',
    operationId: 'listPapers',
    summary: 'List papers',
    description:
      'Returns the papers of a day, a week or a month, or of all time. If papers arrive or votes change while you read page after page, no paper appears twice or is left out. If the site uses OpenSearch, both can happen.',
    needsToken: false,
    query: listPapersQuery,
    exampleQuery: '?list=hf-daily&limit=20',
    answer: { status: 200, description: 'A page of papers.', schema: papersSchema },
    async handle(ports, { query: { list, day, week, month, sort, limit, cursor } }) {
      const [period, ...others] = Object.entries({ day, week, month }).filter(
        ([, text]) => text !== undefined,
      );
      if (others.length > 0) {
        const message = 'expected only one of day, week and month';
        throw toInvalidInput(others.map(([name]) => ({ path: [name], message })));
      }
      const days = period?.[1] === undefined ? undefined : findDaysOf(period[1]);
      const lists = readLists(ports, list);
      const { hits, total, next } = await search(ports, {
        query: ALL_PAPERS,
        lists,
        days,
        sort,
        limit,
        cursor,
      });
      return {
        status: 200,
        body: { papers: toViews(ports, hits), total, next },
        caching: days ? cachingOfDay(days.last, utcDayOf(ports.clock.now())) : 'current',
      };
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/papers/trending',
    operationId: 'listTrendingPapers',
    summary: 'List the trending papers',
    description: `Returns the papers of the last ${TRENDING_DAYS} days with the most votes for their age. They come from the lists that count votes. For another list, it takes the first 100 of these papers, and returns those that are also on that list. These may be few or none. The page /about/trending explains the order. It changes with every vote, so there are no further pages.`,
    needsToken: false,
    query: trendingQuery,
    exampleQuery: '?limit=10',
    answer: { status: 200, description: 'The papers, best first.', schema: somePapersSchema },
    async handle(ports, { query: { list, limit } }) {
      const { matches } = await loadTrending(ports, readLists(ports, list), limit);
      const papers = matches.map(({ paper }) => paper);
      return { status: 200, body: { papers: await withLists(ports, papers) } };
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/papers/search',
    operationId: 'searchPapers',
    summary: 'Search papers',
    description:
      'Finds papers by the query language of subscriptions. Fields, phrases, operators and flags are filters. Plain words are ranked: if too few papers have all, papers with some of them follow.',
    needsToken: false,
    query: searchQuery,
    exampleQuery: '?q=agents%20has:code&sort=relevance',
    answer: { status: 200, description: 'A page of results.', schema: searchResultsSchema },
    async handle(ports, { query: { q, list, month, sort, verbatim, facets, limit, cursor } }) {
      const answer = await search(ports, {
        query: parseQueryCached(q),
        // Without a list it finds every paper, as the page does, also those of lists that are no longer read.
        lists: list.length > 0 ? readLists(ports, list) : [],
        days: month === undefined ? undefined : findDaysOf(month),
        sort: sort ?? defaultSortOf(q),
        limit,
        cursor,
        isVerbatim: verbatim,
        withFacets: facets,
      });
      const { hits, total, next, totalWithAll, corrected } = answer;
      return {
        status: 200,
        body: {
          papers: toViews(ports, hits),
          total,
          next,
          corrected,
          isRelaxed: totalWithAll < total,
          ...adviceOn(ports, q),
          facets: answer.facets && withListsReadHere(answer.facets, ports.lists),
        },
      };
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/papers/{id}/similar',
    operationId: 'listSimilarPapers',
    summary: 'List similar papers',
    needsToken: false,
    params,
    query: similarQuery,
    exampleQuery: '?limit=5',
    answer: { status: 200, description: 'The papers most like it, best first.', schema: somePapersSchema },
    async handle(ports, { params: { id = '' }, query: { limit } }) {
      await loadPaper(ports, id);
      return { status: 200, body: { papers: await withLists(ports, await ports.search.similar(id, limit)) } };
    },
  }),
  defineEndpoint({
    method: 'GET',
    path: '/v1/papers/{id}',
    operationId: 'getPaper',
    summary: 'Read a paper',
    needsToken: false,
    params,
    answer: { status: 200, description: 'The paper.', schema: onePaperSchema },
    async handle(ports, { params: { id = '' } }) {
      const [paper, listings] = await Promise.all([loadPaper(ports, id), ports.listings.loadOfPaper(id)]);
      const listedOn = await toListedOn(ports, id, listings);
      return { status: 200, body: toOnePaperView(paper, listedOn, ports.publication) };
    },
  }),
];

/**
 * Returns the lists that are asked for, or all that are read here.
 *
 * @throws ProblemError for a list that is not read here
 */
function readLists({ lists: known }: WebAppPorts, asked: readonly string[]): readonly ListId[] {
  const faults = findListFaults(asked, known, ['list']);
  if (faults.length > 0) throw toInvalidInput(faults);
  return asked.length > 0 ? chooseLists(asked, known) : known;
}

/** @throws ProblemError for a cursor of another search */
async function search(ports: WebAppPorts, request: SearchRequest): Promise<SearchAnswer> {
  const answer = await findResultPage(ports.search, request);
  if (answer) return answer;
  const message = 'expected the `next` of the page before, with otherwise the same parameters';
  throw toInvalidInput([{ path: ['cursor'], message }]);
}

/** @throws ProblemError for an unknown paper */
async function loadPaper({ papers }: WebAppPorts, id: PaperId): Promise<Paper> {
  const [paper] = await papers.loadMany([id]);
  if (!paper) throw new ProblemError('not-found', { detail: `there is no paper "${id}" here` });
  return paper;
}

function toViews({ publication }: WebAppPorts, hits: SearchAnswer['hits']): readonly PaperView[] {
  return hits.map(({ paper, ...listed }) => toPaperView(paper, listed, publication));
}

async function withLists(ports: WebAppPorts, papers: readonly Paper[]): Promise<readonly PaperView[]> {
  const listed = await findListed(
    ports.search,
    papers.map(({ id }) => id),
  );
  return papers.map((paper) => toPaperView(paper, listed.get(paper.id) ?? { lists: [] }, ports.publication));
}
