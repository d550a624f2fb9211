import { ConflictError } from '../../shared/domain/errors.ts';
import { msBetween } from '../../shared/domain/time/time.ts';
import type { EditionProgress } from '../../shared/ports/planning.ts';
import type { Random } from '../../test/simulation/seeded-random.ts';
import type { VirtualTime } from '../../test/simulation/virtual-time.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const WRITE_UNITS_PER_SEC = 1000;
const BYTES_PER_ID = 25;
const BYTES_PER_ITEM = 150;

/** The answer of the table to a call that exceeds the limit of a partition. */
export const THROTTLED = Symbol('throttled');

/**
 * Simulates a cohort, and counts which digest messages name each member.
 *
 * @param churnRate the chance with each read that one member leaves or joins
 */
export function createCohort(
  { members, churnRate }: { readonly members: number; readonly churnRate: number },
  random: Random,
) {
  const NEVER = -1;
  // Every fourth number is free at first, for members who join later.
  const slots = members + Math.floor(members / 3);
  const isMember = new Uint8Array(slots).map((_, n) => (n % 4 === 3 ? 0 : 1));
  const isSteady = isMember.slice();
  const timesNamed = new Uint8Array(slots);
  const namedIn = new Int32Array(slots).fill(NEVER);
  let messages = 0;
  let inTwoBatches = 0;

  const churn = () => {
    if (random() >= churnRate) return;
    const slot = Math.floor(random() * slots);
    isMember[slot] = 1 - (isMember[slot] ?? 0);
    isSteady[slot] = 0;
  };

  return {
    loadMembers(after: string | undefined, limit: number): readonly string[] {
      churn();
      const ids: string[] = [];
      for (
        let slot = after === undefined ? 0 : slotOf(after) + 1;
        slot < slots && ids.length < limit;
        slot += 1
      ) {
        if (isMember[slot]) ids.push(idOf(slot));
      }
      return ids;
    },
    queue(
      queued: readonly { readonly batch: number; readonly subscriberIds: readonly string[] }[],
    ): readonly never[] {
      for (const { batch, subscriberIds } of queued) {
        messages += 1;
        for (const id of subscriberIds) {
          const slot = slotOf(id);
          timesNamed[slot] = Math.min(255, (timesNamed[slot] ?? 0) + 1);
          if (namedIn[slot] !== NEVER && namedIn[slot] !== batch) inTwoBatches += 1;
          namedIn[slot] = batch;
        }
      }
      return [];
    },
    judge() {
      const result = { messages, once: 0, repeated: 0, missing: 0, inTwoBatches };
      for (const [slot, times] of timesNamed.entries()) {
        if (!isSteady[slot]) continue;
        if (times === 0) result.missing += 1;
        else if (times === 1) result.once += 1;
        else result.repeated += 1;
      }
      return result;
    },
  };
}

/** Simulates the record of an edition: the conditions of the real repository, and a partition with a write limit. */
export function createStoredEdition(time: VirtualTime) {
  const batches = new Map<number, Uint32Array>();
  let progress: EditionProgress | undefined;
  let units = WRITE_UNITS_PER_SEC;
  let filledAt = time.now();

  const isAdmitted = (ids: number): boolean => {
    const now = time.now();
    units = Math.min(WRITE_UNITS_PER_SEC, units + (msBetween(filledAt, now) / 1000) * WRITE_UNITS_PER_SEC);
    filledAt = now;
    const needed = Math.ceil((BYTES_PER_ITEM + ids * BYTES_PER_ID) / 1024);
    if (units < needed) return false;
    units -= needed;
    return true;
  };
  const loadBatch = (batch: number) => {
    const known = batches.get(batch);
    return known && Array.from(known, idOf);
  };

  return {
    loadProgress: () => progress,
    saveProgress(next: EditionProgress, previous: EditionProgress | undefined) {
      if (!isAdmitted(next.pending?.batches.flat().length ?? 0)) return THROTTLED;
      const isSame =
        progress?.batches === previous?.batches &&
        progress?.isComplete === previous?.isComplete &&
        (progress?.pending === undefined) === (previous?.pending === undefined);
      if (!isSame) throw new ConflictError('the edition was moved on');
      progress = next;
      return undefined;
    },
    saveBatch(batch: number, ids: readonly string[]) {
      if (!isAdmitted(ids.length)) return THROTTLED;
      if (!batches.has(batch)) batches.set(batch, Uint32Array.from(ids, slotOf));
      return loadBatch(batch) ?? [];
    },
    loadBatch,
  };
}

const ID_LENGTH = 22;

function idOf(slot: number): string {
  return String(slot).padStart(ID_LENGTH, '0');
}

function slotOf(id: string): number {
  return Number(id);
}
