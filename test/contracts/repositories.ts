import { beforeAll, describe, expect, test } from '@jest/globals';
import type { HandClock } from '../../local/hand-clock.ts';
import type { Repositories } from '../../local/repositories.ts';
import type { Edition } from '../../shared/domain/cohort.ts';
import type { DeliveryKey } from '../../shared/domain/delivery.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import type { Claim } from '../../shared/ports.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const EDITION: Edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' };
const DAILY_BERLIN = { cadence: 'daily', timeZone: 'Europe/Berlin', hour: 8 } as const;

/** What every implementation of the repositories must do, in memory or on DynamoDB. */
export function describeRepositories(
  name: string,
  open: () => Promise<{ repositories: Repositories; clock: HandClock }>,
) {
  describe(`${name} repositories`, () => {
    let repositories: Repositories;
    let clock: HandClock;
    let serial = 0;
    const nextNumber = () => {
      serial += 1;
      return serial;
    };
    const newId = () => `subscriber-${String(nextNumber()).padStart(4, '0')}`;
    const newPaperId = () => `2601.${String(nextNumber()).padStart(5, '0')}`;

    beforeAll(async () => {
      ({ repositories, clock } = await open());
      clock.moveTo(T0);
    });

    describe('papers', () => {
      test('creates a paper, leaves one that did not change, updates one whose votes moved', async () => {
        const facts = createFacts({ id: newPaperId(), upvotes: 3 });

        const results = [
          await repositories.papers.save(facts, T0),
          await repositories.papers.save(facts, T1),
          await repositories.papers.save({ ...facts, upvotes: 5 }, T1),
        ];

        expect(results).toEqual(['created', 'unchanged', 'updated']);
        const [paper] = await repositories.papers.loadMany([facts.id]);
        expect(paper?.firstSeenAt).toBe(T0);
        expect(paper?.snapshots.map(({ upvotes }) => upvotes)).toEqual([3, 5]);
      });

      test('keeps every vote when many save the same paper at once', async () => {
        const facts = createFacts({ id: newPaperId(), upvotes: 0 });
        await repositories.papers.save(facts, T0);

        await Promise.all([
          repositories.papers.save({ ...facts, upvotes: 7 }, T1),
          repositories.papers.save({ ...facts, comments: 2, upvotes: 7 }, T1),
        ]);

        const [paper] = await repositories.papers.loadMany([facts.id]);
        expect(paper?.upvotes).toBe(7);
        expect(paper?.snapshots[0]?.upvotes).toBe(0);
      });

      test('loads more papers than one call of the table takes, each once, leaving out unknown ids', async () => {
        const ids = Array.from({ length: 130 }, newPaperId);
        await Promise.all(ids.map((id) => repositories.papers.save(createFacts({ id }), T0)));

        const loaded = await repositories.papers.loadMany([...ids, ...ids, '9999.99999']);

        expect(loaded.map(({ id }) => id).sort()).toEqual([...ids].sort());
      });
    });

    test('listings are kept as first seen, by list and day', async () => {
      const listing = createListing({ paperId: newPaperId(), day: '2026-02-01', firstSeenAt: T0 });

      await repositories.listings.save(listing);
      await repositories.listings.save({ ...listing, firstSeenAt: T1 });

      expect(await repositories.listings.load('hf-daily', '2026-02-01')).toEqual([listing]);
      expect(await repositories.listings.load('hf-daily', '2026-02-02')).toEqual([]);
    });

    test('the state of a source is what was saved last', async () => {
      expect(await repositories.sourceStates.load('arxiv/cs.CL')).toBeUndefined();

      await repositories.sourceStates.save('arxiv/cs.CL', { cursor: 'a', failuresInARow: 1 });
      await repositories.sourceStates.save('arxiv/cs.CL', { cursor: 'b', lastNewAt: T0, failuresInARow: 0 });

      expect(await repositories.sourceStates.load('arxiv/cs.CL')).toEqual({
        cursor: 'b',
        lastNewAt: T0,
        failuresInARow: 0,
      });
    });

    describe('subscribers and cohorts', () => {
      test('a profile comes back as it was saved, one version on', async () => {
        const subscriber = createSubscriber({ id: newId() });

        const saved = await repositories.subscribers.save(subscriber);

        expect(saved).toEqual({ ...subscriber, version: 1 });
        expect(await repositories.subscribers.load(subscriber.id)).toEqual(saved);
        expect(await repositories.subscribers.load('nobody')).toBeUndefined();
      });

      test('a profile that somebody else saved meanwhile is not overwritten', async () => {
        const saved = await repositories.subscribers.save(createSubscriber({ id: newId() }));
        await repositories.subscribers.save({ ...saved, hour: 20 });

        await expect(repositories.subscribers.save({ ...saved, hour: 6 })).rejects.toThrow(ConflictError);
        await expect(repositories.subscribers.save({ ...saved, version: 0 })).rejects.toThrow(ConflictError);

        expect((await repositories.subscribers.load(saved.id))?.hour).toBe(20);
      });

      test('a confirmed subscriber stands in one cohort for each cadence, and leaves them all when unsubscribing', async () => {
        const place = { timeZone: 'Asia/Kathmandu', hour: 5, weekday: 3 };
        const subscriptions = [
          createSubscription({ id: 's1', cadence: 'daily' }),
          createSubscription({ id: 's2', cadence: 'weekly' }),
          createSubscription({ id: 's3', cadence: 'daily' }),
        ];
        const daily = { cadence: 'daily', timeZone: place.timeZone, hour: place.hour } as const;
        const weekly = { cadence: 'weekly', ...place } as const;

        const saved = await repositories.subscribers.save(
          createSubscriber({ id: newId(), ...place, subscriptions }),
        );

        expect(await repositories.cohorts.loadAll()).toEqual(expect.arrayContaining([daily, weekly]));
        expect(await repositories.cohorts.loadMembers(daily, undefined, 10)).toEqual([saved.id]);
        expect(await repositories.cohorts.loadMembers(weekly, undefined, 10)).toEqual([saved.id]);

        await repositories.subscribers.save({ ...saved, status: 'unsubscribed' });

        expect(await repositories.cohorts.loadMembers(daily, undefined, 10)).toEqual([]);
        expect(await repositories.cohorts.loadMembers(weekly, undefined, 10)).toEqual([]);
      });

      test('an unconfirmed subscriber joins nothing', async () => {
        const timeZone = 'Antarctica/Troll';
        await repositories.subscribers.save(
          createSubscriber({ id: newId(), timeZone, status: 'unconfirmed' }),
        );

        const cohorts = await repositories.cohorts.loadAll();

        expect(cohorts.filter((cohort) => 'timeZone' in cohort && cohort.timeZone === timeZone)).toEqual([]);
      });

      test('a cohort pages in the order of ids, behind the last one', async () => {
        const cohort = { cadence: 'daily', timeZone: 'Pacific/Chatham', hour: 11 } as const;
        const ids = Array.from({ length: 7 }, newId);
        for (const id of [...ids].reverse()) {
          await repositories.subscribers.save(
            createSubscriber({ id, timeZone: cohort.timeZone, hour: cohort.hour }),
          );
        }

        const first = await repositories.cohorts.loadMembers(cohort, undefined, 4);
        const second = await repositories.cohorts.loadMembers(cohort, first.at(-1), 4);

        expect([...first, ...second]).toEqual(ids);
        expect(await repositories.cohorts.loadMembers(cohort, second.at(-1), 4)).toEqual([]);
      });

      test('only a cohort that nobody joined lately is removed', async () => {
        const cohort = { cadence: 'daily', timeZone: 'Indian/Mauritius', hour: 1 } as const;
        await repositories.subscribers.save(
          createSubscriber({ id: newId(), timeZone: cohort.timeZone, hour: cohort.hour }),
        );

        await repositories.cohorts.removeIfIdle(cohort, T0);
        expect(await repositories.cohorts.loadAll()).toContainEqual(cohort);

        await repositories.cohorts.removeIfIdle(cohort, T1);
        expect(await repositories.cohorts.loadAll()).not.toContainEqual(cohort);
      });
    });

    test('the planner moves only from where it was', async () => {
      const first = { lastTick: T0, arrivals: {} };
      const second = { lastTick: T1, arrivals: { 'hf-daily': T0 } };

      expect(await repositories.planner.load()).toBeUndefined();
      await repositories.planner.save(first, undefined);
      await expect(repositories.planner.save(second, undefined)).rejects.toThrow(ConflictError);
      await repositories.planner.save(second, first);
      await expect(repositories.planner.save(first, first)).rejects.toThrow(ConflictError);

      expect(await repositories.planner.load()).toEqual(second);
    });

    describe('editions', () => {
      test('the progress moves only from where it was', async () => {
        const edition = { ...EDITION, period: '2026-02-01' };
        const first = { batches: 1, planned: 50, after: 'x', isComplete: false };
        const done = { ...first, isComplete: true };

        expect(await repositories.editions.loadProgress(edition)).toBeUndefined();
        await repositories.editions.saveProgress(edition, first, undefined);
        await expect(repositories.editions.saveProgress(edition, first, undefined)).rejects.toThrow(
          ConflictError,
        );
        await repositories.editions.saveProgress(edition, done, first);
        await expect(repositories.editions.saveProgress(edition, done, first)).rejects.toThrow(ConflictError);

        expect(await repositories.editions.loadProgress(edition)).toEqual(done);
      });

      test('a batch that was recorded stays as it is, and takes its counts', async () => {
        const edition = { ...EDITION, period: '2026-02-02' };

        expect(await repositories.editions.saveBatch(edition, 0, ['a', 'b'])).toEqual(['a', 'b']);
        expect(await repositories.editions.saveBatch(edition, 0, ['b', 'c'])).toEqual(['a', 'b']);
        await repositories.editions.saveBatch(edition, 1, ['c']);
        await repositories.editions.settleBatch(edition, 0, { sent: 1, 'skipped:nothing-new': 1 });

        expect(await repositories.editions.loadBatches(edition)).toEqual([
          { subscriberIds: ['a', 'b'], counts: { sent: 1, 'skipped:nothing-new': 1 } },
          { subscriberIds: ['c'] },
        ]);
      });

      test('a batch that was never recorded takes no counts', async () => {
        await expect(
          repositories.editions.settleBatch({ ...EDITION, period: '2026-02-03' }, 0, { sent: 1 }),
        ).rejects.toThrow();
      });
    });

    describe('the ledger', () => {
      const claimOf = async (key: DeliveryKey, paperIds: readonly string[], at = T0): Promise<Claim> => {
        const claim = await repositories.deliveries.claim(key, EDITION, paperIds, at);
        if (!claim) throw new Error('the digest was claimed before');
        return claim;
      };
      const keyFor = (subscriberId: string) =>
        ({ subscriberId, cadence: 'daily', period: '2026-01-05' }) as const;

      test('gives a claim once, however many ask at the same time', async () => {
        const key = keyFor(newId());

        const claims = await Promise.all(
          Array.from({ length: 8 }, () => repositories.deliveries.claim(key, EDITION, ['2601.00001'], T0)),
        );

        expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
        expect(await repositories.deliveries.load(key)).toMatchObject({
          outcome: { state: 'claimed' },
          claimedAt: T0,
        });
      });

      test('settles a claim with its outcome', async () => {
        const key = keyFor(newId());
        const claim = await claimOf(key, []);

        await repositories.deliveries.settle(claim, { state: 'sent', messageId: 'm-1' }, T1);

        expect((await repositories.deliveries.load(key))?.outcome).toEqual({
          state: 'sent',
          messageId: 'm-1',
        });
        expect(await repositories.deliveries.claim(key, EDITION, [], T1)).toBeUndefined();
      });

      test('a claim that was given back can be taken again, and only by its new holder be settled or given back', async () => {
        const key = keyFor(newId());
        const first = await claimOf(key, []);
        await repositories.deliveries.release(first);
        const second = await claimOf(key, []);

        await repositories.deliveries.release(first);
        const stale = repositories.deliveries.settle(first, { state: 'sent', messageId: 'm-1' }, T1);

        await expect(stale).rejects.toThrow(ConflictError);
        expect((await repositories.deliveries.load(key))?.outcome).toEqual({ state: 'claimed' });
        await repositories.deliveries.settle(second, { state: 'sent', messageId: 'm-2' }, T1);
      });

      test('a skipped digest is recorded once and cannot be claimed', async () => {
        const key = keyFor(newId());
        const outcome = { state: 'skipped', reason: 'nothing-new' } as const;

        expect(await repositories.deliveries.skip(key, EDITION, outcome, T0)).toBe(true);
        expect(await repositories.deliveries.skip(key, EDITION, outcome, T1)).toBe(false);
        expect(await repositories.deliveries.claim(key, EDITION, [], T1)).toBeUndefined();
        expect((await repositories.deliveries.load(key))?.outcome).toEqual(outcome);
      });

      test('knows the papers of other digests claimed since a moment, whatever their period, but not those refused', async () => {
        const subscriberId = newId();
        const send = async (
          cadence: 'daily' | 'weekly' | 'instant',
          period: string,
          paperId: string,
          outcome: 'sent' | 'failed' | 'uncertain' | 'claimed',
          at = T1,
        ) => {
          const claim = await claimOf({ subscriberId, cadence, period }, [paperId], at);
          const { settle } = repositories.deliveries;
          if (outcome === 'sent') await settle(claim, { state: 'sent', messageId: 'm' }, at);
          else if (outcome !== 'claimed') await settle(claim, { state: outcome, reason: 'r' }, at);
        };
        await send('daily', '2026-01-04', '2601.00001', 'sent', T0);
        await send('daily', '2026-01-02', '2601.00002', 'sent');
        await send('weekly', '2026-W02', '2601.00003', 'uncertain');
        await send('instant', '2026-01-05T08:15Z', '2601.00004', 'claimed');
        await send('daily', '2026-01-06', '2601.00005', 'failed');
        await send('daily', '2026-01-07', '2601.00006', 'claimed');

        const key = { subscriberId, cadence: 'daily', period: '2026-01-07' } as const;
        const sent = await repositories.deliveries.loadSent(key, T1);

        expect([...sent.keys()].sort()).toEqual(['2601.00002', '2601.00003', '2601.00004']);
        expect(sent.get('2601.00003')).toMatchObject({ cadence: 'weekly', outcome: { state: 'uncertain' } });
      });
    });

    test('the members of a cohort are told from those of another cadence', async () => {
      const id = newId();
      await repositories.subscribers.save(
        createSubscriber({ id, hour: 8, subscriptions: [createSubscription({ cadence: 'monthly' })] }),
      );

      expect(
        await repositories.cohorts.loadMembers({ ...DAILY_BERLIN, cadence: 'monthly' }, undefined, 100),
      ).toContain(id);
      expect(await repositories.cohorts.loadMembers(DAILY_BERLIN, undefined, 100)).not.toContain(id);
    });
  });
}
