import type { Repositories } from '../../local/repositories.ts';
import {
  type Cohort,
  cohortsOf,
  type DigestOrigin,
  type Edition,
  instantListsOf,
  toCohortKey,
} from '../../shared/domain/digests/cohort.ts';
import {
  type ClaimOutcome,
  type Delivery,
  type DeliveryKey,
  mayHaveArrived,
  type Outcome,
  withSent,
} from '../../shared/domain/digests/delivery.ts';
import { advanceOutcome, STATE_BEFORE, UNANSWERED } from '../../shared/domain/digests/delivery-state.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import type { Listing } from '../../shared/domain/lists/listing.ts';
import { isWorthSaving, mergePaper } from '../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../shared/domain/papers/paper.ts';
import {
  type MailAllowance,
  NEVER_TAKEN,
  takeAllowance,
} from '../../shared/domain/subscribers/mail-allowance.ts';
import { mayBeDue } from '../../shared/domain/subscribers/pause.ts';
import {
  storedSubscriberSchema,
  toStoredSubscriber,
} from '../../shared/domain/subscribers/stored-subscriber.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { type Suppression, suppressionOf } from '../../shared/domain/subscribers/suppression.ts';
import { addMs, type Clock, type Day, type Instant, MS_PER_DAY } from '../../shared/domain/time/time.ts';
import type { DeliveryRepository } from '../../shared/ports/deliveries.ts';
import type { Leases } from '../../shared/ports/leases.ts';
import type {
  ListingRepository,
  NewVersion,
  NewVersionRepository,
  PaperRepository,
  SourceState,
  SourceStateRepository,
} from '../../shared/ports/papers.ts';
import type { PlannerRepository, PlannerState } from '../../shared/ports/planning.ts';
import {
  type EditionBatch,
  type EditionProgress,
  type EditionRepository,
  ERASED_ID,
  isUnreadable,
  OTHER_BATCH_ID,
} from '../../shared/ports/planning.ts';
import type { BudgetRepository, MailAllowanceRepository } from '../../shared/ports/subscribers.ts';
import { createFakeArchive } from './archive.ts';
import { createFakeWaitlist } from './sending.ts';
import { createFakeSnapshots } from './snapshots.ts';

/** Creates all repositories in memory. They pass the same contract tests as those of DynamoDB. */
export function createFakeRepositories(clock: Clock): Repositories {
  const people = createFakeSubscribers(clock);
  return {
    papers: createFakePapers(),
    listings: createFakeListings(),
    newVersions: createFakeNewVersions(),
    sourceStates: createFakeSourceStates(),
    snapshots: createFakeSnapshots(clock),
    archive: createFakeArchive(clock),
    leases: createFakeLeases(),
    ...people,
    planner: createFakePlanner(),
    ...createFakeLedger(),
    allowances: createFakeAllowances(),
    budgets: createFakeBudgets(),
    waitlist: createFakeWaitlist(),
  };
}

/** About what an item of DynamoDB holds. */
const MAX_PAPER_CHARS = 400_000;

function createFakePapers(): PaperRepository {
  const papers = new Map<string, Paper>();
  return {
    async save(facts, seenAt) {
      const stored = papers.get(facts.id);
      const merged = mergePaper(stored, facts, seenAt);
      if (stored && !isWorthSaving(stored, merged)) return 'unchanged';
      if (JSON.stringify(merged).length > MAX_PAPER_CHARS) return 'refused';
      papers.set(facts.id, merged);
      return stored ? 'updated' : 'created';
    },
    async loadMany(ids) {
      return [...new Set(ids)].flatMap((id) => papers.get(id) ?? []);
    },
  };
}

function createFakeNewVersions(): NewVersionRepository {
  const versions = new Map<string, NewVersion & { readonly day: Day }>();
  return {
    async save(day, newVersion) {
      const key = `${day} ${newVersion.paperId}`;
      if (newVersion.version > (versions.get(key)?.version ?? 0)) versions.set(key, { ...newVersion, day });
    },
    async load(day) {
      const found = [...versions.values()].filter((saved) => saved.day === day);
      return found.map(({ paperId, version }) => ({ paperId, version }));
    },
  };
}

function createFakeListings(): ListingRepository {
  const listings = new Map<string, Listing>();
  return {
    async save(listing) {
      const key = `${listing.list} ${listing.day} ${listing.paperId}`;
      if (!listings.has(key)) listings.set(key, listing);
    },
    async load(list, day) {
      return [...listings.values()].filter((listing) => listing.list === list && listing.day === day);
    },
    async loadOfPaper(id) {
      return [...listings.values()].filter(({ paperId }) => paperId === id);
    },
  };
}

