import type { Random } from '../../simulation/seeded-random.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';

export type FunctionName = 'ingest' | 'plan' | 'fan-out' | 'send' | 'feedback' | 'api';

/** A process that runs a function, one invocation after the other, until it dies in the middle of one. */
export interface Process {
  readonly functionName: FunctionName;
  readonly isDead: () => boolean;
  die(): void;
}

/** A call of a function to a service, as it goes over the wire. */
export interface Call {
  readonly process: Process;
  readonly service: 'dynamodb' | 'sqs' | 'ses' | 'http';
  /** The operation and what it is about: `PutItem SUB#reader-001 daily#2026-01-05`. */
  readonly what: string;
  /** Whether its service can do a part of it and refuse the rest. */
  readonly isDivisible: boolean;
}

/** What a call runs into: its process dies, the connection breaks, or the service refuses it, all or in part. */
export type Fault = 'die-before' | 'die-after' | 'lose-request' | 'lose-answer' | 'throttle' | 'partial';

/** How a service answers a call. */
interface Service<Answer> {
  perform(): Answer;
  throttle(): Answer;
  /** Does a part and refuses the rest, where the service can. */
  performPartly?(): Answer;
}

/** What the clients of one process send their requests over. */
export interface Wire {
  call<Answer>(about: Pick<Call, 'service' | 'what'>, service: Service<Answer>): Promise<Answer>;
}

export interface NetworkOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly chooseFault: (call: Call) => Fault | undefined;
  /** Told of each answer at the moment when its service gives it. */
  readonly onAnswer?: ((call: Call, answer: unknown) => void) | undefined;
}

const MIN_LATENCY_MS = 2;
const MAX_LATENCY_MS = 60;

/** A wire on which everything is answered at once and nothing goes wrong, for whoever looks on. */
export const directWire: Wire = {
  call: async (_, { perform }) => perform(),
};

/**
 * The wire of one process: every call takes its time on it, and may meet a fault. Once the process is dead nothing that it would
 * have done afterwards happens, but for what was on the wire.
 */
export function connect(process: Process, options: NetworkOptions): Wire {
  const { time, random, chooseFault, onAnswer } = options;
  const travel = () => time.wait(MIN_LATENCY_MS + random() * (MAX_LATENCY_MS - MIN_LATENCY_MS));

  return {
    async call(about, service) {
      if (process.isDead()) return forever();
      const call = { ...about, process, isDivisible: service.performPartly !== undefined };
      const fault = chooseFault(call);
      if (fault === 'die-before') {
        process.die();
        return forever();
      }
      await travel();
      if (fault === 'lose-request') throw connectionReset();
      const answer = answerWith(service, fault);
      onAnswer?.(call, answer);
      await travel();
      if (fault === 'die-after') process.die();
      if (process.isDead()) return forever();
      if (fault === 'lose-answer') throw connectionReset();
      return answer;
    },
  };
}

function answerWith<Answer>(service: Service<Answer>, fault: Fault | undefined): Answer {
  if (fault === 'throttle') return service.throttle();
  if (fault === 'partial' && service.performPartly) return service.performPartly();
  return service.perform();
}

/** What a dead process waits for. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
}
