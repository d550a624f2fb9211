import MiniSearch from 'minisearch';
import type { Paper, PaperId } from '../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../shared/matching/index/day-index.ts';
import { openDay } from '../../shared/matching/index/open-day.ts';
import { openCorpus } from '../../shared/matching/search/corpus.ts';
import { searchCorpus } from '../../shared/matching/search/search.ts';
import { toSearchPart } from '../../shared/matching/search/search-part.ts';
import { MAX_SEARCH_LIMIT } from '../../shared/ports/search.ts';
import { toPlainQuery } from './plain-query.ts';

/** A search over given papers. */
export interface Engine {
  readonly name: string;
  /** Returns the papers for a question, best first. */
  search(question: string): readonly PaperId[];
}

/** How many ranks the measures take into account. One page has no more. */
const DEPTH = MAX_SEARCH_LIMIT;

/** Opens Broadsheet's search, as `/search` uses it. The words of a question are plain words: none of them must be in a paper. */
export function openBroadsheet(papers: readonly Paper[]): Engine {
  const index = openDay(buildDayIndex(papers));
  const corpus = openCorpus([toSearchPart({ list: 'hf-daily', day: '2026-01-05', index, papers })]);
  return {
    name: '**Broadsheet**',
    search: (question) =>
      searchCorpus(corpus, { query: toPlainQuery(question), sort: 'relevance', limit: DEPTH }).hits.map(
        ({ id }) => id,
      ),
  };
}

/** Opens MiniSearch with its defaults over title and abstract, and keywords if a paper has any. */
export function openMiniSearch(papers: readonly Paper[]): Engine {
  const hasKeywords = papers.some(({ aiKeywords }) => aiKeywords.length > 0);
  const index = new MiniSearch({ fields: ['title', 'abstract', ...(hasKeywords ? ['keywords'] : [])] });
  index.addAll(
    papers.map(({ id, title, abstract, aiKeywords }) => ({
      id,
      title,
      abstract,
      keywords: aiKeywords.join('\n'),
    })),
  );
  return {
    name: 'MiniSearch 7.2.0',
    search: (question) =>
      index
        .search(question)
        .slice(0, DEPTH)
        .map(({ id }) => id),
  };
}
