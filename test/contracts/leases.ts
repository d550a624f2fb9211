import { describe, expect, test } from '@jest/globals';
import { addMs, MS_PER_DAY } from '../../shared/domain/time/time.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const later = (ms: number) => addMs(T0, ms);

/** The contract of leases on outside systems. */
export function describeLeases({ repositories, newPaperId }: ContractContext): void {
  describe('leases', () => {
    const newSystem = () => `system-${newPaperId()}`;
    const acquire = (system: string, holder: string, ms = 0, forMs = 30_000) =>
      repositories().leases.acquire(system, { holder, at: later(ms), until: later(ms + forMs) });
    const ACQUIRED = { kind: 'acquired' };
    const held = (ms: number) => ({ kind: 'held', until: later(ms) });
    const paused = (ms: number) => ({ kind: 'paused', until: later(ms) });

    test('have one holder if several ask at the same time', async () => {
      const system = newSystem();
      const leases = await Promise.all(Array.from({ length: 6 }, (_, n) => acquire(system, `holder-${n}`)));
      expect(leases.filter(({ kind }) => kind === 'acquired')).toHaveLength(1);
      expect(leases.filter(({ kind }) => kind === 'held')).toEqual(Array(5).fill(held(30_000)));
    });

    test('are free again when the pause after their release is over', async () => {
      const system = newSystem();
      expect(await acquire(system, 'a')).toEqual(ACQUIRED);
      await repositories().leases.release(system, 'a', later(3_000));
      expect([await acquire(system, 'b', 2_999), await acquire(system, 'b', 3_000)]).toEqual([
        paused(3_000),
        ACQUIRED,
      ]);
    });

    test('expire, and then their holder cannot release the next one', async () => {
      const system = newSystem();
      await acquire(system, 'dead');
      expect(await acquire(system, 'b', 30_000)).toEqual(ACQUIRED);
      await repositories().leases.release(system, 'dead', later(30_001));
      expect(await acquire(system, 'c', 30_002)).toEqual(held(60_000));
    });

    test('can be released twice', async () => {
      const system = newSystem();
      await acquire(system, 'a');
      for (let n = 0; n < 2; n += 1) await repositories().leases.release(system, 'a', later(3_000));
      expect(await acquire(system, 'b', 3_000)).toEqual(ACQUIRED);
    });

    test('on one system do not wait for another', async () => {
      expect([await acquire(newSystem(), 'a'), await acquire(newSystem(), 'b')]).toEqual([
        ACQUIRED,
        ACQUIRED,
      ]);
    });

    test('are free if they would expire in more than a day, because they are damaged', async () => {
      const system = newSystem();
      await acquire(system, 'a', 0, 3 * MS_PER_DAY);
      expect(await acquire(system, 'b', 1)).toEqual(ACQUIRED);
    });
  });
}
