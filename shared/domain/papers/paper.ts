import type { Instant } from '../time/time.ts';
import { daySchema, instantSchema } from '../time/time-schemas.ts';
import * as z from '../zod.ts';

/** Bounded in length, because ids are keys of the table. The longest name of an archive is `cond-mat`. */
const ARXIV_ID = /\d{4}\.\d{4,5}|[a-z]{1,20}(-[a-z]{1,20})?(\.[A-Z]{2})?\/\d{7}/;

/**
 * An arXiv id without its version: `2501.12345`, `0704.0001`, `hep-ex/0307015`.
 *
 * @see https://info.arxiv.org/help/arxiv_identifier.html
 */
export const arxivIdSchema = z
  .string()
  .check(
    z.regex(
      new RegExp(`^(${ARXIV_ID.source})$`),
      'an arXiv id is written without its version, like "2501.12345" or "hep-ex/0307015"',
    ),
  );

/**
 * The id of a paper: its arXiv id, or for a paper that is not on arXiv `feed-` and 16 hexadecimal digits. These are the start of the
 * SHA-256 of its DOI or of its link, so the paper has the same id in every feed.
 */
export const paperIdSchema = z
  .string()
  .check(
    z.regex(
      new RegExp(`^(${ARXIV_ID.source}|feed-[0-9a-f]{16})$`),
      'the id of a paper is its arXiv id without its version, like "2501.12345" or "hep-ex/0307015", or an id like "feed-0123456789abcdef"',
    ),
  );

export type PaperId = z.infer<typeof paperIdSchema>;

/**
 * How many authors of a paper are stored by name. `authorCount` is the true number. 99 % of papers have fewer than 58 authors. The
 * longest known list has 3,303 names, which are 263 KB. A table item holds at most 400 KB.
 */
export const MAX_AUTHORS = 200;

/** The list of the papers that Hugging Face picks, and the name of its source. */
export const PICKING_LIST = 'hf-daily';

/** How many counts of a paper's votes are stored. The oldest are dropped. */
export const MAX_VOTE_COUNTS = 8;

const countSchema = z.int().check(z.nonnegative());
const webUrlSchema = z.url({ protocol: /^https?$/ });
const textSchema = z.string().check(z.minLength(1));
const versionSchema = z.int().check(z.positive());

/**
 * The facts about a paper that one source gives at one time. A fact is missing if the source does not give it, or gives it in an
 * unusable form. Zero votes is a fact. Texts are one plain line without markup.
 */
export const paperFactsSchema = z.object({
  /** The source that says so: `arxiv`. */
  source: textSchema,
  id: paperIdSchema,
  title: textSchema,
  abstract: z.optional(textSchema),
  /** The first {@link MAX_AUTHORS} names in the paper's order. Empty only if every author is hidden. */
  authors: z.optional(z.array(z.string()).check(z.maxLength(MAX_AUTHORS))),
  authorCount: z.optional(countSchema),
  organisation: z.optional(textSchema),
  /** The primary category comes first. */
  categories: z.optional(z.array(z.string()).check(z.minLength(1))),
  /** When the paper appeared on arXiv. A list may name it on a later day. */
  publishedAt: z.optional(instantSchema),
  /** The day of the list that names the paper. It replaces a missing `publishedAt`. */
  listedOn: z.optional(daySchema),
  upvotes: z.optional(countSchema),
  comments: z.optional(countSchema),
  repositoryUrl: z.optional(webUrlSchema),
  stars: z.optional(countSchema),
  projectUrl: z.optional(webUrlSchema),
  aiSummary: z.optional(textSchema),
  aiKeywords: z.optional(z.array(z.string()).check(z.minLength(1))),
  version: z.optional(versionSchema),
  /** When this version appeared. */
  versionAt: z.optional(instantSchema),
  licenceUrl: z.optional(webUrlSchema),
  /** What the authors say about the paper: `10 pages, 3 figures`. */
  note: z.optional(textSchema),
  journalReference: z.optional(textSchema),
  /** The first one if the paper has several. */
  doi: z.optional(textSchema),
  /** The page of a paper that is not on arXiv. */
  pageUrl: z.optional(webUrlSchema),
});

