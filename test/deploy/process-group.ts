import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ProcessOptions {
  /** The whole environment; nothing of this process's own is added. */
  readonly env: NodeJS.ProcessEnv;
  /** Everything that the process says is added to this file. */
  readonly logFile: string;
  /** @default - that of this process */
  readonly cwd?: string;
}

/** A program that runs with all that it starts in a process group of its own. */
export interface ProcessGroup {
  /** The exit code; undefined for a program that was killed. Rejects where it could not be started. */
  readonly exited: Promise<number | undefined>;
  /** Ends the program and all that it started, and resolves when it is gone. A repeat does nothing. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 5_000;

/** Starts a program. A signal that the terminal sends does not reach it: whoever starts it has to stop it. */
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
      // Workers do not all go with the program that started them.
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
    // The group is gone, which is what was asked for.
  }
}
