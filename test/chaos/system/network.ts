import type { Random } from '../../simulation/seeded-random.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';

export type FunctionName = 'ingest' | 'plan' | 'fan-out' | 'send' | 'feedback' | 'api';

/** A process that runs a function, one invocation after another, until it dies during one. */
export interface Process {
  readonly functionName: FunctionName;
  readonly isDead: () => boolean;
  die(): void;
}

/** A call of a function to a service, over the wire. */
export interface Call {
  readonly process: Process;
  readonly service: 'dynamodb' | 'sqs' | 'ses' | 'http';
  /** The operation and its subject: `PutItem SUB#reader-001 daily#2026-01-05`. */
  readonly what: string;
  /** Whether the service can accept a part of it. */
  readonly isDivisible: boolean;
}

/** The fault of a call: its process dies, the connection breaks, or the service refuses all or a part. */
export type Fault = 'die-before' | 'die-after' | 'lose-request' | 'lose-answer' | 'throttle' | 'partial';

/** How a service answers a call. */
interface Service<Answer> {
  perform(): Answer;
  throttle(): Answer;
  /** Accepts a part and refuses the rest, if the service can. */
  performPartly?(): Answer;
}

/** The connection of one process, over which its clients send requests. */
export interface Wire {
  call<Answer>(about: Pick<Call, 'service' | 'what'>, service: Service<Answer>): Promise<Answer>;
}

export interface NetworkOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly chooseFault: (call: Call) => Fault | undefined;
  /** Called for each answer when the service gives it. */
  readonly onAnswer?: ((call: Call, answer: unknown) => void) | undefined;
}

const MIN_LATENCY_MS = 2;
const MAX_LATENCY_MS = 60;

/** A wire without latency or faults, for observers. */
export const directWire: Wire = {
  call: async (_, { perform }) => perform(),
};

/**
 * Returns the wire of one process. Every call takes time and may have a fault. After the process dies, only the calls
 * in flight still have an effect.
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

/** A dead process waits for this. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
}
