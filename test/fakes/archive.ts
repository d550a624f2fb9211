import { compareText } from '../../shared/domain/text/compare-text.ts';
import type { Clock } from '../../shared/domain/time/time.ts';
import { type ArchiveRepository, type ReadableMonth, segmentsOf } from '../../shared/ports/archive.ts';

/** An archive in memory, held to the same contract as that of DynamoDB. */
export function createFakeArchive(clock: Clock): ArchiveRepository {
  const months = new Map<string, ReadableMonth>();
  const segments = new Map<
    string,
    { readonly bytes: Uint8Array; readonly month: string; readonly at: string }
  >();
  let writes = 0;
  const next = () => {
    writes += 1;
    return `write-${writes}`;
  };
  return {
    loadMonths: async () => [...months.values()].sort((a, b) => compareText(a.month, b.month)),
    loadSegment: async (_month, { name }) => segments.get(name)?.bytes,

    async saveSegment(month, bytes, papers) {
      const name = next();
      segments.set(name, { bytes, month, at: clock.now() });
      return { name, parts: 1, papers };
    },

    async saveMonth(month, previous) {
      if (months.get(month.month)?.version !== previous?.version) return undefined;
      const { segments: visible, checkedUntil, inWriting } = month;
      const saved: ReadableMonth = {
        kind: 'month',
        month: month.month,
        version: next(),
        writtenAt: clock.now(),
        segments: visible,
        checkedUntil,
        inWriting,
      };
      months.set(month.month, saved);
      const kept = segmentsOf(saved).map(({ name }) => name);
      if (previous?.kind === 'month')
        for (const { name } of segmentsOf(previous)) if (!kept.includes(name)) segments.delete(name);
      return saved;
    },

    async deleteStraySegments(month, before) {
      const kept = segmentsOf(month).map(({ name }) => name);
      for (const [name, segment] of segments)
        if (segment.month === month.month && !kept.includes(name) && segment.at < before)
          segments.delete(name);
    },
  };
}
