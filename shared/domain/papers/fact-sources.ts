import type { PaperFacts } from './paper.ts';

/** Stands for every source that a row does not name. */
const ANY = '*';

/**
 * The sources that each fact is taken from, the most trusted first. A fact is never taken from a source that its row does not allow.
 *
 * Votes are those of Hugging Face only, because votes of different sites cannot be compared.
 */
export const FACT_SOURCES = {
  title: ['arxiv', 'hf-daily', ANY],
  abstract: ['arxiv', 'hf-daily', ANY],
  authors: ['arxiv', 'hf-daily', ANY],
  authorCount: ['arxiv', 'hf-daily', ANY],
  categories: ['arxiv', 'hf-daily', ANY],
  publishedAt: ['arxiv', 'hf-daily', ANY],
  licenceUrl: ['arxiv', 'hf-daily', ANY],
  note: ['arxiv', 'hf-daily', ANY],
  journalReference: ['arxiv', 'hf-daily', ANY],
  doi: ['arxiv', 'hf-daily', ANY],
  organisation: ['hf-daily', 'arxiv', ANY],
  upvotes: ['hf-daily'],
  comments: ['hf-daily'],
  repositoryUrl: ['hf-daily', 'arxiv', ANY],
  stars: ['hf-daily', 'arxiv', ANY],
  projectUrl: ['hf-daily', 'arxiv', ANY],
  aiSummary: ['hf-daily', 'arxiv', ANY],
  aiKeywords: ['hf-daily', 'arxiv', ANY],
  version: ['arxiv'],
  versionAt: ['arxiv'],
  pageUrl: [ANY],
} as const satisfies Readonly<
  Record<Exclude<keyof PaperFacts, 'id' | 'source' | 'listedOn'>, readonly string[]>
>;

/** The name of a fact of which the most trusted and newest answer is kept. The version and its date have a rule of their own. */
export type FactName = Exclude<keyof typeof FACT_SOURCES, 'version' | 'versionAt'>;

export const factNames = Object.keys(FACT_SOURCES).filter(
  (name): name is FactName => name !== 'version' && name !== 'versionAt',
);

/** The origin of a date that is only the day of a list. Any real date replaces it. */
export const DAY_OF_LIST = 'day-of-list';

/**
 * The source of a paper that a feed shares with another feed. Its facts only add what is missing, so the two do not replace each other's
 * facts with every read.
 */
export const OTHER_FEED = 'other-feed';

/** Returns the rank of a source for a fact: 0 is the most trusted. Undefined if the fact is not taken from it. */
export function rankOf(fact: FactName, source: string): number | undefined {
  const row: readonly string[] = FACT_SOURCES[fact];
  if (source === DAY_OF_LIST) return row.length + 1;
  if (source === OTHER_FEED) return row.includes(ANY) ? row.length : undefined;
  const rank = row.indexOf(source);
  if (rank >= 0) return rank;
  return row.includes(ANY) ? row.indexOf(ANY) : undefined;
}

/** Returns whether the version of a paper is taken from a source. */
export function allowsVersions(source: string): boolean {
  const row: readonly string[] = FACT_SOURCES.version;
  return row.includes(source);
}
