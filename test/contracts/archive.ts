import { describe, expect, test } from '@jest/globals';
import type { ReadableMonth } from '../../shared/ports/archive.ts';
import type { ContractContext } from './context.ts';

const NOTHING = { segments: undefined, checkedUntil: undefined, inWriting: undefined };
const bytes = (size: number, seed = 1) => Uint8Array.from({ length: size }, (_, at) => (at * seed) % 251);

/** The contract of every archive. */
export function describeArchive({ repositories }: ContractContext): void {
  const archive = () => repositories().archive;
  const monthOf = async (month: string) => {
    const found = (await archive().loadMonths()).find((one) => one.month === month);
    return found?.kind === 'month' ? found : undefined;
  };
  const save = async (...[month, previous]: Parameters<ReturnType<typeof archive>['saveMonth']>) => {
    const saved = await archive().saveMonth(month, previous);
    if (!saved) throw new Error(`the month ${month.month} was not saved`);
    return saved;
  };
  const isIntact = async (month: ReadableMonth | undefined, expected: Uint8Array) => {
    const [segment] = month?.segments ?? [];
    const read = month && segment && (await archive().loadSegment(month.month, segment));
    return read !== undefined && Buffer.from(read).equals(expected);
  };

  describe('the archive', () => {
    test.each([
      ['in one part', '2025-01', 900],
      ['in three parts', '2025-02', 1_000_000],
    ])('a segment %s is read as it was saved', async (_parts, month, size) => {
      const segment = await archive().saveSegment(month, bytes(size), 7);

      await save({ month, ...NOTHING, segments: [segment] }, undefined);

      const loaded = await monthOf(month);
      expect(loaded?.segments).toEqual([segment]);
      expect(segment.papers).toBe(7);
      expect(await isIntact(loaded, bytes(size))).toBe(true);
    });

    test('months are loaded as they were saved, the oldest first', async () => {
      const segment = await archive().saveSegment('2024-02', bytes(9), 1);
      const inWriting = {
        segments: [segment],
        after: { day: '2024-02-09', id: '2402.00001' },
        settledUntil: '2024-02-29',
      };
      await save({ month: '2024-02', ...NOTHING, inWriting }, undefined);
      await save({ month: '2024-01', ...NOTHING, segments: [], checkedUntil: '2024-01-31' }, undefined);

      const months = (await archive().loadMonths()).filter(({ month }) => month < '2025');

      expect(months).toEqual([
        expect.objectContaining({ month: '2024-01', segments: [], checkedUntil: '2024-01-31' }),
        expect.objectContaining({ month: '2024-02', segments: undefined, inWriting }),
      ]);
    });

    test('of two writers that loaded the same month only the first one writes', async () => {
      const month = '2025-03';
      const loaded = await save({ month, ...NOTHING, checkedUntil: '2025-03-01' }, undefined);

      const results = [
        await archive().saveMonth({ month, ...NOTHING, checkedUntil: '2025-03-02' }, loaded),
        await archive().saveMonth({ month, ...NOTHING, checkedUntil: '2025-03-03' }, loaded),
        await archive().saveMonth({ month, ...NOTHING, checkedUntil: '2025-03-04' }, undefined),
      ];

      expect(results.map((result) => result !== undefined)).toEqual([true, false, false]);
      expect((await monthOf(month))?.checkedUntil).toBe('2025-03-02');
    });

    test('a replaced segment is gone, so a reader of the old month notices', async () => {
      const month = '2025-04';
      const first = await archive().saveSegment(month, bytes(900), 1);
      const before = await save({ month, ...NOTHING, segments: [first] }, undefined);
      const second = await archive().saveSegment(month, bytes(900, 3), 1);

      await save({ month, ...NOTHING, segments: [second] }, before);

      expect(await archive().loadSegment(month, first)).toBeUndefined();
      expect(await isIntact(await monthOf(month), bytes(900, 3))).toBe(true);
    });

    test('deleting stray segments keeps those that the month names, and new ones', async () => {
      const month = '2025-05';
      const [shown, written, stray] = [
        await archive().saveSegment(month, bytes(900), 1),
        await archive().saveSegment(month, bytes(900, 3), 1),
        await archive().saveSegment(month, bytes(900, 5), 1),
      ];
      const after = { day: '2025-05-01', id: '2505.00001' };
      const inWriting = { segments: [written], after, settledUntil: '2025-05-31' };
      const saved = await save({ month, ...NOTHING, segments: [shown], inWriting }, undefined);
      const areThere = () =>
        Promise.all(
          [shown, written, stray].map(async (one) => (await archive().loadSegment(month, one)) !== undefined),
        );

      await archive().deleteStraySegments(saved, '2020-01-01T00:00:00.000Z');
      expect(await areThere()).toEqual([true, true, true]);
      await archive().deleteStraySegments(saved, '2099-01-01T00:00:00.000Z');
      expect(await areThere()).toEqual([true, true, false]);
    });
  });
}
