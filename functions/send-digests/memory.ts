import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { useHeap } from '../../shared/matching/window-memory.ts';

/** Sets how a worker uses its memory. A process calls it once, before it composes. See ADR 60. */
export function prepareMemory(): void {
  // V8 collects garbage in one go. No user waits for a worker, and small steps take a fifth more CPU.
  // With many papers it becomes slow near its limit, and does not give up.
  setFlagsFromString('--no-incremental-marking --no-detect-ineffective-gcs-near-heap-limit');
  // Half of it, because papers may need the other half.
  useHeap(getHeapStatistics().heap_size_limit / 2);
}