function createFakeSourceStates(): SourceStateRepository {
  const states = new Map<string, SourceState>();
  return {
    load: async (list) => states.get(list),
    save: async (list, state) => {
      states.set(list, state);
    },
  };
}

function createFakeLeases(): Leases {
  const leases = new Map<string, { readonly holder?: string; readonly freeAt: Instant }>();
  return {
    async acquire(system, { holder, at, until }) {
      const lease = leases.get(system);
      if (lease && lease.freeAt > at && lease.freeAt <= addMs(at, MS_PER_DAY)) {
        return { kind: lease.holder === undefined ? 'paused' : 'held', until: lease.freeAt };
      }
      leases.set(system, { holder, freeAt: until });
      return { kind: 'acquired' };
    },
    async release(system, holder, nextAt) {
      if (leases.get(system)?.holder === holder) leases.set(system, { freeAt: nextAt });
    },
  };
}

function createFakeSubscribers(clock: Clock): Pick<Repositories, 'subscribers' | 'suppressions' | 'cohorts'> {
  const subscribers = new Map<string, Subscriber>();
  const suppressions = new Map<string, Suppression>();
  const joined = new Map<string, { cohort: Cohort; lastJoinedAt: Instant }>();
  const membershipsOf = (subscriber: Subscriber) => (mayBeDue(subscriber) ? cohortsOf(subscriber) : []);
  return {
    subscribers: {
      load: async (id) => subscribers.get(id),
      async loadMany(ids) {
        const found = ids.flatMap((id) => subscribers.get(id) ?? []);
        return new Map(found.map((subscriber) => [subscriber.id, subscriber]));
      },
      async erase(id) {
        subscribers.delete(id);
      },
      // Every saved profile can be read.
      endUnreadable: async () => {},
      async save(subscriber) {
        // DynamoDB would save it, and no repository could load it again. So the test is wrong.
        storedSubscriberSchema.parse(toStoredSubscriber(subscriber));
        if ((subscribers.get(subscriber.id)?.version ?? 0) !== subscriber.version) {
          throw new ConflictError(
            `subscriber ${subscriber.id} is no longer at version ${subscriber.version}`,
          );
        }
        for (const cohort of membershipsOf(subscriber).filter(({ cadence }) => cadence !== 'instant')) {
          joined.set(toCohortKey(cohort), { cohort, lastJoinedAt: clock.now() });
        }
        const suppression = suppressionOf(subscriber, suppressions.get(subscriber.id), clock.now());
        if (suppression) suppressions.set(subscriber.id, suppression);
        const saved = { ...subscriber, version: subscriber.version + 1 };
        subscribers.set(saved.id, saved);
        return saved;
      },
    },
    suppressions: {
      load: async (id) => suppressions.get(id),
      loadMany: async (ids) => new Map([...suppressions].filter(([id]) => ids.includes(id))),
      async erase(id) {
        suppressions.delete(id);
      },
    },
    cohorts: {
      loadAll: async () => [...joined.values()].map(({ cohort }) => cohort),
      async loadMembers(cohort, after, limit) {
        return [...subscribers.values()]
          .filter((subscriber) =>
            membershipsOf(subscriber).some((own) => toCohortKey(own) === toCohortKey(cohort)),
          )
          .map(({ id }) => id)
          .filter((id) => after === undefined || id > after)
          .sort()
          .slice(0, limit);
      },
      async loadFollowers(lists, after, limit) {
        const ids = [...subscribers.values()]
          .filter((subscriber) => membershipsOf(subscriber).some(({ cadence }) => cadence === 'instant'))
          .filter((subscriber) => instantListsOf(subscriber).some((list) => lists.includes(list)))
          .map(({ id }) => id)
          .filter((id) => after === undefined || id > after)
          .sort();
        const page = ids.slice(0, limit);
        return page.length < ids.length ? { ids: page, next: page.at(-1) } : { ids: page };
      },
      async removeIfIdle(cohort, joinedBefore) {
        const key = toCohortKey(cohort);
        if ((joined.get(key)?.lastJoinedAt ?? joinedBefore) < joinedBefore) joined.delete(key);
      },
    },
  };
}

function createFakePlanner(): PlannerRepository {
  let stored: PlannerState | undefined;
  return {
    load: async () => stored,
    async save(state, previous) {
      const isUnmoved =
        isUnreadable(previous) ||
        (stored?.lastTick === previous?.lastTick && stored?.run?.after === previous?.run?.after);
      if (!isUnmoved) throw new ConflictError('the planner was moved');
      stored = state;
    },
  };
}

