import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CleanUp } from './clean-up.ts';
import { startProcess } from './process-group.ts';

/** A tool that the test needs is missing. The message says which, and how to install it. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
}

const VERSION = '1.5.33';
const FOLDER = fileURLToPath(new URL('../../.ministack', import.meta.url));
const MARKER = join(FOLDER, 'installed');

/**
 * Returns the Python with ministack, an AWS emulator written in Python. The first call installs it into a virtual
 * environment in `.ministack/`, and later calls find it there.
 *
 * @throws MissingToolError without Python 3 and `venv`, or if the package cannot be installed
 * @see https://pypi.org/project/ministack/
 */
export async function installMinistack(logFile: string, cleanUp: CleanUp): Promise<string> {
  const python = join(FOLDER, 'bin', 'python');
  const installed = await readFile(MARKER, 'utf8').catch(() => undefined);
  if (installed === VERSION) return python;

  const run = async (program: string, args: readonly string[]) => {
    const running = startProcess(program, args, { env: process.env, logFile });
    cleanUp.add(running.stop);
    return (await running.exited.catch(() => undefined)) === 0;
  };
  // An installation without its mark has another version, or was interrupted.
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER);
  if (!(await run('python3', ['-m', 'venv', FOLDER]))) {
    throw new MissingToolError(
      'Python 3 with venv is missing. Install Python 3.10 or newer: on Debian and Ubuntu, the packages python3 and python3-venv.',
    );
  }
  const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', `ministack==${VERSION}`];
  if (!(await run(python, pip))) {
    throw new MissingToolError(
      `The Python package ministack ${VERSION} cannot be installed. ${logFile} has the reason. It needs Python 3.10 or newer, and a package index that pip can reach.`,
    );
  }
  await writeFile(MARKER, VERSION);
  return python;
}
