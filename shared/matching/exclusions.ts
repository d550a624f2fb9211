import type { ListId } from '../domain/lists/lists.ts';
import type { Paper } from '../domain/papers/paper.ts';
import type { Muted } from '../domain/subscribers/muting.ts';
import { toReadableTex } from '../domain/text/readable-tex.ts';
import { MAX_QUERY_LENGTH, parseQuery, parseQueryIfValid } from './query/parse-query.ts';
import { printQuery } from './query/print-query.ts';
import { ALL_PAPERS, allOf, negate, type QueryNode } from './query/query.ts';
import { analyse } from './text/analyser.ts';
import type { Window } from './window.ts';

/** A term to exclude from a query, so that it finds fewer papers like a given one. */
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

/** Words of titles that are no topic. A list of stop words from a package has only half of them: it lacks the usual adjectives and verbs. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'about above across after against all along already also always among and another any anything are around back because been before being below better between beyond ' +
    'both but can cannot could did does doing don done down during each easy either else enough even ever every everything few first for from fully further gets good hard has have ' +
    'her here high higher his how into its itself just keep kind large last less let like little long look low lower make makes making many matter may meet meets more most much ' +
    'must near need needs never new next not nothing now off old once one only onto other others our out over own part per please rather really right same say see should ' +
    'show shows similar simple simply since small some something soon still such take than that the their them then there these they this those three through time together too toward ' +
    'towards truly two under until upon use used uses using versus very via want was way ways well were what when where whether which while who whose why will with within without would ' +
    'yet you your'
  ).split(' '),
);

/**
 * Suggests terms of a paper to exclude from the query that found it. Each removes the paper, but not all papers of the query. Terms that
 * remove only this paper come last. Otherwise keywords come before words of the title, and rare terms before frequent ones.
 *
 * @param paper one that the query finds
 * @param muted what does not count, because it comes in no digest
 */
export function suggestExclusions(
  window: Window,
  { query, lists }: { readonly query: string; readonly lists: readonly ListId[] },
  paper: Pick<Paper, 'title' | 'aiKeywords'>,
  muted: Muted = {},
): readonly Exclusion[] {
  const node = parseQuery(query);
  const countOf = (counted: QueryNode, withheld = muted) =>
    window.select({ query: counted, lists, limit: 0, muted: withheld }).total;
  const found = countOf(node);
  const isOnly = countOf(node, {}) === 1;
  const all = countOf(ALL_PAPERS);
  const scored = toCandidates(paper).flatMap(({ term, isKeyword }) => {
    const condition = parseQueryIfValid(`"${term}"`);
    if (!condition) return [];
    const paperCount = countOf(condition);
    // In a small window, the paper itself is a large share.
    if (paperCount === 0 || (paperCount > 1 && paperCount > all * MAX_SHARE)) return [];
    const removed = found - countOf(allOf([node, negate(condition)]));
    const text = toChangedQuery(query, term);
    if (removed === 0 || (removed === found && !isOnly) || text === undefined) return [];
    return [{ exclusion: { term, removed, query: text }, isKeyword, isAlone: removed === 1, paperCount }];
  });
  return scored
    .sort(
      (a, b) =>
        Number(a.isAlone) - Number(b.isAlone) ||
        Number(b.isKeyword) - Number(a.isKeyword) ||
        a.paperCount - b.paperCount,
    )
    .slice(0, MAX_EXCLUSIONS)
    .map(({ exclusion }) => exclusion);
}

interface Candidate {
  readonly term: string;
  /** Whether it is a keyword, which says more about a paper than a word of its title. */
  readonly isKeyword: boolean;
}

/** Returns the keywords of a paper, then the words of its title without stop words, each once. */
function toCandidates({ title, aiKeywords }: Pick<Paper, 'title' | 'aiKeywords'>): readonly Candidate[] {
  const readable = toReadableTex(title);
  const words = analyse(readable).map(({ start, end }) => readable.slice(start, end).toLowerCase());
  const keywords = aiKeywords.map((keyword) =>
    keyword
      .replace(/["“”„«»*]/g, '')
      .trim()
      .toLowerCase(),
  );
  const terms = new Set([...keywords, ...words.filter((word) => !STOP_WORDS.has(word))]);
  return [...terms]
    .filter((term) => term.length >= MIN_TERM_CHARS && term.length <= MAX_TERM_CHARS)
    .map((term) => ({ term, isKeyword: keywords.includes(term) }));
}

/** Returns the query without the papers of a term. Undefined if it would have too many characters or conditions. */
function toChangedQuery(query: string, term: string): string | undefined {
  const node = parseQueryIfValid(query.trim() === '' ? `-"${term}"` : `(${query}) -"${term}"`);
  const text = node && printQuery(node);
  return text !== undefined && text.length <= MAX_QUERY_LENGTH ? text : undefined;
}
