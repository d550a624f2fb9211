import { spawn } from 'node:child_process';

/** How a program ended: by itself, or because it was stopped. */
export interface Ended {
  readonly kind: 'ended' | 'stopped';
  /** What it printed, and what the programs that it started printed. At most about {@link MAX_CHARS}. */
  readonly output: string;
}

/** A program that prints for ever prints more. */
const MAX_CHARS = 64 * 1024 * 1024;

/**
 * Runs a program until it ends or the signal fires. Then it ends the program at once, with all programs that it started. They get no
 * chance to clean up, because one that loops for ever would not take it.
 */
export function runUntil(
  [program = '', ...args]: readonly string[],
  {
    signal,
    onOutput = () => undefined,
    ...options
  }: {
    readonly signal: AbortSignal;
    readonly onOutput?: (text: string) => void;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
  },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the signal reaches the programs that it starts.
    const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (output.length < MAX_CHARS) output += text;
        onOutput(text);
      });
    }
    const stop = () => child.pid !== undefined && killGroup(child.pid);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.once('error', reject);
    child.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve({ kind: signal.aborted ? 'stopped' : 'ended', output });
    });
  });
}

/** Ends a group of programs at once. Programs that left it can hold the output open after the others have ended. */
function killGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL');
  } catch (error) {
    // No program of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
