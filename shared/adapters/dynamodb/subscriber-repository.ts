import { cohortsOf, instantListsOf, toCohortKey } from '../../domain/digests/cohort.ts';
import { ConflictError } from '../../domain/errors.ts';
import { UNCONFIRMED_RETENTION_DAYS } from '../../domain/retention.ts';
import { mayBeDue } from '../../domain/subscribers/pause.ts';
import { storedSubscriberSchema, toStoredSubscriber } from '../../domain/subscribers/stored-subscriber.ts';
import {
  hasEnded,
  isEnding,
  lastChangeOf,
  readStatusChanges,
  type Subscriber,
  withStatus,
} from '../../domain/subscribers/subscriber.ts';
import { type Suppression, suppressionOf } from '../../domain/subscribers/suppression.ts';
import type { Clock, Instant } from '../../domain/time/time.ts';
import type { ErasableSubscriberRepository, SubscriberReader } from '../../ports/subscribers.ts';
import { createCohortRegister } from './cohort-repository.ts';
import { type Expression, IS_NEW, isAsRead, putIf, updateIf } from './conditional-write.ts';
import { toExpiry } from './expiry.ts';
import { profileKeyOf, subscriberIdOf } from './keys.ts';
import { findItem, readItem } from './stored-item.ts';
import { findSuppression, putSuppression } from './suppression-repository.ts';
import { batchGetAll, deleteItem, getItem, type Table } from './table.ts';
import { cohortIndexes, INSTANT_LISTS_ATTRIBUTE, TTL_ATTRIBUTE } from './table-schema.ts';

/**
 * Profiles in the `Subscribers` table: `SUB#<id>` / `PROFILE`. A confirmed profile carries one cohort attribute for each
 * cadence in use, which puts it into that cadence's index. The cohort itself is registered first, so that the planner
 * knows it before it has a member. An unconfirmed profile expires, and so does the profile of a subscriber who left. A suppression
 * of the latter stays. It is written first, because a suppression without its profile is harmless.
 *
 * @param leftRetentionDays how long a profile is kept after its subscriber left
 */
export function createSubscriberRepository(
  table: Table,
  clock: Clock,
  leftRetentionDays: number,
): ErasableSubscriberRepository {
  const register = createCohortRegister(table, clock);

  /** Writes a suppression for a subscriber who left, and returns it. Undefined for any other subscriber. */
  const suppress = async (
    id: Subscriber['id'],
    leaver: Parameters<typeof suppressionOf>[0],
    now: Instant,
  ) => {
    if (!hasEnded(leaver)) return undefined;
    const earlier = lastChangeOf(leaver) ? undefined : await findSuppression(table, id);
    const suppression = suppressionOf(leaver, earlier, now);
    if (suppression) await putSuppression(table, id, suppression);
    return suppression;
  };

  return {
    load: (id) => loadProfile(table, id),

    async save(subscriber) {
      const cohorts = mayBeDue(subscriber) ? cohortsOf(subscriber) : [];
      // The instant cohort always exists.
      const scheduled = cohorts.filter(({ cadence }) => cadence !== 'instant');
      await Promise.all(scheduled.map((cohort) => register(toCohortKey(cohort))));

      const suppression = await suppress(subscriber.id, subscriber, clock.now());
      const saved: Subscriber = { ...subscriber, version: subscriber.version + 1 };
      const memberships = Object.fromEntries(
        cohorts.map((cohort) => [cohortIndexes[cohort.cadence].attribute, toCohortKey(cohort)]),
      );
      const followed =
        scheduled.length < cohorts.length ? { [INSTANT_LISTS_ATTRIBUTE]: instantListsOf(subscriber) } : {};
      const isUnchanged: Expression =
        subscriber.version === 0 ? IS_NEW : isAsRead({ version: subscriber.version });
      const item = {
        ...profileKeyOf(saved.id),
        ...toStoredSubscriber(saved),
        ...memberships,
        ...followed,
        ...expiryOf(saved, suppression, leftRetentionDays),
      };
      if (!(await putIf(table, isUnchanged, item))) {
        throw new ConflictError(`subscriber ${saved.id} is no longer at version ${subscriber.version}`);
      }
      return saved;
    },

    erase: (id) => deleteItem(table, profileKeyOf(id)),

    async endUnreadable(id, cause) {
      const item = await getItem(table, profileKeyOf(id));
      // Loading it has reported it.
      const silent = { name: table.name, onUnreadable: () => {} };
      if (!item || findItem(silent, storedSubscriberSchema, item)) return;
      const known = readStatusChanges(item);
      const leaver = isEnding(item.status)
        ? { status: item.status, statusChanges: known }
        : withStatus({ statusChanges: known }, 'unsubscribed', cause);
      const suppression = await suppress(id, leaver, cause.at);
      const expiry = toExpiry(suppression?.at ?? cause.at, leftRetentionDays);
      const left = [
        ...Object.values(cohortIndexes).map(({ attribute }) => attribute),
        INSTANT_LISTS_ATTRIBUTE,
      ];
      await updateIf(table, { expression: 'attribute_exists(pk)' }, profileKeyOf(id), {
        expression: `REMOVE ${left.join(', ')}, pausedUntil, signUp SET #status = :status, statusChanges = :changes, #expiry = :expiry`,
        names: { '#status': 'status', '#expiry': TTL_ATTRIBUTE },
        values: { ':status': leaver.status, ':changes': leaver.statusChanges, ':expiry': expiry },
      });
    },
  };
}

/** Returns a reader of profiles for functions that save none. */
export function createSubscriberReader(table: Table): SubscriberReader {
  return {
    load: (id) => loadProfile(table, id),

    async loadMany(ids) {
      const items = await batchGetAll(table, [...new Set(ids)].map(profileKeyOf));
      return new Map(
        items.map((item) => [
          subscriberIdOf(item),
          findItem(table, storedSubscriberSchema, item) ?? 'unreadable',
        ]),
      );
    },
  };
}

async function loadProfile(table: Table, id: Subscriber['id']): Promise<Subscriber | undefined> {
  const item = await getItem(table, profileKeyOf(id));
  return item && readItem(table, storedSubscriberSchema, item);
}

/**
 * Returns when a profile expires: `leftRetentionDays` after its subscriber left, or a month after an unconfirmed sign-up. If a
 * subscriber who left signs up again, the later of the two times counts.
 */
function expiryOf(
  { status, signUp }: Subscriber,
  suppression: Suppression | undefined,
  leftRetentionDays: number,
): Readonly<Partial<Record<typeof TTL_ATTRIBUTE, number>>> {
  if (status !== 'unconfirmed' && !suppression) return {};
  const expiries = [
    ...(suppression ? [toExpiry(suppression.at, leftRetentionDays)] : []),
    ...(signUp ? [toExpiry(signUp.at, UNCONFIRMED_RETENTION_DAYS)] : []),
  ];
  return expiries.length > 0 ? { [TTL_ATTRIBUTE]: Math.max(...expiries) } : {};
}
