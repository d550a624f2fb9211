/** What a worker runs into. */
export interface Crash {
  /** Which call to a port is struck, of all workers together, counted from 1. */
  readonly atCall: number;
  /** Whether the call has no effect, or has its effect and its answer is lost. */
  readonly moment: 'before' | 'after';
  /** Whether the call alone fails, or the whole worker dies, so that nothing it does later has any effect. */
  readonly scope: 'call' | 'worker';
}

/** One call to a port, and how to make it. */
export interface PortCall {
  readonly method: string;
  readonly args: readonly unknown[];
  perform(): Promise<unknown>;
}

class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** The port, every call to which goes through `around`. */
export function intercept<Port extends object>(
  port: Port,
  around: (call: PortCall) => Promise<unknown>,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]) =>
        around({ method: String(name), args, perform: async () => Reflect.apply(method, target, args) });
    },
  });
}

export interface CrashPlan {
  /** How many crashes have struck so far. */
  readonly struck: () => number;
  /** A worker that is alive, and how its calls go; it dies when its time is up. */
  startWorker(isTimeUp: () => boolean): (call: PortCall) => Promise<unknown>;
}

/**
 * Lets the calls of workers through until a crash strikes.
 *
 * @param pause lets other workers go on, between the effect of a call and its answer
 * @param onCut is told of each call that had no effect, or whose answer was lost
 */
export function planCrashes(
  crashes: readonly Crash[],
  pause: () => Promise<void>,
  onCut: (call: PortCall) => void,
): CrashPlan {
  let calls = 0;
  let struck = 0;

  const startWorker = (isTimeUp: () => boolean) => {
    let isKilled = false;
    const isDead = () => isKilled || isTimeUp();
    const cut = (call: PortCall, sentence: string): never => {
      onCut(call);
      throw new CrashError(sentence);
    };
    const strike = (call: PortCall, { scope, moment }: Crash): never => {
      struck += 1;
      if (scope === 'worker') isKilled = true;
      return cut(call, `crash ${moment} ${call.method}`);
    };
    return async (call: PortCall) => {
      if (isDead()) return cut(call, 'the worker is dead');
      calls += 1;
      const number = calls;
      const crash = crashes.find(({ atCall }) => atCall === number);
      if (crash?.moment === 'before') return strike(call, crash);
      const answer = await call.perform();
      await pause();
      if (isDead()) return cut(call, 'the worker died meanwhile');
      return crash ? strike(call, crash) : answer;
    };
  };
  return { struck: () => struck, startWorker };
}
