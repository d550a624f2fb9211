import { msBetween } from '../../../shared/domain/time/time.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';
import type { FunctionName, Process } from './network.ts';

/** Runs a function as Lambda does: in a warm process if there is one, with one invocation at a time. */
export interface Containers<Functions> {
  /** Returns the result of the invocation. Undefined if its process died or timed out. */
  invoke<Result>(
    run: (functions: Functions, remainingMs: () => number) => Promise<Result>,
  ): Promise<Result | undefined>;
}

interface Container<Functions> {
  readonly process: Process;
  readonly functions: Functions;
  readonly death: Promise<undefined>;
}

/**
 * Creates containers without any running process.
 *
 * @param start returns the state of a new process
 * @param onDeath is called for each process that dies
 */
export function createContainers<Functions>(
  functionName: FunctionName,
  timeoutMs: number,
  time: VirtualTime,
  start: (process: Process) => Functions,
  onDeath: (process: Process) => void = () => {},
): Containers<Functions> {
  const idle: Container<Functions>[] = [];

  return {
    async invoke(run) {
      const container = idle.pop() ?? launch(functionName, start, onDeath);
      const startedAt = time.now();
      const remainingMs = () => timeoutMs - msBetween(startedAt, time.now());
      let isOver = false;
      void time.wait(timeoutMs).then(() => isOver || container.process.die());
      try {
        return await Promise.race([run(container.functions, remainingMs), container.death]);
      } finally {
        isOver = true;
        if (!container.process.isDead()) idle.push(container);
      }
    },
  };
}

function launch<Functions>(
  functionName: FunctionName,
  start: (process: Process) => Functions,
  onDeath: (process: Process) => void,
): Container<Functions> {
  let isDead = false;
  let end = () => {};
  const death = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  const process: Process = {
    functionName,
    isDead: () => isDead,
    die() {
      isDead = true;
      onDeath(process);
      end();
    },
  };
  return { process, death, functions: start(process) };
}
