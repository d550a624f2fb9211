import { type PaperId, paperSchema } from '../../domain/paper.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import { findItems } from './stored-item.ts';
import { batchGetAll, type Table } from './table.ts';

const { abstract, authors, authorCount, categories, publishedAt, upvotes, comments, aiKeywords, snapshots } =
  paperSchema.shape;

/**
 * A paper as earlier releases stored it: what they did not write has a default. A field that a release adds to
 * {@link paperSchema} is optional, or gets its default here.
 */
export const storedPaperSchema = paperSchema
  .extend({
    abstract: abstract.default(''),
    authors: authors.default([]),
    authorCount: authorCount.optional(),
    categories: categories.default([]),
    publishedAt: publishedAt.optional(),
    upvotes: upvotes.default(0),
    comments: comments.default(0),
    aiKeywords: aiKeywords.default([]),
    snapshots: snapshots.default([]),
  })
  .transform((stored) => ({
    ...stored,
    authorCount: stored.authorCount ?? stored.authors.length,
    publishedAt: stored.publishedAt ?? stored.firstSeenAt,
  }));

/**
 * Reads papers in the `Papers` table: `PAPER#<id>` / `PAPER`. Apart from the repository, because a function that only reads does not load
 * what merges the facts of several sources.
 */
export function createPaperReader(table: Table): Pick<PaperRepository, 'loadMany'> {
  return {
    async loadMany(ids) {
      const items = await batchGetAll(table, [...new Set(ids)].map(toPaperKey), true);
      return findItems(table, storedPaperSchema, items);
    },
  };
}

export function toPaperKey(id: PaperId) {
  return { pk: `PAPER#${id}`, sk: 'PAPER' };
}
