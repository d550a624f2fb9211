import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ConflictError } from '../../domain/errors.ts';
import { mergePaper, type Paper, type PaperFacts, type PaperId, paperSchema } from '../../domain/paper.ts';
import type { Instant } from '../../domain/time.ts';
import type { PaperRepository } from '../../ports.ts';
import { IS_NEW, putIf } from './conditional-write.ts';
import { batchGetAll, parseItem, type Table } from './table.ts';

const MAX_ATTEMPTS = 4;

/**
 * Papers in the `Papers` table: `PAPER#<id>` / `PAPER`. The item's content hash doubles as its version: a write holds
 * only if the paper is still the one that was read.
 */
export function createPaperRepository(table: Table): PaperRepository {
  const load = async (id: PaperId) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(id), ConsistentRead: true }),
    );
    return Item && { paper: parseItem(paperSchema, Item), contentHash: String(Item.contentHash) };
  };

  const put = (paper: Paper, previousHash: string | undefined) =>
    putIf(
      table,
      previousHash === undefined
        ? IS_NEW
        : { expression: 'contentHash = :previous', values: { ':previous': previousHash } },
      { ...keyOf(paper.id), ...paper, contentHash: hashOf(paper) },
    );

  /** Undefined when somebody else changed the paper after it was read. */
  const trySave = async (facts: PaperFacts, seenAt: Instant) => {
    const stored = await load(facts.id);
    const merged = mergePaper(stored?.paper, facts, seenAt);
    if (merged === stored?.paper) return 'unchanged';
    if (!(await put(merged, stored?.contentHash))) return undefined;
    return stored ? 'updated' : 'created';
  };

  return {
    async save(facts, seenAt) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const saved = await trySave(facts, seenAt);
        if (saved) return saved;
      }
      throw new ConflictError(
        `paper ${facts.id} was changed by others ${MAX_ATTEMPTS} times while being saved`,
      );
    },

    async loadMany(ids) {
      const items = await batchGetAll(table, [...new Set(ids)].map(keyOf));
      return items.map((item) => parseItem(paperSchema, item));
    },
  };
}

function keyOf(id: PaperId) {
  return { pk: `PAPER#${id}`, sk: 'PAPER' };
}

function hashOf(paper: Paper): string {
  return createHash('sha256').update(JSON.stringify(paper)).digest('base64url');
}