export type PaperFacts = z.infer<typeof paperFactsSchema>;

const voteCountSchema = z.object({ at: instantSchema, upvotes: countSchema, comments: countSchema });

/**
 * A stored paper: its newest known facts, when it was first seen, and counts of its votes over time (`voteCounts`), oldest first.
 *
 * An unknown text or list is empty, an unknown count is 0, and an unknown optional fact is missing. A paper without `voteCounts` has
 * unknown votes, because no source has given a number.
 */
export const paperSchema = z.object({
  id: paperIdSchema,
  title: z.string().check(z.minLength(1)),
  abstract: z.string(),
  authors: z.array(z.string()).check(z.maxLength(MAX_AUTHORS)),
  authorCount: countSchema,
  organisation: z.optional(z.string()),
  categories: z.array(z.string()),
  publishedAt: instantSchema,
  upvotes: countSchema,
  comments: countSchema,
  repositoryUrl: z.optional(webUrlSchema),
  stars: z.optional(countSchema),
  projectUrl: z.optional(webUrlSchema),
  aiSummary: z.optional(z.string()),
  aiKeywords: z.array(z.string()),
  version: z.optional(versionSchema),
  versionAt: z.optional(instantSchema),
  licenceUrl: z.optional(webUrlSchema),
  note: z.optional(z.string()),
  journalReference: z.optional(z.string()),
  doi: z.optional(z.string()),
  pageUrl: z.optional(webUrlSchema),
  /** The known dates of the versions before `version`, oldest first. */
  earlierVersions: z.optional(z.array(z.object({ version: versionSchema, at: instantSchema }))),
  /** When `version` was first seen here. Missing for the first version. */
  versionSeenAt: z.optional(instantSchema),
  firstSeenAt: instantSchema,
  /** When Hugging Face first listed a paper that another source had named before. */
  pickedAt: z.optional(instantSchema),
  /** When each source named the paper first and last. Missing on papers of earlier releases, which read one source. */
  seen: z.optional(z.record(z.string(), z.object({ firstAt: instantSchema, lastAt: instantSchema }))),
  /** The source and time of each fact that is not from the newest answer of its most trusted source. See `mergePaper`. */
  origins: z.optional(
    z.record(
      z.string(),
      z.object({ source: textSchema, at: instantSchema, version: z.optional(versionSchema) }),
    ),
  ),
  /** When anything but the votes, comments and stars last changed. Missing if that never happened since the paper was first seen. */
  textChangedAt: z.optional(instantSchema),
  voteCounts: z.array(voteCountSchema).check(z.maxLength(MAX_VOTE_COUNTS)),
});

export type Paper = z.infer<typeof paperSchema>;

/**
 * Returns the versions of a paper with a known date, and the newest one, oldest first. Version 1 appeared when the paper was published.
 * Empty for a paper whose versions are unknown.
 */
export function findVersions({
  version,
  versionAt,
  earlierVersions = [],
  publishedAt,
}: Paper): readonly { readonly version: number; readonly at: Instant | undefined }[] {
  if (version === undefined) return [];
  const dates = new Map([
    [1, publishedAt],
    ...earlierVersions.map((earlier) => [earlier.version, earlier.at] as const),
  ]);
  if (versionAt) dates.set(version, versionAt);
  const numbers = [...new Set([...dates.keys(), version])].sort((a, b) => a - b);
  return numbers.map((number) => ({ version: number, at: dates.get(number) }));
}

/** Returns whether a paper is on arXiv. Its id is then the one of arXiv. */
export function isArxivId(id: PaperId): boolean {
  return arxivIdSchema.safeParse(id).success;
}

/** Returns the page of a paper on arXiv. Undefined if it is not on arXiv. */
export function findAbstractUrl(id: PaperId): string | undefined {
  return isArxivId(id) ? `https://arxiv.org/abs/${id}` : undefined;
}

/** Returns the PDF of a paper on arXiv. Undefined if it is not on arXiv. */
export function findPdfUrl(id: PaperId): string | undefined {
  return isArxivId(id) ? `https://arxiv.org/pdf/${id}` : undefined;
}
