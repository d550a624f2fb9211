import type { Call, Fault, FunctionName } from '../system/network.ts';

/**
 * A call at which a function can be killed. Nothing else that a function awaits has an effect outside. Of several reads in a row only the
 * first is a point: a function that dies at any of them leaves the same behind.
 */
export interface CrashPoint {
  readonly functionName: FunctionName;
  /** The position among all calls of that function, from 0. */
  readonly nth: number;
  readonly what: string;
}

/**
 * How a function is killed: at a point, and how many times in a row. The next process is killed when it reaches the
 * same call.
 */
export interface Kill {
  readonly point: CrashPoint;
  readonly moment: 'before' | 'after';
  readonly times: number;
}

/** Counts the points that a run reaches, and kills the process at one of them. */
export interface Killer {
  readonly points: readonly CrashPoint[];
  readonly kills: () => number;
  chooseFault(call: Call): Fault | undefined;
}

const READ = /^(GetItem|BatchGetItem|Query|GET) /;

/** Returns every kill to try: at each point, before and after its effect, once and up to `maxInARow` times in a row. */
export function toKills(points: readonly CrashPoint[], maxTimes: number): readonly Kill[] {
  const moments = ['before', 'after'] as const;
  const times = Array.from({ length: maxTimes }, (_, n) => n + 1);
  return points.flatMap((point) =>
    moments.flatMap((moment) => times.map((inARow) => ({ point, moment, times: inARow }))),
  );
}

export function createKiller(kill: Kill | undefined): Killer {
  const points: CrashPoint[] = [];
  const calls = new Map<FunctionName, number>();
  const lastCalls = new Map<FunctionName, string>();
  let kills = 0;

  return {
    points,
    kills: () => kills,
    chooseFault({ process: { functionName }, what }) {
      const nth = calls.get(functionName) ?? 0;
      calls.set(functionName, nth + 1);
      const isRepeatedRead = READ.test(what) && READ.test(lastCalls.get(functionName) ?? '');
      if (!isRepeatedRead) points.push({ functionName, nth, what });
      lastCalls.set(functionName, what);
      if (!kill || functionName !== kill.point.functionName || kills >= kill.times) return undefined;
      // The first kill is at that very call. Later ones are at the same call of the next process.
      if (kills === 0 ? nth !== kill.point.nth : what !== kill.point.what) return undefined;
      kills += 1;
      return kill.moment === 'before' ? 'die-before' : 'die-after';
    },
  };
}
