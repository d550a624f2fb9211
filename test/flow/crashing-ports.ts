/** A crash that a worker meets. */
export interface Crash {
  /** The number of the port call that crashes, over all workers, from 1. */
  readonly atCall: number;
  /** Whether the call has no effect, or has its effect and loses its answer. */
  readonly moment: 'before' | 'after';
  /** Whether only the call fails, or the whole worker dies, so that its later calls have no effect. */
  readonly scope: 'call' | 'worker';
}

/** One call to a port, and how to perform it. */
export interface PortCall {
  readonly method: string;
  readonly args: readonly unknown[];
  perform(): Promise<unknown>;
}

class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** Returns the port with every call passed through `around`. */
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
  /** Starts a worker, and returns what its calls pass through. The worker dies when its time is over. */
  startWorker(isTimeUp: () => boolean): (call: PortCall) => Promise<unknown>;
}

/**
 * Passes the calls of workers through until a crash strikes.
 *
 * @param pause lets other workers continue between the effect of a call and its answer
 * @param onCut is called for each call without effect, or with a lost answer
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
