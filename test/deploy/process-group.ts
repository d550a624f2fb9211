import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ProcessOptions {
  /** The whole environment. The program inherits nothing from this process. */
  readonly env: NodeJS.ProcessEnv;
  /** The file to which the output is appended. */
  readonly logFile: string;
  /** @default - that of this process */
  readonly cwd?: string;
}

/** A running program with its own process group. */
export interface ProcessGroup {
  /** The exit code. Undefined if the program was killed. Rejects if it could not be started. */
  readonly exited: Promise<number | undefined>;
  /** Ends the program and all its child processes, and resolves when they are gone. A repeat does nothing. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 5_000;

/** Starts a program. Signals of the terminal do not reach it, so the caller has to stop it. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): ProcessGroup {
  const { env, logFile, cwd } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = exitOf(child);
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    exited,
    async stop() {
      if (!isRunning()) return;
      const insist = setTimeout(() => signalGroup(child, 'SIGKILL'), PATIENCE_MS);
      signalGroup(child, 'SIGTERM');
      await exited;
      clearTimeout(insist);
    },
  };
}

function exitOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      // Some child processes outlive the program.
      signalGroup(child, 'SIGKILL');
      resolve(code ?? undefined);
    });
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is already gone, which is the goal.
  }
}
