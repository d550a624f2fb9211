import { createHash } from 'node:crypto';
import { ConflictError } from '../../domain/errors.ts';
import { isWorthSaving, mergePaper } from '../../domain/papers/merge-paper.ts';
import type { Paper, PaperFacts, PaperId } from '../../domain/papers/paper.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import { type Expression, IS_NEW, isAsRead, isTooLarge, putIf } from './conditional-write.ts';
import { paperKeyOf } from './keys.ts';
import { createPaperReader, storedPaperSchema, toStoredPaper } from './paper-reader.ts';
import { type Item, ifUnreadable, readItem } from './stored-item.ts';
import { getItem, type Table } from './table.ts';

const MAX_ATTEMPTS = 4;

/**
 * Papers in the `Papers` table: `PAPER#<id>` / `PAPER`. The item's content hash doubles as its version: a write holds
 * only if the paper is still the one that was read.
 */
export function createPaperRepository(table: Table): PaperRepository {
  const load = async (id: PaperId) => {
    const item = await getItem(table, paperKeyOf(id));
    return item && { paper: readItem(table, storedPaperSchema, item), contentHash: item.contentHash };
  };

  const put = async (paper: Paper, condition: Expression) => {
    try {
      const stored = toStoredPaper(paper);
      return await putIf(table, condition, {
        ...paperKeyOf(paper.id),
        ...stored,
        contentHash: hashOf(stored),
      });
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      return 'refused';
    }
  };

  /** Undefined if another process changed the paper after it was read. */
  const trySave = async (facts: PaperFacts, seenAt: Instant) => {
    const stored = await load(facts.id);
    const merged = mergePaper(stored?.paper, facts, seenAt);
    if (stored && !isWorthSaving(stored.paper, merged)) return 'unchanged';
    const written = await put(merged, stored ? isAsRead({ contentHash: stored.contentHash }) : IS_NEW);
    if (written === 'refused') return written;
    if (!written) return undefined;
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

    loadMany: createPaperReader(table).loadMany,
  };
}

function hashOf(paper: Item): string {
  return createHash('sha256').update(JSON.stringify(paper)).digest('base64url');
}
