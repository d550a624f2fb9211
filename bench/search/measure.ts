import { writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What one engine took in its own process. */
export interface EngineResult {
  readonly loadCpuMs: number;
  readonly loadWallMs: number;
  /** After loading, and after all queries, in bytes. */
  readonly loaded: MemoryUse;
  readonly used: MemoryUse;
  /** The CPU time and the wall time of each query in microseconds. */
  readonly cpuMicros: readonly number[];
  readonly wallMicros: readonly number[];
  /** How many papers each query found. */
  readonly totals: readonly number[];
  /** How many papers of the checked list the first queries found, without those that have only most of the words. */
  readonly checked: readonly (number | null)[];
}

interface MemoryUse {
  readonly rss: number;
  /** What is on the heap and in array buffers. */
  readonly live: number;
}

function readMemory(): MemoryUse {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  collectGarbage();
  // The first collection leaves the bytes of arrays to a thread in the background. The second one waits for it.
  collectGarbage();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, live: heapUsed + arrayBuffers };
}

/** Loads an engine, runs its queries one after the other, and writes what that took to a file. */
export async function measureEngine<Engine, Query>(options: {
  readonly load: () => Promise<Engine> | Engine;
  readonly queries: readonly Query[];
  /** Returns how many papers were found. */
  readonly search: (engine: Engine, query: Query) => number;
  readonly check?: (engine: Engine, query: Query) => number | null;
  readonly checkedQueries: number;
  readonly resultFile: string;
}): Promise<void> {
  const { load, queries, search, check, checkedQueries, resultFile } = options;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const engine = await load();
  const loadWallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  const loaded = readMemory();
  const cpuMicros: number[] = [];
  const wallMicros: number[] = [];
  const totals: number[] = [];
  for (const query of queries) {
    const before = process.cpuUsage();
    const beganAt = performance.now();
    totals.push(search(engine, query));
    wallMicros.push((performance.now() - beganAt) * 1000);
    const spent = process.cpuUsage(before);
    cpuMicros.push(spent.user + spent.system);
  }
  const used = readMemory();
  const result: EngineResult = {
    loadCpuMs: (user + system) / 1000,
    loadWallMs,
    loaded,
    used,
    totals,
    cpuMicros,
    wallMicros,
    checked: check ? queries.slice(0, checkedQueries).map((query) => check(engine, query)) : [],
  };
  await writeFile(resultFile, JSON.stringify(result));
}
