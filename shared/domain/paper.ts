import * as z from 'zod';

/**
 * An arXiv id without its version: `2501.12345`, `0704.0001`, `hep-ex/0307015`.
 *
 * @see https://info.arxiv.org/help/arxiv_identifier.html
 */
export const arxivIdSchema = z
  .string()
  .regex(
    /^(\d{4}\.\d{4,5}|[a-z]+(-[a-z]+)?(\.[A-Z]{2})?\/\d{7})$/,
    'an arXiv id is written without its version, like "2501.12345" or "hep-ex/0307015"',
  );

/**
 * The id of a paper: its arXiv id, or for a paper that is not on arXiv `feed-` and 16 hexadecimal digits. These are the start of the
 * SHA-256 of its DOI or of its link, so the paper has the same id in every feed.
 */
export const paperIdSchema = z
  .string()
  .regex(
    /^(\d{4}\.\d{4,5}|[a-z]+(-[a-z]+)?(\.[A-Z]{2})?\/\d{7}|feed-[0-9a-f]{16})$/,
    'the id of a paper is its arXiv id without its version, like "2501.12345" or "hep-ex/0307015", or an id like "feed-0123456789abcdef"',
  );

export type PaperId = z.infer<typeof paperIdSchema>;

/**
 * How many authors of a paper are stored by name. `authorCount` is the true number. 99 % of papers have fewer than 58 authors. The
 * longest known list has 3,303 names, which are 263 KB. A table item holds at most 400 KB.
 */
export const MAX_AUTHORS = 200;

/** How many vote snapshots of a paper are stored. The oldest are dropped. */
export const MAX_SNAPSHOTS = 8;

const instantSchema = z.iso.datetime({ precision: 3 });
const countSchema = z.int().nonnegative();
const webUrlSchema = z.url({ protocol: /^https?$/ });
const textSchema = z.string().min(1);
const versionSchema = z.int().positive();

/**
 * The facts about a paper that one source gives at one moment. A fact is missing if the source does not give it, or gives it in an
 * unusable form. Zero votes is a fact. Texts are one plain line without markup.
 */
export const paperFactsSchema = z.object({
  /** The source that says so: `arxiv`. */
  source: textSchema,
  id: paperIdSchema,
  title: textSchema,
  abstract: textSchema.optional(),
  /** The first {@link MAX_AUTHORS} names in the paper's order. Empty only if every author is hidden. */
  authors: z.array(z.string()).max(MAX_AUTHORS).optional(),
  authorCount: countSchema.optional(),
  organisation: textSchema.optional(),
  /** The primary category comes first. */
  categories: z.array(z.string()).min(1).optional(),
  /** When the paper appeared on arXiv. A list may name it on a later day. */
  publishedAt: instantSchema.optional(),
  /** The day of the list that names the paper. It replaces a missing `publishedAt`. */
  listedOn: z.iso.date().optional(),
  upvotes: countSchema.optional(),
  comments: countSchema.optional(),
  repositoryUrl: webUrlSchema.optional(),
  stars: countSchema.optional(),
  projectUrl: webUrlSchema.optional(),
  aiSummary: textSchema.optional(),
  aiKeywords: z.array(z.string()).min(1).optional(),
  version: versionSchema.optional(),
  /** When this version appeared. */
  versionAt: instantSchema.optional(),
  licenceUrl: webUrlSchema.optional(),
  /** What the authors say about the paper: `10 pages, 3 figures`. */
  note: textSchema.optional(),
  journalReference: textSchema.optional(),
  /** The first one if the paper has several. */
  doi: textSchema.optional(),
  /** The page of a paper that is not on arXiv. */
  pageUrl: webUrlSchema.optional(),
});

export type PaperFacts = z.infer<typeof paperFactsSchema>;

const snapshotSchema = z.object({ at: instantSchema, upvotes: countSchema, comments: countSchema });

/**
 * A stored paper: its newest known facts, when it was first seen, and snapshots of its votes, oldest first.
 *
 * An unknown text or list is empty, an unknown count is 0, and an unknown optional fact is missing. A paper without snapshots has
 * unknown votes, because no source has given a number.
 */
export const paperSchema = z.object({
  id: paperIdSchema,
  title: z.string().min(1),
  abstract: z.string(),
  authors: z.array(z.string()).max(MAX_AUTHORS),
  authorCount: countSchema,
  organisation: z.string().optional(),
  categories: z.array(z.string()),
  publishedAt: instantSchema,
  upvotes: countSchema,
  comments: countSchema,
  repositoryUrl: webUrlSchema.optional(),
  stars: countSchema.optional(),
  projectUrl: webUrlSchema.optional(),
  aiSummary: z.string().optional(),
  aiKeywords: z.array(z.string()),
  version: versionSchema.optional(),
  versionAt: instantSchema.optional(),
  licenceUrl: webUrlSchema.optional(),
  note: z.string().optional(),
  journalReference: z.string().optional(),
  doi: z.string().optional(),
  pageUrl: webUrlSchema.optional(),
  /** The known dates of the versions before `version`, oldest first. */
  earlierVersions: z.array(z.object({ version: versionSchema, at: instantSchema })).optional(),
  /** When `version` was first seen here. Missing for the first version. */
  versionSeenAt: instantSchema.optional(),
  firstSeenAt: instantSchema,
  /** When Hugging Face first listed a paper that another source had named before. */
  pickedAt: instantSchema.optional(),
  /** When each source named the paper first and last. Missing on papers of earlier releases, which read one source. */
  seen: z.record(z.string(), z.object({ firstAt: instantSchema, lastAt: instantSchema })).optional(),
  /** The source and time of each fact that is not from the newest answer of its most trusted source. See `mergePaper`. */
  origins: z.record(z.string(), z.object({ source: textSchema, at: instantSchema })).optional(),
  /** When anything but the votes, comments and stars last changed. Missing if that never happened since the paper was first seen. */
  textChangedAt: instantSchema.optional(),
  snapshots: z.array(snapshotSchema).max(MAX_SNAPSHOTS),
});

export type Paper = z.infer<typeof paperSchema>;

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
