import { PutCommand, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import {
  type Cohort,
  type CohortKey,
  INSTANT_COHORT,
  parseCohortKey,
  toCohortKey,
} from '../../domain/digests/cohort.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import { addMs, type Clock, type Instant, MS_PER_HOUR, MS_PER_MINUTE } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { CohortRepository } from '../../ports/planning.ts';
import { deleteIf } from './conditional-write.ts';
import {
  COHORTS_PARTITION,
  cohortItemKeyOf,
  PROFILE_SORT_KEY,
  SUBSCRIBER_PREFIX,
  subscriberIdOf,
  subscriberPartitionOf,
} from './keys.ts';
import { findItems } from './stored-item.ts';
import { getItem, queryPartition, type Table } from './table.ts';
import { cohortIndexes, INSTANT_LISTS_ATTRIBUTE } from './table-schema.ts';

const memberSchema = z.object({
  pk: z.string().check(z.startsWith(SUBSCRIBER_PREFIX)),
  sk: z.literal(PROFILE_SORT_KEY),
});

const followerSchema = z.object({
  ...memberSchema.shape,
  /** Lists that cannot be read count as all lists: the worker that makes the digest decides. */
  [INSTANT_LISTS_ATTRIBUTE]: z.catch(z.optional(z.array(z.string())), undefined),
});

/**
 * The smallest share of followers that a query counts on. So a query asks for at most eight times what the page lacks: 4,000 entries
 * for a page of 500. Those of members with a dozen lists fit into the 1 MB of a query.
 * With a hundred lists each, a query ends after some 800 entries, and the next one goes on.
 */
const MIN_SHARE = 1 / 8;

/** One page reads no more than this once it has a member, so that its caller can save a checkpoint in time. */
const QUERIES_PER_PAGE = 8;

/** A cohort's item, read as its cohort. What else the item holds does not matter to the planner. */
export const storedCohortSchema = z.pipe(
  z.object({ sk: z.string() }),
  z.transform(({ sk }, { issues }) => {
    try {
      return parseCohortKey(sk);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      issues.push({ code: 'custom', input: sk, path: ['sk'], message: error.message });
      return z.NEVER;
    }
  }),
);

/** Cohorts in the `Subscribers` table. Each is an item `COHORTS` / `<cohort>`. The index of its cadence has its members. */
export function createCohortRepository(table: Table): CohortRepository {
  return {
    async loadAll() {
      // At most some 90,000 items of 100 bytes: daily, weekly and monthly cohorts of 400 zones. Earlier releases left some instant ones.
      const items = await queryPartition(table, COHORTS_PARTITION);
      return findItems(table, storedCohortSchema, items);
    },

    async loadMembers(cohort, after, limit) {
      const ids: string[] = [];
      let from: QueryCommandOutput['LastEvaluatedKey'];
      do {
        const answer = await queryIndex(table, cohort, after, limit - ids.length, from);
        ids.push(...findItems(table, memberSchema, answer.Items ?? []).map(subscriberIdOf));
        from = answer.LastEvaluatedKey;
        // A page may have items that cannot be read, and it ends at 1 MB.
      } while (from && ids.length < limit);
      return ids;
    },

    async loadFollowers(lists, after, limit) {
      const wanted = new Set(lists);
      const ids: string[] = [];
      let from: QueryCommandOutput['LastEvaluatedKey'];
      let next = after;
      let read = 0;
      let queries = 0;
      do {
        // Entries after the last follower of a page are read again for the next page, so a query asks for few of them.
        const share = read === 0 ? 1 : Math.max(ids.length / read, MIN_SHARE);
        const asked = Math.ceil((limit - ids.length) / share);
        const { Items = [], LastEvaluatedKey } = await queryIndex(table, INSTANT_COHORT, after, asked, from);
        read += Items.length;
        for (const member of findItems(table, followerSchema, Items)) {
          next = subscriberIdOf(member);
          if (follows(member, wanted)) ids.push(next);
          if (ids.length === limit) return { ids, next };
        }
        from = LastEvaluatedKey;
        queries += 1;
        // A page goes on past items that cannot be read, because the next one begins after a member.
      } while (from && (queries < QUERIES_PER_PAGE || next === after));
      return from ? { ids, next } : { ids };
    },

    async removeIfIdle(cohort, joinedBefore) {
      const isIdle = {
        expression: 'lastJoinedAt < :joinedBefore',
        values: { ':joinedBefore': joinedBefore },
      };
      await deleteIf(table, isIdle, cohortItemKeyOf(toCohortKey(cohort)));
    },
  };
}

/** Reads the index of a cohort after an id. The key goes on where an earlier query of the same page ended. */
function queryIndex(
  table: Table,
  cohort: Cohort,
  after: Subscriber['id'] | undefined,
  limit: number,
  from: QueryCommandOutput['LastEvaluatedKey'],
): Promise<QueryCommandOutput> {
  const index = cohortIndexes[cohort.cadence];
  return table.documents.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: index.name,
      KeyConditionExpression: '#cohort = :cohort AND pk BETWEEN :first AND :last',
      ExpressionAttributeNames: { '#cohort': index.attribute },
      ExpressionAttributeValues: {
        ':cohort': toCohortKey(cohort),
        // No key comes between a key and the same with a null character. The tilde sorts after every character of an id.
        ':first': `${subscriberPartitionOf(after ?? '')}\0`,
        ':last': subscriberPartitionOf('~'),
      },
      Limit: limit,
      ExclusiveStartKey: from,
    }),
  );
}