function createFakeAllowances(): MailAllowanceRepository {
  const allowances = new Map<string, MailAllowance>();
  return {
    load: async (mailbox) => allowances.get(mailbox),
    async take(mailbox, request, at) {
      const taken = takeAllowance(allowances.get(mailbox), request, at);
      if (typeof taken === 'string') return taken;
      allowances.set(mailbox, taken);
      return 'taken';
    },
    async release(mailbox, requestId) {
      const known = allowances.get(mailbox);
      if (known?.requestId === requestId && !known.isUsed)
        allowances.set(mailbox, { ...known, takenAt: NEVER_TAKEN });
    },
    async use(mailbox, requestId) {
      const known = allowances.get(mailbox);
      if (known?.requestId === requestId) allowances.set(mailbox, { ...known, isUsed: true });
    },
    async answer(mailbox) {
      const known = allowances.get(mailbox);
      if (known) allowances.set(mailbox, { ...known, unanswered: 0 });
    },
    erase: async (mailbox) => {
      allowances.delete(mailbox);
    },
  };
}

function createFakeBudgets(): BudgetRepository {
  const spent = new Map<string, Set<unknown>>();
  return {
    async spend({ what, window, max }, id) {
      const key = `${what} ${window}`;
      const before = spent.get(key) ?? new Set();
      if (id !== undefined && before.has(id)) return true;
      if (before.size >= max) return false;
      spent.set(key, before.add(id ?? Symbol('new')));
      return true;
    },

    async forget({ what, window }) {
      spent.delete(`${what} ${window}`);
    },
  };
}

function createFakeLedger(): Pick<Repositories, 'editions' | 'deliveries' | 'history'> {
  const deliveries = new Map<string, HeldDelivery>();
  const editions = createFakeEditions();
  return {
    editions,
    deliveries: createFakeDeliveries(deliveries),
    history: {
      loadAll: async (subscriberId) =>
        [...deliveries.values()]
          .filter((delivery) => delivery.subscriberId === subscriberId)
          .map(({ origin, claimId, ...delivery }) => ({
            recordId: `${delivery.cadence}#${delivery.period}`,
            delivery,
            origin,
          })),
      loadRecorded: async (keys) =>
        keys.filter(({ subscriberId, cadence, period }) =>
          deliveries.has(`${subscriberId} ${cadence} ${period}`),
        ),
      loadPaperIds: async ({ subscriberId, cadence, period }) =>
        deliveries.get(`${subscriberId} ${cadence} ${period}`)?.paperIds ?? [],
      copySent: async (from, to) => {
        for (const one of [...deliveries.values()].filter(({ subscriberId }) => subscriberId === from)) {
          const key = `${to} ${one.cadence} ${one.period}`;
          const own = deliveries.get(key);
          if (!mayHaveArrived(one)) continue;
          deliveries.set(key, own ? { ...own, ...withSent(own, one) } : { ...one, subscriberId: to });
        }
      },
      erase: async (subscriberId, recordId) => {
        deliveries.delete(`${subscriberId} ${recordId.replace('#', ' ')}`);
      },
    },
  };
}

/** A record of the ledger, with its last claim. */
type HeldDelivery = Delivery & { readonly claimId: string; readonly origin: DigestOrigin };

function toEditionName({ cadence, period, cohort }: Edition): string {
  return `${cadence} ${period} ${cohort}`;
}

function createFakeEditions(): EditionRepository {
  const batches = new Map<string, EditionBatch[]>();
  const progresses = new Map<string, EditionProgress>();
  const keyOf = toEditionName;
  const batchesOf = (edition: Edition) => {
    const known = batches.get(keyOf(edition)) ?? [];
    batches.set(keyOf(edition), known);
    return known;
  };
  const putInPlace = (origin: DigestOrigin, subscriberId: string, mark: string) => {
    const known = batchesOf(origin)[origin.batch];
    if (!known) return;
    const subscriberIds = known.subscriberIds.map((id) => (id === subscriberId ? mark : id));
    batchesOf(origin)[origin.batch] = { ...known, subscriberIds };
  };
  return {
    loadProgress: async (edition) => progresses.get(keyOf(edition)),
    async saveProgress(edition, progress, previous) {
      const stored = progresses.get(keyOf(edition));
      const isSame =
        isUnreadable(previous) ||
        (stored?.batches === previous?.batches &&
          stored?.isComplete === previous?.isComplete &&
          (stored?.pending === undefined) === (previous?.pending === undefined));
      if (!isSame) {
        throw new ConflictError('the edition was moved on');
      }
      progresses.set(keyOf(edition), progress);
    },
    async saveBatch(edition, batch, subscriberIds) {
      const known = batchesOf(edition);
      known[batch] ??= { subscriberIds };
      return known[batch].subscriberIds;
    },
    loadBatch: async (edition, batch) => batchesOf(edition)[batch]?.subscriberIds,
    async settleBatch(edition, batch, counts, used) {
      const known = batchesOf(edition)[batch];
      if (!known) throw new Error(`no batch ${batch}`);
      batchesOf(edition)[batch] = { ...known, counts, used };
    },
    replaceErased: async (origin, subscriberId) => putInPlace(origin, subscriberId, ERASED_ID),
    replaceMoved: async (origin, subscriberId) => putInPlace(origin, subscriberId, OTHER_BATCH_ID),
    async *loadBatches(edition) {
      for (const batch of [...batchesOf(edition)]) yield batch ?? { subscriberIds: [] };
    },
  };
}

