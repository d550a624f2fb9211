import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ConflictError } from '../../domain/errors.ts';
import { isWorthSaving, mergePaper } from '../../domain/merge-paper.ts';
import { type Paper, type PaperFacts, type PaperId, paperSchema } from '../../domain/paper.ts';
import type { Instant } from '../../domain/time.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import { type Expression, IS_NEW, putIf } from './conditional-write.ts';
import { findItems, ifUnreadable, readItem } from './stored-item.ts';
import { batchGetAll, type Table } from './table.ts';

const MAX_ATTEMPTS = 4;

const { abstract, authors, authorCount, categories, publishedAt, upvotes, comments, aiKeywords, snapshots } =
  paperSchema.shape;

/**
 * A paper as earlier releases stored it: what they did not write has a default. A field that a release adds to
 * {@link paperSchema} is optional, or gets its default here.
 */
const storedPaperSchema = paperSchema
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
 * Papers in the `Papers` table: `PAPER#<id>` / `PAPER`. The item's content hash doubles as its version: a write holds
 * only if the paper is still the one that was read.
 */
export function createPaperRepository(table: Table): PaperRepository {
  const load = async (id: PaperId) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(id), ConsistentRead: true }),
    );
    return Item && { paper: readItem(table, storedPaperSchema, Item), contentHash: Item.contentHash };
  };

  const put = (paper: Paper, condition: Expression) =>
    putIf(table, condition, { ...keyOf(paper.id), ...paper, contentHash: hashOf(paper) });

  /** Undefined when somebody else changed the paper after it was read. */
  const trySave = async (facts: PaperFacts, seenAt: Instant) => {
    const stored = await load(facts.id);
    const merged = mergePaper(stored?.paper, facts, seenAt);
    if (stored && !isWorthSaving(stored.paper, merged)) return 'unchanged';
    if (!(await put(merged, stored ? isStill(stored.contentHash) : IS_NEW))) return undefined;
    return stored ? 'updated' : 'created';
  };

  return {
    async save(facts, seenAt) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const saved = await trySave(facts, seenAt).catch(ifUnreadable('unreadable' as const));
        if (saved) return saved;
      }
      throw new ConflictError(
        `paper ${facts.id} was changed by others ${MAX_ATTEMPTS} times while being saved`,
      );
    },

    async loadMany(ids) {
      const items = await batchGetAll(table, [...new Set(ids)].map(keyOf), true);
      return findItems(table, storedPaperSchema, items);
    },
  };
}

function keyOf(id: PaperId) {
  return { pk: `PAPER#${id}`, sk: 'PAPER' };
}

/** The paper is the one that was read, whatever its item has for a hash. */
function isStill(contentHash: unknown): Expression {
  return contentHash === undefined
    ? { expression: 'attribute_exists(pk) AND attribute_not_exists(contentHash)' }
    : { expression: 'contentHash = :previous', values: { ':previous': contentHash } };
}

function hashOf(paper: Paper): string {
  return createHash('sha256').update(JSON.stringify(paper)).digest('base64url');
}
