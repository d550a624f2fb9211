import type { DigestOrigin } from '../../domain/digests/cohort.ts';
import {
  type ClaimOutcome,
  type Delivery,
  type DeliveryKey,
  type DeliveryState,
  deliverySchema,
  type Outcome,
} from '../../domain/digests/delivery.ts';
import { advanceOutcome, STATE_BEFORE, UNANSWERED } from '../../domain/digests/delivery-state.ts';
import { ConflictError } from '../../domain/errors.ts';
import { paperIdSchema } from '../../domain/papers/paper.ts';
import {
  type Cadence,
  firstPeriodSince,
  LATEST_DAYS,
  type Period,
} from '../../domain/subscribers/cadence.ts';
import { addDays, type Clock, type Instant, utcDayOf } from '../../domain/time/time.ts';
import type { DeliveryRepository } from '../../ports/deliveries.ts';
import {
  both,
  deleteIf,
  type Expression,
  IS_NEW,
  isUnwritten,
  newWriteId,
  putIf,
  updateIf,
} from './conditional-write.ts';
import { findOrigin, toStoredBatch } from './digest-origin.ts';
import { expiryOf } from './expiry.ts';
import { deliveryKeyOf, deliverySortKeyOf, subscriberPartitionOf } from './keys.ts';
import { findItem, type Item, ifUnreadable, readItem } from './stored-item.ts';
import { getItem, queryAll, type Table } from './table.ts';

/** Returns the oldest period of a digest that was claimed at this time or later. It may have been late, and zones differ by a day. */
function oldestPeriodOf(cadence: Cadence, since: Instant): Period {
  return firstPeriodSince(cadence, addDays(utcDayOf(since), -LATEST_DAYS[cadence] - 1));
}

type Range = readonly [first: Cadence, last: Cadence];

/**
 * The ranges of sort keys that one query each covers. `daily` sorts before `instant`, `monthly` and `weekly`. A subscriber has few monthly
 * and weekly records, so all of them are read. The same holds for instant ones after the last instant subscription was given up. Only a
 * subscriber with instant digests has many, and their range begins late.
 */
const RANGES = {
  withInstant: [
    ['daily', 'daily'],
    ['instant', 'weekly'],
  ],
  others: [['daily', 'weekly']],
} as const satisfies Readonly<Record<string, readonly Range[]>>;

/** More attempts than an outcome has steps. */
const MAX_ATTEMPTS = 5;

/** The claim and the state of a record when it was read. */
interface KnownState {
  /** The raw `writeId`. Undefined if the record has none. */
  readonly claimId: unknown;
  readonly state: DeliveryState;
}

