import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import { type Clock, toEpochMs, toInstant } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import { buildDayIndex } from '../../matching/index/day-index.ts';
import { openDay } from '../../matching/index/open-day.ts';
import { hashOf } from '../../matching/index/terms.ts';
import { printQuery } from '../../matching/query/print-query.ts';
import type { QueryNode, TextCondition } from '../../matching/query/query.ts';
import { openCorpus } from '../../matching/search/corpus.ts';
import { parseSearchCursor, printSearchCursor, type SearchCursor } from '../../matching/search/cursor.ts';
import { createExplainer } from '../../matching/search/explain-hit.ts';
import { ENOUGH_PAPERS } from '../../matching/search/score.ts';
import { toSearchPart } from '../../matching/search/search-part.ts';
import { isPlainWord, splitQuery } from '../../matching/search/split-query.ts';
import type { Telemetry } from '../../observability.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import type { PaperSearch, SearchAnswer, SearchRequest } from '../../ports/search.ts';
import { systemTimer } from '../system-clock.ts';
import { createOpenSearchClient, type OpenSearchClient, type OpenSearchClientOptions } from './client.ts';
import { toAnswerFacets, toCountWithAll, toSearchBody } from './search-body.ts';
import type { OpenSearchTarget } from './target.ts';

export interface OpenSearchPorts {
  readonly client: OpenSearchClient;
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'error' | 'count'>;
}

const hitSchema = z.object({
  _source: z.object({ id: z.string(), lists: z.array(z.string()), listedOn: z.optional(z.string()) }),
  sort: z.tuple([z.number(), z.number(), z.string()]),
});

const answerSchema = z.object({
  hits: z.object({ total: z.object({ value: z.int() }), hits: z.array(hitSchema) }),
  aggregations: z.optional(z.unknown()),
});

type Found = z.infer<typeof answerSchema>;

const similarSchema = z.object({ hits: z.object({ hits: z.array(z.object({ _id: z.string() })) }) });

const suggestSchema = z.object({
  suggest: z.record(
    z.string(),
    z.array(z.object({ text: z.string(), options: z.array(z.object({ text: z.string() })) })),
  ),
});

/** Opens the search of a target. It signs its requests with the credentials. */
export function openOpenSearch(
  target: OpenSearchTarget,
  credentials: OpenSearchClientOptions['credentials'],
  ports: Omit<OpenSearchPorts, 'client'>,
): PaperSearch {
  return createOpenSearch({
    ...ports,
    client: createOpenSearchClient({ ...target, credentials, timer: systemTimer }),
  });
}

/**
 * Creates the search in OpenSearch, for deployments whose papers do not fit into one process. `docs/search.md` lists how its results differ
 * from those of the search in this process. Texts come from the table, and reasons from our own rules.
 */
