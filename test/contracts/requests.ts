import { describe, expect, test } from '@jest/globals';
import type { ClaimOutcome } from '../../shared/domain/digests/delivery.ts';
import { addMs, MS_PER_DAY } from '../../shared/domain/time/time.ts';
import { collect } from '../collect.ts';
import { createSubscriber } from '../factories/subscribers.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const asks = (id: string, asksToConfirm = true) => ({ id, asksToConfirm });

/** The contract of the records of web requests, and of erasing a subscriber. */
export function describeRequests({ repositories, newId }: ContractContext): void {
  describe('mail allowances', () => {
    test('can be taken by one request a day', async () => {
      const { allowances } = repositories();
      const mailbox = newId();

      const taken = await Promise.all(
        Array.from({ length: 6 }, (_, n) => allowances.take(mailbox, asks(`r${n}`), T0)),
      );
      const nextDay = await allowances.take(mailbox, asks('next'), addMs(T0, MS_PER_DAY));

      expect([taken.filter((one) => one === 'taken').length, nextDay]).toEqual([1, 'taken']);
      expect(await allowances.load(mailbox)).toEqual({
        ...{ requestId: 'next', takenAt: addMs(T0, MS_PER_DAY), isUsed: false, unanswered: 2 },
        askedAt: addMs(T0, MS_PER_DAY),
      });
    });

    test('belong to one worker until they are used, or to another one if that worker died', async () => {
      const { allowances } = repositories();
      const mailbox = newId();
      const take = (ms: number) => allowances.take(mailbox, asks('r'), addMs(T0, ms));

      expect([await take(0), await take(1)]).toEqual(['taken', 'in-flight']);
      expect([await take(120_000), await take(120_001)]).toEqual(['taken', 'in-flight']);
      await allowances.use(mailbox, 'another');
      expect(await take(300_000)).toBe('taken');
      await allowances.use(mailbox, 'r');
      expect(await take(900_000)).toBe('refused');
    });

    test('are free for any request after a release, unless they were used', async () => {
      const { allowances } = repositories();
      const mailbox = newId();
      const take = (id: string) => allowances.take(mailbox, asks(id, false), T0);
      await take('r');

      await allowances.release(mailbox, 'another');
      expect(await take('s')).toBe('refused');
      await allowances.release(mailbox, 'r');
      expect([await take('r'), await take('s')]).toEqual(['taken', 'refused']);
      await allowances.use(mailbox, 'r');
      await allowances.release(mailbox, 'r');
      expect(await take('s')).toBe('refused');
    });

    test('end after three unanswered mails, and start again after an answer or 30 days', async () => {
      const { allowances } = repositories();
      const mailbox = newId();
      const takeOn = (day: number) => allowances.take(mailbox, asks(`r${day}`), addMs(T0, day * MS_PER_DAY));
      const taken = [await takeOn(0), await takeOn(1), await takeOn(2), await takeOn(9)];

      await allowances.answer(mailbox);

      expect([taken, await takeOn(10)]).toEqual([['taken', 'taken', 'taken', 'refused'], 'taken']);
      expect([await takeOn(11), await takeOn(12), await takeOn(41)]).toEqual(['taken', 'taken', 'refused']);
      expect(await takeOn(42)).toBe('taken');
    });

    test('answer a request with the same id once more after 30 days', async () => {
      const { allowances } = repositories();
      const mailbox = newId();
      const takeOn = (day: number) => allowances.take(mailbox, asks('r'), addMs(T0, day * MS_PER_DAY));
      await takeOn(0);
      await allowances.use(mailbox, 'r');

      expect([await takeOn(29), await takeOn(30)]).toEqual(['refused', 'taken']);
      await allowances.use(mailbox, 'r');
      expect([await takeOn(31), await takeOn(60)]).toEqual(['refused', 'taken']);
    });

    test('are unknown after they are erased, and an answer creates none', async () => {
      const { allowances } = repositories();
      const mailbox = newId();
      await allowances.take(mailbox, asks('r'), T0);

      await allowances.erase(mailbox);
      await allowances.answer(mailbox);
      await allowances.use(mailbox, 'r');

      expect(await allowances.load(mailbox)).toBeUndefined();
    });
  });

  test('a budget can be spent up to its maximum, in each window separately', async () => {
    const { budgets } = repositories();
    const budget = { what: newId(), window: '08', max: 3, expiresAt: T0 };

    const spent = await Promise.all(Array.from({ length: 8 }, () => budgets.spend(budget)));

    expect(spent.filter(Boolean)).toHaveLength(3);
    expect(await budgets.spend({ ...budget, window: '09' })).toBe(true);
    expect(await budgets.spend({ ...budget, what: newId() })).toBe(true);
  });

  test('a budget counts the same id once, even after it is used up', async () => {
    const { budgets } = repositories();
    const budget = { what: newId(), window: '08', max: 2, expiresAt: T0 };
    const spend = (id?: string) => budgets.spend(budget, id);

    expect([await spend('a'), await spend('a'), await spend('b')]).toEqual([true, true, true]);
    expect([await spend('c'), await spend(), await spend('b')]).toEqual([false, false, true]);
  });

  test('a forgotten budget counts from zero, and the others go on', async () => {
    const { budgets } = repositories();
    const budget = { what: newId(), window: '08', max: 1, expiresAt: T0 };
    const other = { ...budget, window: '09' };
    for (const one of [budget, other]) await budgets.spend(one);

    await budgets.forget(budget);
    await budgets.forget(budget);

    expect([await budgets.spend(budget), await budgets.spend(other)]).toEqual([true, false]);
  });

  describe('forgetting a subscriber', () => {
    test('leaves no profile, and can be repeated', async () => {
      const { subscribers } = repositories();
      const { id } = await subscribers.save(createSubscriber({ id: newId() }));

      await subscribers.erase(id);
      await subscribers.erase(id);

      expect(await subscribers.load(id)).toBeUndefined();
    });

    test('leaves no digests, and a mark in place of the id in its batch', async () => {
      const { deliveries, editions, history } = repositories();
      const [gone, other] = [newId(), newId()];
      const edition = { cadence: 'daily', period: '2026-03-01', cohort: `daily#UTC#08#${gone}` } as const;
      await editions.saveBatch(edition, 0, [other, gone]);
      const origin = { ...edition, batch: 0 };
      for (const subscriberId of [gone, other]) {
        const key = { subscriberId, cadence: 'daily', period: '2026-03-01' } as const;
        await deliveries.claim(key, origin, ['2601.00001'], T0);
      }
      expect(await history.loadAll(gone)).toMatchObject([
        { delivery: { subscriberId: gone, paperIds: ['2601.00001'] }, origin },
      ]);

      const key = { subscriberId: gone, cadence: 'daily', period: '2026-03-01' } as const;
      expect(await history.loadPaperIds(key)).toEqual(['2601.00001']);
      expect(await history.loadPaperIds({ ...key, period: '2026-03-02' })).toEqual([]);
      expect(await history.loadRecorded([{ ...key, period: '2026-03-02' }, key])).toEqual([key]);

      for (let n = 0; n < 2; n += 1) {
        await editions.replaceErased(origin, gone);
        await history.erase(gone, 'daily#2026-03-01');
      }

      expect(await history.loadAll(gone)).toEqual([]);
      expect(await history.loadAll(other)).toHaveLength(1);
      expect(
        (await collect(editions.loadBatches(edition))).map(({ subscriberIds }) => subscriberIds),
      ).toEqual([[other, 'erased']]);
    });

    test('copies what was sent, or may have been, to the new profile of somebody who moved', async () => {
      const { deliveries, history } = repositories();
      const [old, moved] = [newId(), newId()];
      const sent = { state: 'sent', messageId: 'm1' } as const;
      const copied = [sent, { state: 'uncertain', reason: 'no answer' }] as const;
      const outcomes = [...copied, { state: 'failed', reason: 'no such mailbox' }, undefined] as const;
      const keyOf = (subscriberId: string, n: number) =>
        ({ subscriberId, cadence: 'daily', period: `2026-03-0${n + 1}` }) as const;
      const origin = { cadence: 'daily', period: '2026-03-01', cohort: 'daily#UTC#08', batch: 0 } as const;
      for (const [n, outcome] of outcomes.entries()) {
        const at = { ...origin, period: keyOf(old, n).period };
        const claim = await deliveries.claim(keyOf(old, n), at, [`2601.0000${n + 1}`], T0);
        if (claim && outcome) await deliveries.recordOutcome(claim, outcome);
      }

      for (let n = 0; n < 2; n += 1) await history.copySent(old, moved);

      const loaded = await history.loadAll(moved);
      expect([...loaded].sort((a, b) => a.recordId.localeCompare(b.recordId))).toEqual(
        copied.map((outcome, n) => ({
          recordId: `daily#2026-03-0${n + 1}`,
          delivery: { ...keyOf(moved, n), outcome, paperIds: [`2601.0000${n + 1}`], claimedAt: T0 },
          origin: { ...origin, period: keyOf(old, n).period },
        })),
      );
      expect(await history.loadAll(old)).toHaveLength(4);
      const claimed = await deliveries.claim(keyOf(moved, 0), origin, ['2601.00009'], T0);
      expect(claimed).toBeUndefined();
    });

    test('joins what was sent to both addresses of somebody who moved', async () => {
      const { deliveries, history } = repositories();
      const [old, moved] = [newId(), newId()];
      const sent: ClaimOutcome = { state: 'sent', messageId: 'm1' };
      const failed: ClaimOutcome = { state: 'failed', reason: 'no such mailbox' };
      const originOf = (id: string, n: number) =>
        ({ cadence: 'daily', period: `2026-03-0${n}`, cohort: `daily#UTC#${id}`, batch: 0 }) as const;
      const keyOf = (subscriberId: string, n: number) =>
        ({ subscriberId, cadence: 'daily', period: `2026-03-0${n}` }) as const;
      const record = async (id: string, n: number, paper: string, outcome?: ClaimOutcome) => {
        const claim = await deliveries.claim(keyOf(id, n), originOf(id, n), [paper], T0);
        if (claim && outcome) await deliveries.recordOutcome(claim, outcome);
      };
      for (const n of [1, 2, 3, 4]) await record(old, n, `2601.0000${n}`, sent);
      const skipped = { state: 'skipped', reason: 'nothing-new' } as const;
      await deliveries.recordSkip(keyOf(moved, 1), originOf(moved, 1), skipped, T0);
      await record(moved, 2, '2601.00012', failed);
      await record(moved, 3, '2601.00013', { ...sent, messageId: 'm2' });
      await record(moved, 4, '2601.00014');

      for (let n = 0; n < 2; n += 1) await history.copySent(old, moved);

      const loaded = await history.loadAll(moved);
      expect(
        [...loaded]
          .sort((a, b) => a.recordId.localeCompare(b.recordId))
          .map(({ delivery }) => [delivery?.outcome, delivery?.paperIds]),
      ).toEqual([
        [sent, ['2601.00001']],
        [sent, ['2601.00002']],
        [{ ...sent, messageId: 'm2' }, ['2601.00013', '2601.00003']],
        [{ state: 'claimed' }, ['2601.00014']],
      ]);
      // Erasing looks for the subscriber in the batch of the record.
      expect(loaded.map(({ origin }) => origin?.cohort)).toEqual(Array(4).fill(`daily#UTC#${moved}`));
    });

    test('finds a digest in the batch that sent it, and leaves a mark in any other batch', async () => {
      const { deliveries, editions } = repositories();
      const subscriberId = newId();
      const key = { subscriberId, cadence: 'daily', period: '2026-03-01' } as const;
      const originAt = (hour: string) =>
        ({
          cadence: 'daily',
          period: '2026-03-01',
          cohort: `daily#UTC#${hour}#${subscriberId}`,
          batch: 0,
        }) as const;
      const [origin, other] = [originAt('08'), originAt('12')];
      await editions.saveBatch(other, 0, [subscriberId]);
      expect(await deliveries.loadOrigin(key)).toBeUndefined();
      await deliveries.claim(key, origin, [], T0);

      for (let n = 0; n < 2; n += 1) await editions.replaceMoved(other, subscriberId);

      expect(await deliveries.loadOrigin(key)).toEqual(origin);
      expect(await editions.loadBatch(other, 0)).toEqual(['elsewhere']);
    });
  });
}