function follows(member: z.infer<typeof followerSchema>, lists: ReadonlySet<string>): boolean {
  return member[INSTANT_LISTS_ATTRIBUTE]?.some((list) => lists.has(list)) ?? true;
}

/**
 * A cohort that was written less than this time ago needs no write when a subscriber joins it. The planner removes an empty cohort
 * a day after its last write. That leaves eleven hours for the profile to appear in the index.
 */
const FRESH_MS = 12 * MS_PER_HOUR;

/** How long a process remembers a cohort. It is short, so the process soon notices a cohort that was deleted by hand. */
const REMEMBERED_MS = 5 * MS_PER_MINUTE;

/** Twice as many as an import can need. */
const MAX_REMEMBERED = 20_000;

/**
 * Returns a function that writes a cohort, `COHORTS` / `<cohort>`, unless it will exist for eleven more hours.
 *
 * All cohorts share one partition, and a large import joins one cohort. So a cohort is written once in half a day, and a process
 * reads it once in five minutes. The read may be stale. That is harmless: a cohort is removed a day after its last write, so a
 * stale read of it causes a write.
 */
export function createCohortRegister(table: Table, clock: Clock): (cohort: CohortKey) => Promise<void> {
  const knownUntil = new Map<CohortKey, Instant>();
  const inFlight = new Map<CohortKey, Promise<void>>();

  const loadLastJoinedAt = async (cohort: CohortKey): Promise<unknown> => {
    const listed = await getItem(table, cohortItemKeyOf(cohort), { mayBeStale: true });
    return listed?.lastJoinedAt;
  };

  const register = async (cohort: CohortKey): Promise<void> => {
    const now = clock.now();
    const lastJoinedAt = await loadLastJoinedAt(cohort);
    if (typeof lastJoinedAt !== 'string' || lastJoinedAt <= addMs(now, -FRESH_MS)) {
      const Item = { ...cohortItemKeyOf(cohort), lastJoinedAt: now };
      await table.documents.send(new PutCommand({ TableName: table.name, Item }));
    }
    if (knownUntil.size >= MAX_REMEMBERED) knownUntil.clear();
    knownUntil.set(cohort, addMs(now, REMEMBERED_MS));
  };

  return async (cohort) => {
    if ((knownUntil.get(cohort) ?? '') > clock.now()) return;
    const registering = inFlight.get(cohort) ?? register(cohort).finally(() => inFlight.delete(cohort));
    inFlight.set(cohort, registering);
    await registering;
  };
}