function createFakeDeliveries(deliveries: Map<string, HeldDelivery>): DeliveryRepository {
  let claims = 0;
  const keyOf = ({ subscriberId, cadence, period }: DeliveryKey) => `${subscriberId} ${cadence} ${period}`;
  const create = (delivery: Delivery, origin: DigestOrigin): string | undefined => {
    if (deliveries.has(keyOf(delivery))) return undefined;
    claims += 1;
    const claimId = `claim-${claims}`;
    deliveries.set(keyOf(delivery), { ...delivery, claimId, origin });
    return claimId;
  };
  const advance = (held: HeldDelivery, reported: ClaimOutcome): Outcome => {
    const outcome = advanceOutcome(held.outcome, reported);
    deliveries.set(keyOf(held), { ...held, outcome });
    return outcome;
  };
  return {
    load: async (key) => deliveries.get(keyOf(key)),
    loadOrigin: async (key) => deliveries.get(keyOf(key))?.origin,
    async claim(key, origin, paperIds, claimedAt) {
      const outcome = { state: 'claimed' } as const;
      const claimId = create({ ...key, outcome, paperIds: [...paperIds], claimedAt }, origin);
      return claimId === undefined ? undefined : { ...key, claimId, tries: 1 };
    },
    async claimAgain(earlier, _origin, paperIds, claimedAt) {
      const held = deliveries.get(keyOf(earlier));
      if (held?.outcome.state !== STATE_BEFORE['claim-again'] || held.claimedAt !== earlier.claimedAt)
        return undefined;
      claims += 1;
      const claimId = `claim-${claims}`;
      const tries = (held.tries ?? 1) + 1;
      const { subscriberId, cadence, period } = held;
      deliveries.set(keyOf(held), {
        ...held,
        outcome: { state: 'claimed' },
        paperIds: [...new Set([...held.paperIds, ...paperIds])],
        claimId,
        claimedAt,
        tries,
      });
      return { subscriberId, cadence, period, claimId, tries };
    },
    async recordSkip(key, origin, outcome, claimedAt) {
      return create({ ...key, outcome, paperIds: [], claimedAt }, origin) !== undefined;
    },
    async recordOutcome(claim, outcome) {
      const held = deliveries.get(keyOf(claim));
      if (held?.claimId !== claim.claimId) throw new ConflictError('the claim is not held');
      return advance(held, outcome);
    },
    async recordEvent(key, outcome) {
      const held = deliveries.get(keyOf(key));
      return held && advance(held, outcome);
    },
    async recordAbandoned(earlier, outcome) {
      const held = deliveries.get(keyOf(earlier));
      return held?.claimedAt === earlier.claimedAt ? advance(held, outcome) : undefined;
    },
    async release(claim) {
      const held = deliveries.get(keyOf(claim));
      if (held?.claimId !== claim.claimId || held.outcome.state !== STATE_BEFORE.release) return;
      if (claim.tries > 1)
        deliveries.set(keyOf(held), { ...held, outcome: UNANSWERED, tries: claim.tries - 1 });
      else deliveries.delete(keyOf(held));
    },
    async loadRecent(key, since) {
      const others = [...deliveries.values()].filter(
        (delivery) =>
          delivery.subscriberId === key.subscriberId &&
          keyOf(delivery) !== keyOf(key) &&
          delivery.claimedAt >= since,
      );
      return {
        isRecorded: deliveries.has(keyOf(key)),
        others: others.filter(({ outcome }) => outcome.state !== 'failed'),
      };
    },
  };
}
