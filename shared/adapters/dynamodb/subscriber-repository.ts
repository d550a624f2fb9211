import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { cohortsOf, toCohortKey } from '../../domain/cohort.ts';
import { ConflictError } from '../../domain/errors.ts';
import { mayBeDue } from '../../domain/pause.ts';
import {
  MAX_STATUS_CHANGES,
  readStatusChanges,
  type Subscriber,
  storedSubscriberSchema,
} from '../../domain/subscriber.ts';
import type { Clock } from '../../domain/time.ts';
import type { ErasableSubscriberRepository } from '../../ports.ts';
import { cohortIndexes, TTL_ATTRIBUTE, UNCONFIRMED_RETENTION_DAYS } from '../../table-schema.ts';
import { createCohortRegister } from './cohort-register.ts';
import { type Expression, IS_NEW, putIf, updateIf } from './conditional-write.ts';
import { toExpiry } from './expiry.ts';
import { findItem, readItem } from './stored-item.ts';
import type { Table } from './table.ts';

/**
 * Profiles in the `Subscribers` table: `SUB#<id>` / `PROFILE`. A confirmed profile carries one cohort attribute for each
 * cadence in use, which puts it into that cadence's index. The cohort itself is registered first, so that the planner
 * knows of it before anybody is in it. A profile that nobody confirmed expires.
 */
export function createSubscriberRepository(table: Table, clock: Clock): ErasableSubscriberRepository {
  const register = createCohortRegister(table, clock);

  const loadItem = async (id: Subscriber['id']) => {
    const { Item } = await table.documents.send(
      new GetCommand({ TableName: table.name, Key: keyOf(id), ConsistentRead: true }),
    );
    return Item;
  };

  return {
    async load(id) {
      const item = await loadItem(id);
      return item && readItem(table, storedSubscriberSchema, item);
    },

    async save(subscriber) {
      const cohorts = mayBeDue(subscriber) ? cohortsOf(subscriber) : [];
      await Promise.all(cohorts.map((cohort) => register(toCohortKey(cohort))));

      const saved: Subscriber = { ...subscriber, version: subscriber.version + 1 };
      const memberships = Object.fromEntries(
        cohorts.map((cohort) => [cohortIndexes[cohort.cadence].attribute, toCohortKey(cohort)]),
      );
      const isUnchanged: Expression =
        subscriber.version === 0
          ? IS_NEW
          : { expression: 'version = :version', values: { ':version': subscriber.version } };
      const item = { ...keyOf(saved.id), ...saved, ...memberships, ...expiryOf(saved) };
      if (!(await putIf(table, isUnchanged, item))) {
        throw new ConflictError(`subscriber ${saved.id} is no longer at version ${subscriber.version}`);
      }
      return saved;
    },

    async erase(id) {
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: keyOf(id) }));
    },

    async endUnreadable(id, cause) {
      const item = await loadItem(id);
      // Loading it has reported it.
      const silent = { name: table.name, onUnreadable: () => {} };
      if (!item || findItem(silent, storedSubscriberSchema, item)) return;
      if (item.status === 'bounced' || item.status === 'complained') return;
      const status = 'unsubscribed';
      const changes = [...readStatusChanges(item), { status, ...cause }].slice(-MAX_STATUS_CHANGES);
      const left = [...Object.values(cohortIndexes).map(({ attribute }) => attribute), TTL_ATTRIBUTE];
      await updateIf(table, { expression: 'attribute_exists(pk)' }, keyOf(id), {
        expression: `REMOVE ${left.join(', ')}, pausedUntil, signUp SET #status = :status, statusChanges = :changes`,
        names: { '#status': 'status' },
        values: { ':status': status, ':changes': changes },
      });
    },
  };
}

/** A profile that nobody ever confirmed is forgotten in time. */
function expiryOf({ status, signUp }: Subscriber): Readonly<Partial<Record<typeof TTL_ATTRIBUTE, number>>> {
  return status === 'unconfirmed' && signUp
    ? { [TTL_ATTRIBUTE]: toExpiry(signUp.at, UNCONFIRMED_RETENTION_DAYS) }
    : {};
}

function keyOf(id: Subscriber['id']) {
  return { pk: `SUB#${id}`, sk: 'PROFILE' };
}
