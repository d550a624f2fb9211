import type { Call, Fault, FunctionName } from '../system/network.ts';

/** A call at which a function can be killed. Whatever else a function awaits has no effect outside. */
export interface CrashPoint {
  readonly functionName: FunctionName;
  /** Position among all calls of that function, from 0. */
  readonly nth: number;
  readonly what: string;
}

/** How a function is killed: at a point, and until it was so many times at the same call of whoever comes there again. */
export interface Kill {
  readonly point: CrashPoint;
  readonly moment: 'before' | 'after';
  readonly times: number;
}

/** Enumerates the points that a run comes to, and kills at one of them. */
export interface Killer {
  readonly points: readonly CrashPoint[];
  readonly kills: () => number;
  chooseFault(call: Call): Fault | undefined;
}

/** Every kill that is tried: at each point, before and after its effect, once and up to so many times in a row. */
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
  let kills = 0;

  return {
    points,
    kills: () => kills,
    chooseFault({ process: { functionName }, what }) {
      const nth = calls.get(functionName) ?? 0;
      calls.set(functionName, nth + 1);
      points.push({ functionName, nth, what });
      if (!kill || functionName !== kill.point.functionName || kills >= kill.times) return undefined;
      // The first time it is that very call, later the same call of whoever takes over.
      if (kills === 0 ? nth !== kill.point.nth : what !== kill.point.what) return undefined;
      kills += 1;
      return kill.moment === 'before' ? 'die-before' : 'die-after';
    },
  };
}
