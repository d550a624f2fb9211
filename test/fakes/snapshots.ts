import { compareText } from '../../shared/domain/text/compare-text.ts';
import type { Clock } from '../../shared/domain/time/time.ts';
import type { ListDay, SnapshotHeader, SnapshotRepository } from '../../shared/ports/snapshots.ts';

/** Snapshots in memory, held to the same contract as those of DynamoDB. Every text is in parts, and all votes are inline. */
export function createFakeSnapshots(clock: Clock): SnapshotRepository {
  const headers = new Map<string, SnapshotHeader>();
  const parts = new Map<
    string,
    { readonly bytes: Uint8Array; readonly key: string; readonly writtenAt: string }
  >();
  let writes = 0;
  const keyOf = ({ list, day }: ListDay) => `${list} ${day}`;
  return {
    async loadHeaders(list, first, last) {
      const found = [...headers.values()].filter(
        (header) => header.list === list && header.day >= first && header.day <= last,
      );
      return found.sort((a, b) => compareText(a.day, b.day));
    },

    async loadParts(wanted) {
      return new Map(
        wanted.flatMap(({ stored }) => {
          const part = stored.kind === 'parts' ? parts.get(stored.name) : undefined;
          return stored.kind === 'parts' && part ? [[stored.name, part.bytes] as const] : [];
        }),
      );
    },

    async save({ list, day }, { text, state }, previous) {
      writes += 1;
      const version = `write-${writes}`;
      const key = keyOf({ list, day });
      if (headers.get(key)?.version !== previous?.version) return false;
      if (text !== 'same') parts.set(version, { bytes: text, key, writtenAt: clock.now() });
      const known = previous?.kind === 'snapshot' ? previous.text : undefined;
      if (text === 'same' && !known) throw new Error('there is no previous snapshot whose text could stay');
      const kept = text === 'same' && known ? known : ({ kind: 'parts', name: version, parts: 1 } as const);
      if (text !== 'same' && known?.kind === 'parts') parts.delete(known.name);
      headers.set(key, {
        kind: 'snapshot',
        list,
        day,
        version,
        writtenAt: clock.now(),
        text: kept,
        state: { kind: 'inline', bytes: state },
      });
      return true;
    },

    async deleteStrayParts(header, before) {
      for (const [name, { key, writtenAt }] of parts) {
        const isNamed = header.text.kind === 'parts' && header.text.name === name;
        if (key === keyOf(header) && !isNamed && writtenAt < before) parts.delete(name);
      }
    },
  };
}
