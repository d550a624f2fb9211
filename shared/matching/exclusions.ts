import type { ListId } from '../domain/lists.ts';
import type { Paper } from '../domain/paper.ts';
import { toReadableTex } from '../domain/readable-tex.ts';
import { findQuery, MAX_QUERY_LENGTH, parseQuery } from './query/parse-query.ts';
import { printQuery } from './query/print-query.ts';
import { allOf, negate, type QueryNode } from './query/query.ts';
import { analyse } from './text/analyser.ts';
import type { Window } from './window.ts';

/** A term that a query can leave out, to bring fewer papers like one of them. */
export interface Exclusion {
  /** A word or a phrase, without quotes: `video generation`. */
  readonly term: string;
  /** How many papers of the window the query would no longer find. */
  readonly removed: number;
  /** The changed query in its normal form: `agents -"video generation"`. */
  readonly query: string;
}

const MAX_EXCLUSIONS = 5;

/** A word in more than this share of the papers says little about one of them. */
const MAX_SHARE = 0.25;

const MIN_TERM_CHARS = 3;
const MAX_TERM_CHARS = 60;

/** A keyword says more about a paper than a word of its title. */
const KEYWORD_WEIGHT = 2;

/**
 * Suggests the most telling terms of a paper, to be left out of the query that found it. The best one comes first: a keyword or a word
 * of the title that few papers of the window have. A term that only this paper has comes last. Each removes the paper, and not every
 * other paper of the query.
 *
 * @param paper one that the query finds
 */
export function suggestExclusions(
  window: Window,
  { query, lists }: { readonly query: string; readonly lists: readonly ListId[] },
  paper: Pick<Paper, 'title' | 'aiKeywords'>,
): readonly Exclusion[] {
  const node = parseQuery(query);
  const countOf = (one: QueryNode) => window.select({ query: one, lists, limit: 0 }).total;
  const found = countOf(node);
  const all = countOf({ kind: 'all' });
  const scored = [...toCandidates(paper)].flatMap(([term, weight]) => {
    const condition = findQuery(`"${term}"`);
    if (!condition) return [];
    const holders = countOf(condition);
    // In a small window, the paper itself is a large share.
    if (holders === 0 || (holders > 1 && holders > all * MAX_SHARE)) return [];
    const removed = found - countOf(allOf([node, negate(condition)]));
    const text = toChangedQuery(query, term);
    if (removed === 0 || (removed === found && found > 1) || text === undefined) return [];
    const score = weight * Math.log(1 + all / holders);
    return [{ exclusion: { term, removed, query: text }, isAlone: removed === 1, score }];
  });
  return scored
    .sort((a, b) => Number(a.isAlone) - Number(b.isAlone) || b.score - a.score)
    .slice(0, MAX_EXCLUSIONS)
    .map(({ exclusion }) => exclusion);
}

/** Returns the keywords of a paper and the words of its title with their weights, each once. */
function toCandidates({
  title,
  aiKeywords,
}: Pick<Paper, 'title' | 'aiKeywords'>): ReadonlyMap<string, number> {
  const readable = toReadableTex(title);
  const words = analyse(readable).map(({ start, end }) => readable.slice(start, end).toLowerCase());
  const keywords = aiKeywords.map((keyword) =>
    keyword
      .replace(/["“”„«»*]/g, '')
      .trim()
      .toLowerCase(),
  );
  const weights = new Map<string, number>();
  for (const [terms, weight] of [
    [keywords, KEYWORD_WEIGHT],
    [words, 1],
  ] as const) {
    for (const term of terms) {
      const isUsable = term.length >= MIN_TERM_CHARS && term.length <= MAX_TERM_CHARS;
      if (isUsable && !weights.has(term)) weights.set(term, weight);
    }
  }
  return weights;
}

/** Returns the query without the papers of a term. Undefined if it would be too long or is not valid. */
function toChangedQuery(query: string, term: string): string | undefined {
  const node = findQuery(query.trim() === '' ? `-"${term}"` : `(${query}) -"${term}"`);
  const text = node && printQuery(node);
  return text !== undefined && text.length <= MAX_QUERY_LENGTH && findQuery(text) ? text : undefined;
}
