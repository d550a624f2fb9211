import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { cohortsOf, toCohortKey } from '../../domain/cohort.ts';
import { isEnding } from '../../domain/ending.ts';
import { ConflictError } from '../../domain/errors.ts';
import { mayBeDue } from '../../domain/pause.ts';
import { UNCONFIRMED_RETENTION_DAYS } from '../../domain/retention.ts';
import {
  hasEnded,
  lastChangeOf,
  readStatusChanges,
  type Subscriber,
  storedSubscriberSchema,
  withStatus,
} from '../../domain/subscriber.ts';
import { type Suppression, suppressionOf } from '../../domain/suppression.ts';
import type { Clock, Instant } from '../../domain/time.ts';
import type { ErasableSubscriberRepository, SubscriberRepository } from '../../ports/subscribers.ts';
import { createCohortRegister } from './cohort-register.ts';
import { type Expression, IS_NEW, putIf, updateIf } from './conditional-write.ts';
import { toExpiry } from './expiry.ts';
import { findItem, readItem } from './stored-item.ts';
import { findSuppression, putSuppression } from './suppression-repository.ts';
import type { Table } from './table.ts';
import { cohortIndexes, TTL_ATTRIBUTE } from './table-schema.ts';

/**
 * Profiles in the `Subscribers` table: `SUB#<id>` / `PROFILE`. A confirmed profile carries one cohort attribute for each
 * cadence in use, which puts it into that cadence's index. The cohort itself is registered first, so that the planner
 * knows of it before anybody is in it. A profile that nobody confirmed expires, and so does one whose subscriber left. Of
 * these a suppression stays. It is written first: beside a profile that did not follow it does no harm.
 *
 * @param leftRetentionDays how long a profile is kept after its subscriber left
 */
export function createSubscriberRepository(
  table: Table,
  clock: Clock,
  leftRetentionDays: number,
): ErasableSubscriberRepository {
  const register = createCohortRegister(table, clock);

  /** Keeps that somebody left, and returns it; undefined for anybody else. */
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
      await Promise.all(cohorts.map((cohort) => register(toCohortKey(cohort))));

      const suppression = await suppress(subscriber.id, subscriber, clock.now());
      const saved: Subscriber = { ...subscriber, version: subscriber.version + 1 };
      const memberships = Object.fromEntries(
        cohorts.map((cohort) => [cohortIndexes[cohort.cadence].attribute, toCohortKey(cohort)]),
      );
      const isUnchanged: Expression =
        subscriber.version === 0
          ? IS_NEW
          : { expression: 'version = :version', values: { ':version': subscriber.version } };
      const item = {
        ...keyOf(saved.id),
        ...saved,
        ...memberships,
        ...expiryOf(saved, suppression, leftRetentionDays),
      };
      if (!(await putIf(table, isUnchanged, item))) {
        throw new ConflictError(`subscriber ${saved.id} is no longer at version ${subscriber.version}`);
      }
      return saved;
    },

    async erase(id) {
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keyOf(id) }));
    },

    async endUnreadable(id, cause) {
      const item = await loadItem(table, id);
      // Loading it has reported it.
      const silent = { name: table.name, onUnreadable: () => {} };
      if (!item || findItem(silent, storedSubscriberSchema, item)) return;
      const known = readStatusChanges(item);
      const leaver = isEnding(item.status)
        ? { status: item.status, statusChanges: known }
        : withStatus({ statusChanges: known }, 'unsubscribed', cause);
      const suppression = await suppress(id, leaver, cause.at);
      const expiry = toExpiry(suppression?.at ?? cause.at, leftRetentionDays);
      const left = Object.values(cohortIndexes).map(({ attribute }) => attribute);
      await updateIf(table, { expression: 'attribute_exists(pk)' }, keyOf(id), {
        expression: `REMOVE ${left.join(', ')}, pausedUntil, signUp SET #status = :status, statusChanges = :changes, #expiry = :expiry`,
        names: { '#status': 'status', '#expiry': TTL_ATTRIBUTE },
        values: { ':status': leaver.status, ':changes': leaver.statusChanges, ':expiry': expiry },
      });
    },
  };
}

/** Loads profiles, for those who save none. */
export function createSubscriberReader(table: Table): Pick<SubscriberRepository, 'load'> {
  return { load: (id) => loadProfile(table, id) };
}

async function loadProfile(table: Table, id: Subscriber['id']): Promise<Subscriber | undefined> {
  const item = await loadItem(table, id);
  return item && readItem(table, storedSubscriberSchema, item);
}

async function loadItem(table: Table, id: Subscriber['id']) {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: keyOf(id), ConsistentRead: true }),
  );
  return Item;
}

/**
 * When a profile is forgotten: some days after its subscriber left, or a month after a sign-up that nobody confirmed. A new sign-up
 * of somebody who left can be confirmed for that month as well.
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

function keyOf(id: Subscriber['id']) {
  return { pk: `SUB#${id}`, sk: 'PROFILE' };
}
