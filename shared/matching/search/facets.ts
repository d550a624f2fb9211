import { compareText } from '../../domain/text/compare-text.ts';
import type { SearchCorpus } from './corpus.ts';
import type { CorpusFacts } from './corpus-facts.ts';
import { LINKS } from './paper-columns.ts';

/** A value of a facet, and how many of the matching papers have it. */
interface FacetCount {
  readonly value: string;
  readonly count: number;
}

/** How many of the matching papers have each value. The largest counts come first, but months are sorted, newest first. */
export interface SearchFacets {
  readonly lists: readonly FacetCount[];
  /** The {@link MAX_ORGANISATIONS} most frequent ones. */
  readonly organisations: readonly FacetCount[];
  /** Months of `listedOn`, such as `2026-01`. */
  readonly months: readonly FacetCount[];
  /** How many have a repository. */
  readonly withCode: number;
  /** How many have a project page. */
  readonly withProject: number;
}

/** The most frequent organisations are enough, because there are thousands. */
export const MAX_ORGANISATIONS = 20;

/** Counts the values of the papers. */
export function countFacets({ facts }: SearchCorpus, papers: Uint32Array): SearchFacets {
  const lists = new Uint32Array(facts.lists.length);
  const organisations = new Uint32Array(facts.organisations.length);
  const months = new Uint32Array(facts.months.length);
  let withCode = 0;
  let withProject = 0;
  for (const paper of papers) {
    countLists(facts, paper, lists);
    add(organisations, facts.organisationOf[paper] ?? 0);
    add(months, facts.monthOf[paper] ?? 0);
    const links = facts.links[paper] ?? 0;
    // Without a branch: see ADR 55.
    withCode += links & LINKS.code;
    withProject += links & LINKS.project;
  }
  organisations[0] = 0;
  return {
    lists: largestFirst(facts.lists, lists),
    organisations: largestFirst(facts.organisations, organisations, MAX_ORGANISATIONS),
    months: [...largestFirst(facts.months, months)].sort((a, b) => compareText(b.value, a.value)),
    withCode: withCode / LINKS.code,
    withProject: withProject / LINKS.project,
  };
}

/** A paper that a list had on several days counts once. */
function countLists({ listingLists, listingEnds }: CorpusFacts, paper: number, counts: Uint32Array) {
  const start = listingEnds[paper - 1] ?? 0;
  const end = listingEnds[paper] ?? 0;
  if (end === start + 1) {
    add(counts, listingLists[start] ?? 0);
    return;
  }
  for (let at = start; at < end; at += 1) {
    const list = listingLists[at] ?? 0;
    if (at === start || listingLists.indexOf(list, start) === at) add(counts, list);
  }
}

function add(counts: Uint32Array, at: number) {
  counts[at] = (counts[at] ?? 0) + 1;
}

/** Returns the `most` largest counts without sorting all of them. */
function largestFirst(
  values: readonly string[],
  counts: Uint32Array,
  most: number = values.length,
): readonly FacetCount[] {
  const found: FacetCount[] = [];
  const keepLargest = () => {
    found.sort((a, b) => b.count - a.count || compareText(a.value, b.value));
    found.length = Math.min(found.length, most);
  };
  let least = 1;
  for (let at = 0; at < counts.length; at += 1) {
    const count = counts[at] ?? 0;
    if (count < least) continue;
    found.push({ value: values[at] ?? '', count });
    if (found.length < 2 * most) continue;
    keepLargest();
    least = found.at(-1)?.count ?? 1;
  }
  keepLargest();
  return found;
}
