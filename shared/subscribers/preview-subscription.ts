import type { ListId } from '../domain/lists/lists.ts';
import type { Muted } from '../domain/subscribers/muting.ts';
import type { SubscriptionFields } from '../domain/subscribers/subscription.ts';
import type { Clock } from '../domain/time/time.ts';
import { parseQueryIfValid } from '../matching/query/parse-query.ts';
import { parseQueryCached } from '../matching/query/parse-query-cached.ts';
import { printQuery } from '../matching/query/print-query.ts';
import {
  ALL_PAPERS,
  allOf,
  anyOf,
  conditionsOf,
  NO_RANGE,
  partsOf,
  type QueryNode,
  type TextCondition,
} from '../matching/query/query.ts';
import { isPlainWord } from '../matching/search/split-query.ts';
import type { Window } from '../matching/window.ts';
import { listsToLoad, openPaperWindow, type WindowPorts } from '../pipeline/paper-window.ts';
import {
  COUNTED_DAYS,
  PREVIEW_DAYS,
  type Preview,
  type PreviewCount,
  type PreviewHint,
  type QueryChange,
} from './preview.ts';

/**
 * Returns what a subscription would have sent over the last days and today, if nothing had been sent before. Muted papers do not count.
 * It reads the papers of the longer time only once.
 */
export async function previewSubscription(
  ports: WindowPorts & { readonly clock: Clock; readonly lists: readonly ListId[] },
  { lists, query, sort, maxPapers }: SubscriptionFields,
  muted: Muted,
): Promise<Preview> {
  const papers = openPaperWindow(ports, COUNTED_DAYS, ports.clock.now());
  const loaded = listsToLoad({ lists, query }, ports.lists);
  const [recent, counted] = await Promise.all([papers.view(loaded, PREVIEW_DAYS + 1), papers.view(loaded)]);
  const node = parseQueryCached(query);
  const selection = recent.window.select({
    query: node,
    lists,
    sort,
    isInterleaved: true,
    limit: maxPapers,
    muted,
  });
  const countIn = (window: Window, counted: QueryNode, of: readonly ListId[] = lists) =>
    window.select({ query: counted, lists: of, limit: 0, muted }).total;
  const toCount = (days: number, window: Window): PreviewCount => ({
    days,
    total: countIn(window, node),
    lists: lists.map((list) => ({ list, total: countIn(window, node, [list]) })),
  });
  return {
    ...selection,
    counts: [toCount(PREVIEW_DAYS, recent.window), toCount(COUNTED_DAYS, counted.window)],
    hint: findHint(node, (changed) => countIn(counted.window, changed)),
  };
}

function findHint(node: QueryNode, countOf: (node: QueryNode) => number): PreviewHint | undefined {
  const all = countOf(ALL_PAPERS);
  if (node.kind === 'all' || all === 0) return undefined;
  const total = countOf(node);
  if (total === all) return { kind: 'everything' };
  return total === 0 ? { kind: 'nothing', change: findChange(node, countOf) } : undefined;
}

/**
 * Tries the plain words of a query as names. Otherwise finds the part of an AND whose removal brings the most papers. If no removal brings
 * any, tries OR between its words.
 */
function findChange(node: QueryNode, countOf: (node: QueryNode) => number): QueryChange | undefined {
  const named = findNamed(node, countOf);
  if (named) return named;
  if (node.kind !== 'and') return undefined;
  const shorter = node.parts.map((part): QueryChange => {
    const rest = allOf(node.parts.filter((kept) => kept !== part));
    return { kind: 'out', query: printQuery(part), total: countOf(rest) };
  });
  const best = shorter.reduce((a, b) => (b.total > a.total ? b : a));
  if (best.total > 0) return best;
  const [first, ...rest] = node.parts.filter(isOfWords);
  if (!first || rest.length === 0) return undefined;
  const either = allOf([anyOf(first, ...rest), ...node.parts.filter((part) => !isOfWords(part))]);
  const total = countOf(either);
  return total > 0 ? { kind: 'instead', query: printQuery(either), total } : undefined;
}

/** Longer queries are hardly names, and each word costs two more searches. */
const MAX_NAME_WORDS = 8;

/**
 * Finds the name that a query has as plain words. It tries all of them as one author or organisation. Then it tries each, and takes the one
 * that brings the most papers. A search finds names by plain words, but a subscription finds them only by `author:` and `org:`.
 */
function findNamed(node: QueryNode, countOf: (node: QueryNode) => number): QueryChange | undefined {
  const parts = partsOf(node);
  const words = parts.filter(isPlainWord);
  if (words.length === 0 || words.length > MAX_NAME_WORDS) return undefined;
  const findBest = (groups: readonly (readonly TextCondition[])[]) =>
    groups
      .flatMap((group) => {
        const text = group.map((word) => word.text).join(' ');
        const author: QueryNode = { kind: 'author', text, range: NO_RANGE };
        const organisation = allOf(group.map((word) => ({ ...word, field: 'org' })));
        const others = parts.filter((part) => !group.some((word) => word === part));
        return [author, organisation].map((name) => printQuery(allOf([name, ...others])));
      })
      .flatMap((query): readonly QueryChange[] => {
        const named = parseQueryIfValid(query);
        return named ? [{ kind: 'instead', query, total: countOf(named) }] : [];
      })
      .sort((a, b) => b.total - a.total)
      .find(({ total }) => total > 0);
  return findBest([words]) ?? findBest(words.map((word) => [word]));
}

/** Other conditions, such as a category, narrow what words find. With OR they would bring papers without any of the words. */
function isOfWords(part: QueryNode): boolean {
  return part.kind !== 'not' && conditionsOf(part).every(({ kind }) => kind === 'text' || kind === 'author');
}