export function createOpenSearch({ client, papers, clock, telemetry }: OpenSearchPorts): PaperSearch {
  const path = `/${client.index}/_search`;
  const ask = async (body: object): Promise<Found> =>
    answerSchema.parse(await client.send('POST', path, body));
  const loadPapers = createPaperLoader({ papers, telemetry });

  const toAnswer = async (
    request: SearchRequest,
    found: Found,
    cursor: Omit<SearchCursor, 'last'>,
  ): Promise<SearchAnswer> => {
    const { limit, query, withFacets = false } = request;
    const hits = found.hits.hits.slice(0, limit);
    const last = found.hits.hits.length > limit ? hits.at(-1) : undefined;
    const byId = await loadPapers(hits.map(({ _source }) => _source.id));
    const reasonsOf = explainAll(query, [...byId.values()]);
    const { aggregations } = found;
    const total = found.hits.total.value;
    return {
      hits: hits.flatMap(({ _source: { id, lists, listedOn = '' } }) => {
        const paper = byId.get(id);
        return paper ? [{ paper, lists, listedOn, reasons: reasonsOf(id) }] : [];
      }),
      total,
      totalWithAll: cursor.hasAll ? total : toCountWithAll(aggregations),
      next:
        last &&
        printSearchCursor({
          ...cursor,
          last: { value: last.sort[0], publishedMs: last.sort[1], id: last.sort[2] },
        }),
      facets: withFacets ? toAnswerFacets(aggregations) : undefined,
    };
  };

  /** Searches for a query, which may be corrected. The cursor belongs to the original request. */
  const search = async (original: SearchRequest, query: QueryNode): Promise<SearchAnswer> => {
    const { lists = [], days, sort, cursor, isVerbatim = false } = original;
    const hash = hashOf(JSON.stringify([printQuery(original.query), lists, days, sort, isVerbatim]));
    const request = { ...original, query };
    const after = cursor === undefined ? undefined : parseSearchCursor(cursor, hash);
    const asOf = after ? toInstant(after.asOf.papersMs) : clock.now();
    const split = splitQuery(query);
    const about = { request, split, asOf, last: after?.last };
    const asOfMs = toEpochMs(asOf);
    const position = { request: hash, asOf: { papersMs: asOfMs, votesMs: asOfMs } };
    if (after) {
      const found = await ask(toSearchBody({ ...about, isRelaxed: !after.hasAll }));
      return toAnswer(request, found, { ...position, hasAll: after.hasAll });
    }
    const strict = await ask(toSearchBody({ ...about, isRelaxed: false }));
    const mayRelax = !isVerbatim && split.plain.length > 1 && strict.hits.total.value < ENOUGH_PAPERS;
    const relaxed = mayRelax ? await ask(toSearchBody({ ...about, isRelaxed: true })) : strict;
    const hasAll = relaxed.hits.total.value <= strict.hits.total.value;
    return toAnswer(request, hasAll ? strict : relaxed, { ...position, hasAll });
  };

  return {
    async search(request) {
      const answer = await search(request, request.query);
      if (answer.total > 0 || request.isVerbatim) return answer;
      const words = splitQuery(request.query).plain.map(({ condition }) => condition);
      if (words.length === 0) return answer;
      const suggestions = toSuggestions(await client.send('POST', path, toSuggestBody(words)));
      if (suggestions.size === 0) return answer;
      const query = replaceWords(request.query, suggestions);
      const corrected = await search(request, query);
      return corrected.total === 0 ? answer : { ...corrected, corrected: printQuery(query) };
    },

    async similar(id, limit) {
      const like = [{ _index: client.index, _id: id }];
      const query = {
        more_like_this: {
          fields: ['title', 'abstract', 'keyword'],
          like,
          min_term_freq: 1,
          min_doc_freq: 2,
          max_query_terms: 25,
        },
      };
      const body = { query, size: limit, _source: false };
      const { hits } = similarSchema.parse(await client.send('POST', path, body));
      const ids = hits.hits.map(({ _id }) => _id);
      const byId = await loadPapers(ids);
      return ids.flatMap((found) => byId.get(found) ?? []);
    },

    // No paper is in memory.
    findRecent: async () => undefined,
  };
}

/** Returns a function that loads papers by id. It reports each paper that cannot be loaded once. */
function createPaperLoader({ papers, telemetry }: Pick<OpenSearchPorts, 'papers' | 'telemetry'>) {
  const reported = new Set<PaperId>();
  return async (ids: readonly PaperId[]): Promise<ReadonlyMap<PaperId, Paper>> => {
    const byId = new Map((await papers.loadMany(ids)).map((paper) => [paper.id, paper]));
    for (const paperId of ids.filter((id) => !byId.has(id) && !reported.has(id))) {
      reported.add(paperId);
      telemetry.error('A paper that a search found cannot be loaded', { paperId });
      telemetry.count('RecordsUnreadable', 1);
    }
    return byId;
  };
}

/** Explains hits with the rules of the search in this process. */
function explainAll(query: QueryNode, papers: readonly Paper[]) {
  const index = openDay(buildDayIndex(papers));
  const corpus = openCorpus([toSearchPart({ list: '', day: '1970-01-01', index, papers })]);
  const explain = createExplainer(query, corpus);
  return (id: PaperId) => {
    const number = corpus.numberOf.get(id);
    return number === undefined ? [] : explain(number);
  };
}

/** Returns the body of a request for the most similar words of papers, for words that no paper has. */
function toSuggestBody(words: readonly TextCondition[]) {
  const term = {
    field: 'abstract',
    analyzer: 'whitespace',
    suggest_mode: 'missing',
    size: 1,
    min_word_length: 4,
  };
  const entries = words.map(({ words: [stem = ''] }, at) => [`word-${at}`, { text: stem, term }]);
  return { size: 0, suggest: Object.fromEntries(entries) };
}

/** Returns the better word for each stem that has one. */
function toSuggestions(answer: unknown): ReadonlyMap<string, string> {
  const { suggest } = suggestSchema.parse(answer);
  return new Map(
    Object.values(suggest)
      .flat()
      .flatMap(({ text, options: [best] }) => (best ? [[text, best.text] as const] : [])),
  );
}

/** Returns the query with other plain words. */
function replaceWords(query: QueryNode, better: ReadonlyMap<string, string>): QueryNode {
  if (query.kind === 'and') return { ...query, parts: query.parts.map((part) => replaceWord(part, better)) };
  return replaceWord(query, better);
}

function replaceWord(node: QueryNode, better: ReadonlyMap<string, string>): QueryNode {
  const [stem = '', ...others] = isPlainWord(node) ? node.words : [];
  const word = others.length === 0 ? better.get(stem) : undefined;
  return word === undefined || !isPlainWord(node) ? node : { ...node, text: word, words: [word] };
}
