import { describe, expect, test } from '@jest/globals';
import { ConflictError } from '../../shared/domain/errors.ts';
import { endWith } from '../../shared/domain/subscribers/subscriber.ts';
import { createSubscriber, createSubscription, leaveAndErase } from '../factories/subscribers.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const DAILY_BERLIN = { cadence: 'daily', timeZone: 'Europe/Berlin', hour: 8 } as const;

/** The contract of every repository of subscribers, cohorts and the planner. */
export function describePeople({ repositories, newId }: ContractContext): void {
  describe('subscribers and cohorts', () => {
    test('a profile is loaded as it was saved, with the next version', async () => {
      const subscriber = createSubscriber({ id: newId() });

      const saved = await repositories().subscribers.save(subscriber);

      expect(saved).toEqual({ ...subscriber, version: 1 });
      expect(await repositories().subscribers.load(subscriber.id)).toEqual(saved);
      expect(await repositories().subscribers.load('nobody')).toBeUndefined();
    });

    test('profiles are loaded together, without the ids that have none', async () => {
      const saved = await Promise.all(
        [newId(), newId()].map((id) => repositories().subscribers.save(createSubscriber({ id }))),
      );
      const ids = saved.map(({ id }) => id);

      const found = await repositories().subscribers.loadMany([...ids, 'nobody', ...ids]);

      expect(found).toEqual(new Map(saved.map((one) => [one.id, one])));
      expect(await repositories().subscribers.loadMany([])).toEqual(new Map());
    });

    test('a row of soft bounces is saved, and is gone after it ended', async () => {
      const row = { softBounces: 2, firstSoftBounceAt: T0, lastSoftBounceAt: T1 };
      const saved = await repositories().subscribers.save(createSubscriber({ id: newId(), ...row }));
      expect(await repositories().subscribers.load(saved.id)).toMatchObject(row);

      await repositories().subscribers.save({ ...saved, softBounces: 0, firstSoftBounceAt: undefined });

      const ended = await repositories().subscribers.load(saved.id);
      expect(ended?.softBounces).toBe(0);
      expect(ended?.firstSoftBounceAt).toBeUndefined();
      expect(ended?.lastSoftBounceAt).toBe(T1);
    });

    test('a profile that another worker saved meanwhile is not overwritten', async () => {
      const saved = await repositories().subscribers.save(createSubscriber({ id: newId() }));
      await repositories().subscribers.save({ ...saved, hour: 20 });

      await expect(repositories().subscribers.save({ ...saved, hour: 6 })).rejects.toThrow(ConflictError);
      await expect(repositories().subscribers.save({ ...saved, version: 0 })).rejects.toThrow(ConflictError);

      expect((await repositories().subscribers.load(saved.id))?.hour).toBe(20);
    });

    test('a confirmed subscriber is in one cohort for each cadence, and leaves all of them by unsubscribing', async () => {
      const place = { timeZone: 'Asia/Kathmandu', hour: 5, weekday: 3 };
      const subscriptions = [
        createSubscription({ id: 's1', cadence: 'daily' }),
        createSubscription({ id: 's2', cadence: 'weekly' }),
        createSubscription({ id: 's3', cadence: 'daily' }),
      ];
      const daily = { cadence: 'daily', timeZone: place.timeZone, hour: place.hour } as const;
      const weekly = { cadence: 'weekly', ...place } as const;

      const saved = await repositories().subscribers.save(
        createSubscriber({ id: newId(), ...place, subscriptions }),
      );

      expect(await repositories().cohorts.loadAll()).toEqual(expect.arrayContaining([daily, weekly]));
      expect(await repositories().cohorts.loadMembers(daily, undefined, 10)).toEqual([saved.id]);
      expect(await repositories().cohorts.loadMembers(weekly, undefined, 10)).toEqual([saved.id]);

      await repositories().subscribers.save({ ...saved, status: 'unsubscribed' });

      expect(await repositories().cohorts.loadMembers(daily, undefined, 10)).toEqual([]);
      expect(await repositories().cohorts.loadMembers(weekly, undefined, 10)).toEqual([]);
    });

    test('only a subscriber who left has a suppression, and it outlives the profile', async () => {
      const { subscribers, suppressions } = repositories();
      const [left, stays] = [newId(), newId()];
      const saved = await subscribers.save(createSubscriber({ id: left }));
      await subscribers.save(createSubscriber({ id: stays }));

      await subscribers.save(endWith(saved, 'bounced', { at: T1, by: 'bounce' }) ?? saved);
      await subscribers.erase(left);

      const suppression = { status: 'bounced', at: T1, by: 'bounce' };
      expect(await suppressions.load(left)).toEqual(suppression);
      expect(await suppressions.load(stays)).toBeUndefined();
      expect(await suppressions.loadMany([left, stays])).toEqual(new Map([[left, suppression]]));
      await suppressions.erase(left);
      expect(await suppressions.load(left)).toBeUndefined();
    });

    test('a suppression is replaced by a later one', async () => {
      const { subscribers, suppressions } = repositories();
      const id = newId();

      await leaveAndErase(subscribers, id, { status: 'unsubscribed', at: T0, by: 'link' });
      await leaveAndErase(subscribers, id, { status: 'complained', at: T1, by: 'complaint' });

      expect(await suppressions.load(id)).toEqual({ status: 'complained', at: T1, by: 'complaint' });
    });

    test('an unconfirmed subscriber joins no cohort', async () => {
      const timeZone = 'Antarctica/Troll';
      await repositories().subscribers.save(
        createSubscriber({ id: newId(), timeZone, status: 'unconfirmed' }),
      );

      const cohorts = await repositories().cohorts.loadAll();

      expect(cohorts.filter((cohort) => 'timeZone' in cohort && cohort.timeZone === timeZone)).toEqual([]);
    });

    test('a cohort is loaded in pages, in the order of ids', async () => {
      const cohort = { cadence: 'daily', timeZone: 'Pacific/Chatham', hour: 11 } as const;
      const ids = Array.from({ length: 7 }, newId);
      for (const id of [...ids].reverse()) {
        await repositories().subscribers.save(
          createSubscriber({ id, timeZone: cohort.timeZone, hour: cohort.hour }),
        );
      }

      const first = await repositories().cohorts.loadMembers(cohort, undefined, 4);
      const second = await repositories().cohorts.loadMembers(cohort, first.at(-1), 4);

      expect([...first, ...second]).toEqual(ids);
      expect(await repositories().cohorts.loadMembers(cohort, second.at(-1), 4)).toEqual([]);
    });

    test('a cohort is removed only if no subscriber joined it lately', async () => {
      const cohort = { cadence: 'daily', timeZone: 'Indian/Mauritius', hour: 1 } as const;
      await repositories().subscribers.save(
        createSubscriber({ id: newId(), timeZone: cohort.timeZone, hour: cohort.hour }),
      );

      await repositories().cohorts.removeIfIdle(cohort, T0);
      expect(await repositories().cohorts.loadAll()).toContainEqual(cohort);

      await repositories().cohorts.removeIfIdle(cohort, T1);
      expect(await repositories().cohorts.loadAll()).not.toContainEqual(cohort);
    });
  });

  test('the members of a cohort are not those of another cadence', async () => {
    const id = newId();
    await repositories().subscribers.save(
      createSubscriber({ id, hour: 8, subscriptions: [createSubscription({ cadence: 'monthly' })] }),
    );

    expect(
      await repositories().cohorts.loadMembers({ ...DAILY_BERLIN, cadence: 'monthly' }, undefined, 100),
    ).toContain(id);
    expect(await repositories().cohorts.loadMembers(DAILY_BERLIN, undefined, 100)).not.toContain(id);
  });
  test('the state of the planner is saved only over the state that was loaded', async () => {
    const first = { lastTick: T0, arrivals: {} };
    const second = { lastTick: T1, arrivals: { 'hf-daily': T0 } };

    expect(await repositories().planner.load()).toBeUndefined();
    await repositories().planner.save(first, undefined);
    await expect(repositories().planner.save(second, undefined)).rejects.toThrow(ConflictError);
    await repositories().planner.save(second, first);
    await expect(repositories().planner.save(first, first)).rejects.toThrow(ConflictError);

    expect(await repositories().planner.load()).toEqual(second);
  });

  test('a run of the planner is saved step by step, and a planner with an older state cannot overwrite it', async () => {
    const { planner } = repositories();
    const start = { lastTick: T1, arrivals: { 'hf-daily': T0 } };
    await planner.save(start, await planner.load());
    const run = { until: T1, arrivals: {} };
    const [first, second] = [
      { ...start, run: { ...run, after: 'daily#UTC#08' } },
      { ...start, run: { ...run, after: 'daily#UTC#09' } },
    ];

    await planner.save(first, start);
    await expect(planner.save(first, start)).rejects.toThrow(ConflictError);
    await planner.save(second, first);
    await expect(planner.save(second, first)).rejects.toThrow(ConflictError);
    expect(await planner.load()).toEqual(second);

    await planner.save(start, second);
    expect(await planner.load()).toEqual(start);
  });
}
