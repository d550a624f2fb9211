import { describe, expect, test } from '@jest/globals';
import type { SnapshotHeader, UnusableHeader } from '../../shared/ports/snapshots.ts';
import type { ContractContext } from './context.ts';

const LIST = 'hf-daily';
const bytes = (size: number, seed = 1) => Uint8Array.from({ length: size }, (_, at) => (at * seed) % 251);

/** The contract of every repository of snapshots. */
export function describeSnapshots({ repositories }: ContractContext): void {
  const snapshots = () => repositories().snapshots;
  const headerOf = async (day: string) => (await snapshots().loadHeaders(LIST, day, day))[0];
  const textOf = async (header: SnapshotHeader) =>
    header.text.kind === 'inline'
      ? header.text.bytes
      : (await snapshots().loadParts([{ ...header, stored: header.text }])).get(header.text.name);
  const stateOf = async (header: SnapshotHeader) =>
    header.state.kind === 'inline'
      ? header.state.bytes
      : (await snapshots().loadParts([{ ...header, stored: header.state }])).get(header.state.name);
  const expectSnapshot = (header: SnapshotHeader | UnusableHeader | undefined) => {
    if (header?.kind !== 'snapshot') throw new Error(`expected a snapshot, found ${header?.kind}`);
    return header;
  };

  describe('snapshots', () => {
    test.each([
      ['of a day without papers', 40, 20],
      ['of a usual day', 45_000, 2_000],
      ['larger than three items, with a state larger than one', 1_000_000, 500_000],
    ])('a snapshot %s is read as it was saved', async (what, textSize, stateSize) => {
      const day = `2026-03-${String(10 + (textSize % 7))}`;
      const snapshot = { text: bytes(textSize), state: bytes(stateSize, 7) };

      expect(await snapshots().save({ list: LIST, day }, snapshot, undefined)).toBe(true);

      const header = expectSnapshot(await headerOf(day));
      expect({ list: header.list, day: header.day, what }).toEqual({ list: LIST, day, what });
      expect(Buffer.from((await textOf(header)) ?? []).equals(snapshot.text)).toBe(true);
      expect(Buffer.from((await stateOf(header)) ?? []).equals(snapshot.state)).toBe(true);
    });

    test('headers are loaded by list and day, oldest first', async () => {
      for (const day of ['2026-04-03', '2026-04-01', '2026-04-02', '2026-04-04']) {
        await snapshots().save({ list: LIST, day }, { text: bytes(9), state: bytes(9) }, undefined);
      }

      const headers = await snapshots().loadHeaders(LIST, '2026-04-01', '2026-04-03');

      expect(headers.map(({ day }) => day)).toEqual(['2026-04-01', '2026-04-02', '2026-04-03']);
      expect(await snapshots().loadHeaders('arxiv/cs.CL', '2026-04-01', '2026-04-03')).toEqual([]);
    });

    test('a new state changes the version and keeps the text', async () => {
      const day = '2026-05-01';
      await snapshots().save({ list: LIST, day }, { text: bytes(900), state: bytes(9) }, undefined);
      const before = expectSnapshot(await headerOf(day));

      await snapshots().save({ list: LIST, day }, { text: 'same', state: bytes(9, 3) }, before);

      const after = expectSnapshot(await headerOf(day));
      expect(after.version).not.toBe(before.version);
      expect(after.text).toEqual(before.text);
      expect(Buffer.from((await textOf(after)) ?? []).equals(bytes(900))).toBe(true);
      expect(Buffer.from((await stateOf(after)) ?? []).equals(bytes(9, 3))).toBe(true);
    });

    test('of two writers that loaded the same header only the first one writes', async () => {
      const day = '2026-05-02';
      await snapshots().save({ list: LIST, day }, { text: bytes(900), state: bytes(9) }, undefined);
      const loaded = expectSnapshot(await headerOf(day));

      const results = [
        await snapshots().save({ list: LIST, day }, { text: bytes(900, 3), state: bytes(9, 3) }, loaded),
        await snapshots().save({ list: LIST, day }, { text: bytes(900, 5), state: bytes(9, 5) }, loaded),
        await snapshots().save({ list: LIST, day }, { text: bytes(900, 7), state: bytes(9, 7) }, undefined),
      ];

      expect(results).toEqual([true, false, false]);
      const header = expectSnapshot(await headerOf(day));
      expect(Buffer.from((await textOf(header)) ?? []).equals(bytes(900, 3))).toBe(true);
    });

    test('the parts of a replaced text are gone, so a reader of the old header notices', async () => {
      const day = '2026-05-03';
      await snapshots().save({ list: LIST, day }, { text: bytes(900), state: bytes(9) }, undefined);
      const before = expectSnapshot(await headerOf(day));

      await snapshots().save({ list: LIST, day }, { text: bytes(900, 3), state: bytes(9) }, before);

      expect(await textOf(before)).toBeUndefined();
      expect(await textOf(expectSnapshot(await headerOf(day)))).toBeDefined();
    });

    test('deleting stray parts keeps those of the snapshot', async () => {
      const day = '2026-05-04';
      await snapshots().save({ list: LIST, day }, { text: bytes(900), state: bytes(9) }, undefined);
      const header = expectSnapshot(await headerOf(day));

      await snapshots().deleteStrayParts(header, '2027-01-01T00:00:00.000Z');

      expect(await textOf(header)).toBeDefined();
    });
  });
}
