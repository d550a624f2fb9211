import { describe, expect, test } from '@jest/globals';
import type { DigestOrigin, Edition } from '../../shared/domain/digests/cohort.ts';
import type { Delivery, DeliveryKey } from '../../shared/domain/digests/delivery.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import { NO_USAGE } from '../../shared/domain/usage.ts';
import type { Claim, LedgerReading } from '../../shared/ports/deliveries.ts';
import { collect } from '../collect.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const EDITION: Edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' };
const ORIGIN: DigestOrigin = { ...EDITION, batch: 0 };

/** Each way to read the recent digests. All find the same. */
const READINGS: readonly LedgerReading[] = [
  { cadences: ['daily'], mayBeStale: false },
  { cadences: ['weekly', 'monthly'], mayBeStale: true },
  { cadences: ['instant'], mayBeStale: false },
];

/** The contract of every repository of editions and deliveries. */
export function describeLedger({ repositories, newId }: ContractContext): void {
  describe('editions', () => {
    test('the progress is saved only over the progress that was loaded', async () => {
      const edition = { ...EDITION, period: '2026-02-01' };
      const first = { batches: 1, planned: 50, after: 'x', isComplete: false };
      const done = { ...first, isComplete: true };

      expect(await repositories().editions.loadProgress(edition)).toBeUndefined();
      await repositories().editions.saveProgress(edition, first, undefined);
      await expect(repositories().editions.saveProgress(edition, first, undefined)).rejects.toThrow(
        ConflictError,
      );
      await repositories().editions.saveProgress(edition, done, first);
      await expect(repositories().editions.saveProgress(edition, done, first)).rejects.toThrow(ConflictError);

      expect(await repositories().editions.loadProgress(edition)).toEqual(done);
    });

    test('a pending page is saved with the progress, does not change, and the next progress removes it', async () => {
      const { loadProgress, saveProgress } = repositories().editions;
      const edition = { ...EDITION, period: '2026-02-04' };
      const start = { batches: 0, planned: 0, isComplete: false };
      const page = { batches: [['a', 'b'], ['c']], after: 'c' };
      const first = { ...start, pending: page };
      const second = {
        batches: 2,
        planned: 3,
        after: 'c',
        isComplete: false,
        pending: { ...page, after: 'd' },
      };
      const done = { batches: 4, planned: 6, isComplete: true };

      await saveProgress(edition, start, undefined);
      await saveProgress(edition, first, start);
      await expect(saveProgress(edition, { ...start, pending: { batches: [['x']] } }, start)).rejects.toThrow(
        ConflictError,
      );
      expect(await loadProgress(edition)).toEqual(first);
      await saveProgress(edition, second, first);
      await expect(saveProgress(edition, second, first)).rejects.toThrow(ConflictError);
      await saveProgress(edition, done, second);

      expect(await loadProgress(edition)).toEqual(done);
    });

    test('a recorded batch keeps its subscribers, and its counts can be recorded', async () => {
      const edition = { ...EDITION, period: '2026-02-02' };
      const used = { ...NO_USAGE, readUnits: 2.5, gbSeconds: 0.75 };

      expect(await repositories().editions.saveBatch(edition, 0, ['a', 'b'])).toEqual(['a', 'b']);
      expect(await repositories().editions.saveBatch(edition, 0, ['b', 'c'])).toEqual(['a', 'b']);
      expect(await repositories().editions.loadBatch(edition, 0)).toEqual(['a', 'b']);
      expect(await repositories().editions.loadBatch(edition, 1)).toBeUndefined();
      await repositories().editions.saveBatch(edition, 1, ['c']);
      await repositories().editions.settleBatch(edition, 0, { sent: 1, 'skipped:nothing-new': 1 }, used);

      expect(await collect(repositories().editions.loadBatches(edition))).toEqual([
        { subscriberIds: ['a', 'b'], counts: { sent: 1, 'skipped:nothing-new': 1 }, used },
        { subscriberIds: ['c'] },
      ]);
    });

    test('batches keep their positions if earlier ones are missing', async () => {
      const edition = { ...EDITION, period: '2026-02-04' };
      for (const batch of [1, 3]) await repositories().editions.saveBatch(edition, batch, [`a${batch}`]);

      const found = await collect(repositories().editions.loadBatches(edition));

      expect(found.map(({ subscriberIds }) => subscriberIds)).toEqual([[], ['a1'], [], ['a3']]);
    });

    test('counts cannot be recorded for a batch that was not recorded', async () => {
      await expect(
        repositories().editions.settleBatch({ ...EDITION, period: '2026-02-03' }, 0, { sent: 1 }, NO_USAGE),
      ).rejects.toThrow();
    });
  });

  describe('the ledger', () => {
    const claimOf = async (key: DeliveryKey, paperIds: readonly string[], at = T0): Promise<Claim> => {
      const claim = await repositories().deliveries.claim(key, ORIGIN, paperIds, at);
      if (!claim) throw new Error('the digest was claimed before');
      return claim;
    };
    const keyFor = (subscriberId: string) =>
      ({ subscriberId, cadence: 'daily', period: '2026-01-05' }) as const;

    test('gives one claim if many workers ask at the same time', async () => {
      const key = keyFor(newId());

      const claims = await Promise.all(
        Array.from({ length: 8 }, () => repositories().deliveries.claim(key, ORIGIN, ['2601.00001'], T0)),
      );

      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
      expect(await repositories().deliveries.load(key)).toMatchObject({
        outcome: { state: 'claimed' },
        claimedAt: T0,
      });
    });

    test('records the outcome of a claim', async () => {
      const key = keyFor(newId());
      const claim = await claimOf(key, []);

      await repositories().deliveries.recordOutcome(claim, { state: 'sent', messageId: 'm-1' });

      expect((await repositories().deliveries.load(key))?.outcome).toEqual({
        state: 'sent',
        messageId: 'm-1',
      });
      expect(await repositories().deliveries.claim(key, ORIGIN, [], T1)).toBeUndefined();
    });

    test('a released claim can be claimed again, and then only its new holder can settle or release it', async () => {
      const key = keyFor(newId());
      const first = await claimOf(key, []);
      await repositories().deliveries.release(first);
      const second = await claimOf(key, []);

      await repositories().deliveries.release(first);
      const stale = repositories().deliveries.recordOutcome(first, { state: 'sent', messageId: 'm-1' });

      await expect(stale).rejects.toThrow(ConflictError);
      expect((await repositories().deliveries.load(key))?.outcome).toEqual({ state: 'claimed' });
      await repositories().deliveries.recordOutcome(second, { state: 'sent', messageId: 'm-2' });
    });

    const SENT = { state: 'sent', messageId: 'm-1' } as const;
    const UNCERTAIN = { state: 'uncertain', reason: 'ECONNRESET' } as const;
    const REJECTED = { state: 'failed', reason: 'rejected: Bad content', messageId: 'm-1' } as const;
    const outcomeOf = async (key: DeliveryKey) => (await repositories().deliveries.load(key))?.outcome;

    test('an event settles a claimed or uncertain digest, and its repeat changes nothing', async () => {
      const claimed = keyFor(newId());
      const uncertain = keyFor(newId());
      await claimOf(claimed, ['2601.00001']);
      const left = await claimOf(uncertain, []);
      expect(await repositories().deliveries.recordOutcome(left, UNCERTAIN)).toEqual(UNCERTAIN);

      for (const key of [claimed, uncertain, claimed, uncertain]) {
        expect(await repositories().deliveries.recordEvent(key, SENT)).toEqual(SENT);
        expect(await outcomeOf(key)).toEqual(SENT);
      }
      expect(await repositories().deliveries.load(claimed)).toMatchObject({ paperIds: ['2601.00001'] });
      expect(await repositories().deliveries.claim(claimed, ORIGIN, [], T1)).toBeUndefined();
    });

    test.each([
      ['the same', SENT, SENT, SENT],
      ['less certain', SENT, UNCERTAIN, SENT],
      ['of another message', SENT, { ...SENT, messageId: 'm-2' }, SENT],
      ['that SES accepted what it rejected later', REJECTED, SENT, REJECTED],
      ['the answer that came after all', UNCERTAIN, SENT, SENT],
    ])(
      "an event that overtakes the worker stands when the worker's word is %s",
      async (_, told, own, recorded) => {
        const key = keyFor(newId());
        const claim = await claimOf(key, []);
        await repositories().deliveries.recordEvent(key, told);

        expect(await repositories().deliveries.recordOutcome(claim, own)).toEqual(recorded);
        expect(await outcomeOf(key)).toEqual(recorded);
      },
    );

    test('an event can reject only the message that was sent', async () => {
      const key = keyFor(newId());
      await repositories().deliveries.recordOutcome(await claimOf(key, []), SENT);

      expect(await repositories().deliveries.recordEvent(key, { ...REJECTED, messageId: 'm-0' })).toEqual(
        SENT,
      );
      expect(await repositories().deliveries.recordEvent(key, REJECTED)).toEqual(REJECTED);
      expect(await repositories().deliveries.recordEvent(key, SENT)).toEqual(REJECTED);
      expect(await outcomeOf(key)).toEqual(REJECTED);
    });

    test('an event records nothing if its digest was never claimed, or was released or skipped', async () => {
      const [unknown, given, skipped] = [keyFor(newId()), keyFor(newId()), keyFor(newId())];
      const outcome = { state: 'skipped', reason: 'nothing-new' } as const;
      await repositories().deliveries.release(await claimOf(given, []));
      await repositories().deliveries.recordSkip(skipped, ORIGIN, outcome, T0);

      expect(await repositories().deliveries.recordEvent(unknown, SENT)).toBeUndefined();
      expect(await repositories().deliveries.recordEvent(given, SENT)).toBeUndefined();
      expect(await repositories().deliveries.recordEvent(skipped, SENT)).toEqual(outcome);

      expect(await outcomeOf(unknown)).toBeUndefined();
      expect(await outcomeOf(skipped)).toEqual(outcome);
      expect(await repositories().deliveries.claim(given, ORIGIN, [], T1)).toBeDefined();
    });

    test('a claim that an event settled cannot be released', async () => {
      const key = keyFor(newId());
      const claim = await claimOf(key, []);
      await repositories().deliveries.recordEvent(key, SENT);

      await repositories().deliveries.release(claim);

      expect(await outcomeOf(key)).toEqual(SENT);
    });

    test('concurrent reports of a worker and of many events end in the most certain outcome', async () => {
      const key = keyFor(newId());
      const claim = await claimOf(key, []);
      const { recordEvent, recordOutcome } = repositories().deliveries;

      await Promise.all([
        recordOutcome(claim, UNCERTAIN),
        recordEvent(key, SENT),
        recordEvent(key, REJECTED),
        recordEvent(key, SENT),
      ]);

      expect(await outcomeOf(key)).toEqual(REJECTED);
    });

    test('a skipped digest is recorded once and cannot be claimed', async () => {
      const key = keyFor(newId());
      const outcome = { state: 'skipped', reason: 'nothing-new' } as const;

      expect(await repositories().deliveries.recordSkip(key, ORIGIN, outcome, T0)).toBe(true);
      expect(await repositories().deliveries.recordSkip(key, ORIGIN, outcome, T1)).toBe(false);
      expect(await repositories().deliveries.claim(key, ORIGIN, [], T1)).toBeUndefined();
      expect((await repositories().deliveries.load(key))?.outcome).toEqual(outcome);
    });

    test('loads the other digests claimed since a moment, of any period, but not failed ones', async () => {
      const subscriberId = newId();
      const send = async (
        cadence: 'daily' | 'weekly' | 'instant',
        period: string,
        paperId: string,
        outcome: 'sent' | 'failed' | 'uncertain' | 'claimed',
        at = T1,
      ) => {
        const claim = await claimOf({ subscriberId, cadence, period }, [paperId], at);
        const { recordOutcome } = repositories().deliveries;
        if (outcome === 'sent') await recordOutcome(claim, { state: 'sent', messageId: 'm' });
        else if (outcome !== 'claimed') await recordOutcome(claim, { state: outcome, reason: 'r' });
      };
      await send('daily', '2026-01-04', '2601.00001', 'sent', T0);
      await send('daily', '2026-01-02', '2601.00002', 'sent');
      await send('weekly', '2026-W02', '2601.00003', 'uncertain');
      await send('instant', '2026-01-05T08:15Z', '2601.00004', 'claimed');
      await send('daily', '2026-01-06', '2601.00005', 'failed');
      await send('daily', '2026-01-07', '2601.00006', 'claimed');

      const key = { subscriberId, cadence: 'daily', period: '2026-01-07' } as const;
      const papers = (deliveries: readonly Delivery[]) =>
        deliveries.flatMap(({ paperIds }) => paperIds).sort();
      for (const reading of READINGS) {
        const { isRecorded, others } = await repositories().deliveries.loadRecent(key, T1, reading);
        expect(isRecorded).toBe(true);
        expect(papers(others)).toEqual(['2601.00002', '2601.00003', '2601.00004']);
        const [weekly] = others.filter(({ cadence }) => cadence === 'weekly');
        expect(weekly).toMatchObject({ paperIds: ['2601.00003'], outcome: { state: 'uncertain' } });
      }
    });

    test('loads each digest that claimed the same paper, whatever cadences its subscriber has now', async () => {
      const subscriberId = newId();
      const periods = { daily: '2026-01-05', weekly: '2026-W02', monthly: '2026-01' } as const;
      for (const cadence of ['daily', 'weekly', 'monthly'] as const)
        await claimOf({ subscriberId, cadence, period: periods[cadence] }, ['2601.00001'], T1);
      for (const tick of ['2026-01-05T08:00Z', '2026-01-05T08:30Z'])
        await claimOf({ subscriberId, cadence: 'instant', period: tick }, ['2601.00001'], T1);

      const key = { subscriberId, cadence: 'instant', period: '2026-01-05T08:15Z' } as const;
      for (const reading of READINGS) {
        const { isRecorded, others } = await repositories().deliveries.loadRecent(key, T1, reading);

        expect(isRecorded).toBe(false);
        expect(others.map(({ cadence }) => cadence).sort()).toEqual([
          ...['daily', 'instant', 'instant', 'monthly', 'weekly'],
        ]);
      }
    });
  });
}