/** The ledger in the `Deliveries` table: `SUB#<subscriber id>` / `<cadence>#<period>`. */
export function createDeliveryRepository(table: Table, clock: Clock): DeliveryRepository {
  /** Puts a record if the condition holds. Its `writeId` is the id of the claim, and updates do not change it. */
  const put = (delivery: Delivery, origin: DigestOrigin, condition: Expression, claimId?: string) =>
    putIf(
      table,
      condition,
      { ...deliveryKeyOf(delivery), ...delivery, ...toStoredBatch(origin), ...expiryOf(clock) },
      claimId,
    );

  /** Deletes a record if it has not changed since it was read. */
  const remove = (key: DeliveryKey, known: KnownState) => deleteIf(table, isStill(known), deliveryKeyOf(key));

  /** Loads all records of a range: of its first cadence those that were claimed since a time, and of its later cadences all. */
  const loadSince = (subscriberId: string, [first, last]: Range, since: Instant, isConsistent: boolean) =>
    queryAll(table, {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': subscriberPartitionOf(subscriberId),
        ':first': deliverySortKeyOf(first, oldestPeriodOf(first, since)),
        ':last': deliverySortKeyOf(last, '~'),
      },
      ConsistentRead: isConsistent,
    });

  /** Writes an outcome if the record has not changed since it was read. Returns whether it was written. */
  const replace = (key: DeliveryKey, known: KnownState, outcome: Outcome, tries?: number) =>
    updateIf(table, isStill(known), deliveryKeyOf(key), {
      expression: `SET outcome = :outcome${tries === undefined ? '' : ', tries = :tries'}`,
      values: { ':outcome': outcome, ':tries': tries },
    });

  /**
   * Records a report. Reads first, because most reports are repeats and a read costs less than a failed write. Retries if another
   * worker wrote meanwhile. An outcome has only a few steps, so few retries are enough.
   */
  const advance = async (
    key: DeliveryKey,
    reported: ClaimOutcome,
    isMeant: (item: Record<string, unknown>) => boolean = () => true,
  ) => {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const item = await getItem(table, deliveryKeyOf(key));
      if (!item || !isMeant(item)) return undefined;
      const { outcome: known } = readItem(table, deliverySchema, item);
      const next = advanceOutcome(known, reported);
      if (next === known) return next;
      if (await replace(key, { claimId: item.writeId, state: known.state }, next)) return next;
    }
    throw new ConflictError(`others keep writing ${key.subscriberId} ${deliveryKeyOf(key).sk}`);
  };

  return {
    async load(key) {
      const item = await getItem(table, deliveryKeyOf(key));
      return item && readItem(table, deliverySchema, item);
    },

    async loadOrigin(key) {
      const item = await getItem(table, deliveryKeyOf(key));
      return item && findOrigin(table, item);
    },

    async claim(key, origin, paperIds, at) {
      const outcome = { state: 'claimed' } as const;
      const claimId = newWriteId();
      try {
        const delivery: Delivery = { ...key, outcome, paperIds: [...paperIds], claimedAt: at };
        const isClaimed = await put(delivery, origin, isReadyFor('claim'), claimId);
        return isClaimed ? { ...key, claimId, tries: 1 } : undefined;
      } catch (error) {
        // The claim may be stored. Nothing was sent under it. If it cannot be removed, a later worker finds it abandoned.
        await Promise.allSettled([remove(key, { claimId, state: 'claimed' })]);
        throw error;
      }
    },

    async claimAgain({ subscriberId, cadence, period, ...earlier }, origin, paperIds, at) {
      const key = { subscriberId, cadence, period };
      const tries = (earlier.tries ?? 1) + 1;
      const again: Delivery = {
        ...key,
        outcome: { state: 'claimed' },
        paperIds: [...new Set([...earlier.paperIds, ...paperIds])],
        claimedAt: at,
        tries,
      };
      const claimId = newWriteId();
      const asItWasRead = isReadyFor('claim-again', earlier.claimedAt);
      const isClaimed = await put(again, origin, asItWasRead, claimId);
      return isClaimed ? { ...key, claimId, tries } : undefined;
    },

    recordSkip: (key, origin, outcome, at) =>
      put({ ...key, outcome, paperIds: [], claimedAt: at }, origin, isReadyFor('skip')),

    async recordOutcome(claim, outcome) {
      if (await replace(claim, { claimId: claim.claimId, state: 'claimed' }, outcome)) return outcome;
      const recorded = await advance(claim, outcome, ({ writeId }) => writeId === claim.claimId);
      if (!recorded) {
        throw new ConflictError(`the claim of ${claim.subscriberId} ${deliveryKeyOf(claim).sk} is not held`);
      }
      return recorded;
    },

    recordEvent: (key, outcome) => advance(key, outcome).catch(ifUnreadable(undefined)),

    recordAbandoned: (earlier, outcome) =>
      advance(earlier, outcome, ({ claimedAt }) => claimedAt === earlier.claimedAt),

    async release(claim) {
      const known = { claimId: claim.claimId, state: STATE_BEFORE.release };
      if (claim.tries > 1) {
        await replace(claim, known, UNANSWERED, claim.tries - 1);
        return;
      }
      await remove(claim, known);
    },

    async loadRecent(key, since, { cadences, mayBeStale }) {
      const ranges = cadences.includes('instant') ? RANGES.withInstant : RANGES.others;
      const items = await Promise.all(
        ranges.map((range) => loadSince(key.subscriberId, range, since, !mayBeStale)),
      );
      const isOwn = ({ sk }: Item) => sk === deliveryKeyOf(key).sk;
      const otherItems = items.flat().filter((item) => !isOwn(item));
      const deliveries = otherItems.map(
        (item) => findItem(table, deliverySchema, item) ?? toDeliveryInDoubt(item, key, since),
      );
      return {
        isRecorded: items.flat().some(isOwn),
        others: deliveries.filter(
          ({ outcome, claimedAt }) => outcome.state !== 'failed' && claimedAt >= since,
        ),
      };
    },
  };
}

/**
 * Returns a delivery with an unknown send status in place of a record that cannot be read. The papers that it names count as sent,
 * so no other digest repeats them. They are unknown if their list cannot be read.
 */
function toDeliveryInDoubt({ paperIds }: Item, key: DeliveryKey, since: Instant): Delivery {
  const named = Array.isArray(paperIds) ? paperIds.map((id) => paperIdSchema.safeParse(id)) : [];
  return {
    ...key,
    outcome: { state: 'uncertain', reason: 'its record cannot be read' },
    paperIds: named.flatMap(({ data }) => data ?? []),
    claimedAt: since,
  };
}

/** The condition that a digest is in the state that a step requires, and has the `claimedAt` that was read. */
function isReadyFor(step: keyof typeof STATE_BEFORE, claimedAt?: Instant): Expression {
  const state = STATE_BEFORE[step];
  if (state === undefined) return IS_NEW;
  return {
    expression: 'outcome.#state = :state AND claimedAt = :claimedAt',
    names: { '#state': 'state' },
    values: { ':state': state, ':claimedAt': claimedAt },
  };
}

/** The condition that a record is as it was read. */
export function isStill({ claimId, state }: KnownState): Expression {
  return both(isUnwritten({ writeId: claimId }), {
    expression: 'outcome.#state = :state',
    names: { '#state': 'state' },
    values: { ':state': state },
  });
}
