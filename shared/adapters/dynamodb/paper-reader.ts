import { type Paper, paperSchema } from '../../domain/papers/paper.ts';
import * as z from '../../domain/zod.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import { paperKeyOf } from './keys.ts';
import { findItems, type Item } from './stored-item.ts';
import { batchGetAll, type Table } from './table.ts';

const { voteCounts, ...shape } = paperSchema.shape;
const { abstract, authors, authorCount, categories, publishedAt, upvotes, comments, aiKeywords } = shape;

/**
 * A paper as earlier releases stored it: what they did not write has a default. A field that a release adds to
 * {@link paperSchema} is optional, or gets its default here. The attribute `snapshots` has the vote counts.
 */
export const storedPaperSchema = z.pipe(
  z.object({
    ...shape,
    abstract: z._default(abstract, ''),
    authors: z._default(authors, []),
    authorCount: z.optional(authorCount),
    categories: z._default(categories, []),
    publishedAt: z.optional(publishedAt),
    upvotes: z._default(upvotes, 0),
    comments: z._default(comments, 0),
    aiKeywords: z._default(aiKeywords, []),
    snapshots: z._default(voteCounts, []),
  }),
  z.transform(({ snapshots, ...stored }) => ({
    ...stored,
    voteCounts: snapshots,
    authorCount: stored.authorCount ?? stored.authors.length,
    publishedAt: stored.publishedAt ?? stored.firstSeenAt,
  })),
);

/** Returns the attributes of a paper, in the order of its fields. {@link storedPaperSchema} reads them. */
export function toStoredPaper(paper: Paper): Item {
  return Object.fromEntries(
    Object.entries(paper).map(([field, value]) => [field === 'voteCounts' ? 'snapshots' : field, value]),
  );
}

/**
 * Reads papers in the `Papers` table: `PAPER#<id>` / `PAPER`. Apart from the repository, because a function that only reads does not load
 * what merges the facts of several sources.
 */
export function createPaperReader(table: Table): Pick<PaperRepository, 'loadMany'> {
  return {
    async loadMany(ids) {
      const items = await batchGetAll(table, [...new Set(ids)].map(paperKeyOf), true);
      return findItems(table, storedPaperSchema, items);
    },
  };
}
