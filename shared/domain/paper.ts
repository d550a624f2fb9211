import * as z from 'zod';
import { type Instant, utcDayOf } from './time.ts';

/**
 * An arXiv id without its version: `2501.12345`, `0704.0001`, `hep-ex/0307015`.
 *
 * @see https://info.arxiv.org/help/arxiv_identifier.html
 */
export const paperIdSchema = z
  .string()
  .regex(
    /^(\d{4}\.\d{4,5}|[a-z]+(-[a-z]+)?(\.[A-Z]{2})?\/\d{7})$/,
    'an arXiv id is written without its version, like "2501.12345" or "hep-ex/0307015"',
  );

export type PaperId = z.infer<typeof paperIdSchema>;

/**
 * How many authors of a paper are kept by name; `authorCount` tells the true number.
 * One real paper has 3,303 of them, 263 KB of the 400 KB that an item of the table may hold; 99 in 100 have under 58.
 */
export const MAX_AUTHORS = 200;

/** How many vote snapshots of a paper are kept, the newest. */
export const MAX_SNAPSHOTS = 8;

const instantSchema = z.iso.datetime({ precision: 3 });
const countSchema = z.int().nonnegative();
const webUrlSchema = z.url({ protocol: /^https?$/ });
const textSchema = z.string().min(1);

/**
 * What one source says of one paper at one moment. A fact that the source does not give, or gives in a form that cannot be
 * used, is missing: it is unknown. A present fact is a real one, zero votes included. Texts are plain: one line, no markup,
 * spaces collapsed.
 */
export const paperFactsSchema = z.object({
  id: paperIdSchema,
  title: textSchema,
  abstract: textSchema.optional(),
  /** The first {@link MAX_AUTHORS} names in the paper's order; empty only if every author is hidden. */
  authors: z.array(z.string()).max(MAX_AUTHORS).optional(),
  authorCount: countSchema.optional(),
  organisation: textSchema.optional(),
  categories: z.array(z.string()).min(1).optional(),
  /** When the paper appeared on arXiv, which is not the day it was listed. */
  publishedAt: instantSchema.optional(),
  /** The day of the list that names the paper. It stands in for `publishedAt` until a source gives one. */
  listedOn: z.iso.date().optional(),
  upvotes: countSchema.optional(),
  comments: countSchema.optional(),
  repositoryUrl: webUrlSchema.optional(),
  stars: countSchema.optional(),
  projectUrl: webUrlSchema.optional(),
  aiSummary: textSchema.optional(),
  aiKeywords: z.array(z.string()).min(1).optional(),
});

export type PaperFacts = z.infer<typeof paperFactsSchema>;

const snapshotSchema = z.object({ at: instantSchema, upvotes: countSchema, comments: countSchema });

/**
 * A paper as Broadsheet keeps it: the newest known facts, when it was first seen, and how its votes moved, oldest first.
 *
 * While a fact is unknown, its text or list is empty, its count is 0, and an optional one is missing. A paper without any
 * snapshot has unknown votes: no source gave a number yet.
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
  firstSeenAt: instantSchema,
  snapshots: z.array(snapshotSchema).max(MAX_SNAPSHOTS),
});

export type Paper = z.infer<typeof paperSchema>;

/** A paper of which nothing but its id and title is known. */
const NOTHING_KNOWN = {
  abstract: '',
  authors: [],
  authorCount: 0,
  categories: [],
  upvotes: 0,
  comments: 0,
  aiKeywords: [],
  snapshots: [],
} satisfies Partial<Paper>;

/**
 * The stored paper brought up to date with what a source says at `seenAt`.
 *
 * - A fact replaces the stored one. A missing fact replaces nothing.
 * - Facts older than the newest snapshot only fill in what is unknown, so a late answer never sets votes back.
 * - A snapshot is added when votes or comments moved, up or down, once the votes are known.
 * - `publishedAt` never changes at the source, so a real one always replaces the day that stood in for it.
 *
 * Returns `stored` itself when nothing changed, so that the caller can tell without comparing.
 */
export function mergePaper(stored: Paper | undefined, facts: PaperFacts, seenAt: Instant): Paper {
  const { listedOn = utcDayOf(seenAt), ...said } = facts;
  if (!stored) {
    const publishedAt = `${listedOn}T00:00:00.000Z`;
    const { id, title } = facts;
    return withSnapshot(
      { id, title, ...NOTHING_KNOWN, publishedAt, firstSeenAt: seenAt, ...onlyKnown(said) },
      facts,
      seenAt,
    );
  }

  const isLate = seenAt < (stored.snapshots.at(-1)?.at ?? stored.firstSeenAt);
  const merged = isLate
    ? fillIn(stored, said, seenAt)
    : withSnapshot({ ...stored, ...onlyKnown(said) }, facts, seenAt);
  return JSON.stringify(merged) === JSON.stringify(stored) ? stored : merged;
}

type Said = Omit<PaperFacts, 'listedOn'>;
/** Facts without keys that hold undefined. */
type Known = { readonly [Key in keyof Said]?: NonNullable<Said[Key]> };

function onlyKnown(said: Partial<Said>): Known {
  return Object.fromEntries(Object.entries(said).filter(([, fact]) => fact !== undefined));
}

/** The paper with the facts that it lacks, taken from an answer that is older than itself. */
function fillIn(stored: Paper, said: Said, seenAt: Instant): Paper {
  const { publishedAt, upvotes, ...others } = onlyKnown(said);
  const lacking = Object.entries(others).filter(([name]) => isUnknown(stored[name as keyof typeof others]));
  const filled = { ...stored, ...(publishedAt && { publishedAt }), ...Object.fromEntries(lacking) };
  if (upvotes === undefined || stored.snapshots.length > 0) return filled;
  return withSnapshot({ ...filled, upvotes }, said, seenAt);
}

function isUnknown(fact: Paper[keyof Paper] | undefined): boolean {
  return fact === undefined || fact === 0 || (typeof fact !== 'number' && fact.length === 0);
}

/** The paper with its votes and comments of now noted, if the votes are known and either has moved. */
function withSnapshot(paper: Paper, said: Pick<PaperFacts, 'upvotes'>, at: Instant): Paper {
  const newest = paper.snapshots.at(-1);
  if (said.upvotes === undefined && !newest) return paper;
  const { upvotes, comments } = paper;
  if (newest?.upvotes === upvotes && newest.comments === comments) return paper;
  const others = paper.snapshots.filter((one) => one.at !== at);
  return { ...paper, snapshots: [...others, { at, upvotes, comments }].slice(-MAX_SNAPSHOTS) };
}

/** The page a reader is sent to for a paper. */
export function toAbstractUrl(id: PaperId): string {
  return `https://arxiv.org/abs/${id}`;
}
