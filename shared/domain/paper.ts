import * as z from 'zod';
import type { Instant } from './time.ts';

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

/** What one source says of one paper at one moment. Texts are plain: one line, no markup, spaces collapsed. */
export const paperFactsSchema = z.object({
  id: paperIdSchema,
  title: z.string().min(1),
  abstract: z.string(),
  /** The first {@link MAX_AUTHORS} names in the paper's order. */
  authors: z.array(z.string()).max(MAX_AUTHORS),
  authorCount: countSchema,
  organisation: z.string().optional(),
  categories: z.array(z.string()),
  /** When the paper appeared on arXiv, which is not the day it was listed. */
  publishedAt: instantSchema,
  upvotes: countSchema,
  comments: countSchema,
  repositoryUrl: z.url({ protocol: /^https?$/ }).optional(),
  stars: countSchema.optional(),
  projectUrl: z.url({ protocol: /^https?$/ }).optional(),
  aiSummary: z.string().optional(),
  aiKeywords: z.array(z.string()),
});

export type PaperFacts = z.infer<typeof paperFactsSchema>;

const snapshotSchema = z.object({ at: instantSchema, upvotes: countSchema, comments: countSchema });

/** A paper as Broadsheet keeps it: the newest facts, when it was first seen, and how its votes moved, oldest first. */
export const paperSchema = paperFactsSchema.extend({
  firstSeenAt: instantSchema,
  snapshots: z.array(snapshotSchema).min(1).max(MAX_SNAPSHOTS),
});

export type Paper = z.infer<typeof paperSchema>;
type VoteSnapshot = z.infer<typeof snapshotSchema>;

/**
 * The stored paper brought up to date with what a source says at `seenAt`.
 *
 * - Facts replace facts; a fact that the source leaves out this time (a repository, a summary, the categories) is kept.
 * - A snapshot is added when votes or comments moved, up or down.
 * - Facts older than the newest snapshot change nothing, so a late answer never sets votes back.
 *
 * Returns `stored` itself when nothing changed, so that the caller can tell without comparing.
 */
export function mergePaper(stored: Paper | undefined, facts: PaperFacts, seenAt: Instant): Paper {
  const snapshot: VoteSnapshot = { at: seenAt, upvotes: facts.upvotes, comments: facts.comments };
  if (!stored) return { ...facts, firstSeenAt: seenAt, snapshots: [snapshot] };

  const newest = stored.snapshots.at(-1);
  if (newest && seenAt < newest.at) return stored;

  const moved = newest?.upvotes !== facts.upvotes || newest.comments !== facts.comments;
  const snapshots = moved
    ? [...stored.snapshots.filter(({ at }) => at !== seenAt), snapshot].slice(-MAX_SNAPSHOTS)
    : stored.snapshots;
  const merged: Paper = {
    ...stored,
    ...facts,
    categories: facts.categories.length > 0 ? facts.categories : stored.categories,
    aiKeywords: facts.aiKeywords.length > 0 ? facts.aiKeywords : stored.aiKeywords,
    snapshots,
  };
  return JSON.stringify(merged) === JSON.stringify(stored) ? stored : merged;
}

/** The page a reader is sent to for a paper. */
export function toAbstractUrl(id: PaperId): string {
  return `https://arxiv.org/abs/${id}`;
}
