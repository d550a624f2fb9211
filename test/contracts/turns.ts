import { describe, expect, test } from '@jest/globals';
import { addMs, MS_PER_DAY } from '../../shared/domain/time/time.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const later = (ms: number) => addMs(T0, ms);

/** The contract of turns to ask an outside system. */
export function describeTurns({ repositories, newPaperId }: ContractContext): void {
  describe('turns', () => {
    const newSystem = () => `system-${newPaperId()}`;
    const take = (system: string, holder: string, ms = 0, forMs = 30_000) =>
      repositories().turns.take(system, { holder, at: later(ms), until: later(ms + forMs) });
    const TAKEN = { kind: 'taken' };
    const underWay = (ms: number) => ({ kind: 'under-way', until: later(ms) });
    const paused = (ms: number) => ({ kind: 'paused', until: later(ms) });

    test('belong to one of those who ask at the same time', async () => {
      const system = newSystem();
      const turns = await Promise.all(Array.from({ length: 6 }, (_, n) => take(system, `holder-${n}`)));
      expect(turns.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
      expect(turns.filter(({ kind }) => kind === 'under-way')).toEqual(Array(5).fill(underWay(30_000)));
    });

    test('are free again when the pause after their end is over', async () => {
      const system = newSystem();
      expect(await take(system, 'a')).toEqual(TAKEN);
      await repositories().turns.end(system, 'a', later(3_000));
      expect([await take(system, 'b', 2_999), await take(system, 'b', 3_000)]).toEqual([
        paused(3_000),
        TAKEN,
      ]);
    });

    test('are over after their time, and their holder cannot end the next one', async () => {
      const system = newSystem();
      await take(system, 'dead');
      expect(await take(system, 'b', 30_000)).toEqual(TAKEN);
      await repositories().turns.end(system, 'dead', later(30_001));
      expect(await take(system, 'c', 30_002)).toEqual(underWay(60_000));
    });

    test('can be ended twice', async () => {
      const system = newSystem();
      await take(system, 'a');
      for (let n = 0; n < 2; n += 1) await repositories().turns.end(system, 'a', later(3_000));
      expect(await take(system, 'b', 3_000)).toEqual(TAKEN);
    });

    test('of one system do not wait for another', async () => {
      expect([await take(newSystem(), 'a'), await take(newSystem(), 'b')]).toEqual([TAKEN, TAKEN]);
    });

    test('are free if their time is out of reach', async () => {
      const system = newSystem();
      await take(system, 'a', 0, 3 * MS_PER_DAY);
      expect(await take(system, 'b', 1)).toEqual(TAKEN);
    });
  });
}
