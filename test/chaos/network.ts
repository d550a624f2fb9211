import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from './seeded-random.ts';
import type { VirtualTime } from './virtual-time.ts';

export type FunctionName = 'ingest' | 'plan' | 'fan-out' | 'send' | 'feedback' | 'api';

/** One run of a function, which may die in the middle. */
export interface Invocation {
  readonly functionName: FunctionName;
  readonly isDead: () => boolean;
  die(): void;
}

/** A call of a function to a service, as it goes over the wire. */
export interface Call {
  readonly invocation: Invocation;
  readonly service: 'dynamodb' | 'sqs' | 'ses' | 'http';
  /** The operation and what it is about: `PutItem SUB#reader-001 daily#2026-01-05`. */
  readonly what: string;
}

/** What a call runs into: its worker dies, the connection breaks, or the service refuses it, all or in part. */
export type Fault = 'die-before' | 'die-after' | 'lose-request' | 'lose-answer' | 'throttle' | 'partial';

/** How a service answers a call. */
export interface Service<Answer> {
  perform(): Answer;
  throttle(): Answer;
  /** Does a part and refuses the rest, where the service can. */
  performPartly?(): Answer;
}

/** The network below all clients: every call takes its time on it, and may meet a fault. */
export interface Network {
  call<Answer>(about: Omit<Call, 'invocation'>, service: Service<Answer>): Promise<Answer>;
  /**
   * Runs a function; undefined when it died. Nothing that it would have done afterwards happens, but for what was on the wire.
   */
  invoke<Result>(
    functionName: FunctionName,
    timeoutMs: number,
    run: () => Promise<Result>,
  ): Promise<Result | undefined>;
}

const MIN_LATENCY_MS = 2;
const MAX_LATENCY_MS = 60;

/** Which invocation runs. One for all networks, because every storage that was ever used slows all promises down. */
const running = new AsyncLocalStorage<Invocation>();

/**
 * Calls from outside any function, such as a test's own, are answered at once and meet no fault.
 *
 * @param onAnswer is told of each answer at the moment when its service gives it
 */
export function createNetwork(
  time: VirtualTime,
  random: Random,
  chooseFault: (call: Call) => Fault | undefined,
  onAnswer: (call: Call, answer: unknown) => void = () => {},
): Network {
  const travel = () => time.wait(MIN_LATENCY_MS + random() * (MAX_LATENCY_MS - MIN_LATENCY_MS));

  return {
    async call(about, service) {
      const invocation = running.getStore();
      if (!invocation) return service.perform();
      if (invocation.isDead()) return forever();
      const call = { ...about, invocation };
      const fault = chooseFault(call);
      if (fault === 'die-before') {
        invocation.die();
        return forever();
      }
      await travel();
      if (fault === 'lose-request') throw connectionReset();
      const answer = answerWith(service, fault);
      onAnswer(call, answer);
      await travel();
      if (fault === 'die-after') invocation.die();
      if (invocation.isDead()) return forever();
      if (fault === 'lose-answer') throw connectionReset();
      return answer;
    },

    async invoke(functionName, timeoutMs, run) {
      let isDead = false;
      return new Promise((resolve, reject) => {
        const invocation: Invocation = {
          functionName,
          isDead: () => isDead,
          die() {
            isDead = true;
            resolve(undefined);
          },
        };
        void time.wait(timeoutMs).then(invocation.die);
        running.run(invocation, run).then(resolve, reject);
      });
    },
  };
}

function answerWith<Answer>(service: Service<Answer>, fault: Fault | undefined): Answer {
  if (fault === 'throttle') return service.throttle();
  if (fault === 'partial' && service.performPartly) return service.performPartly();
  return service.perform();
}

/** What a dead worker waits for. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
}
