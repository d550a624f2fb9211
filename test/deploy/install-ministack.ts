import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CleanUp } from './clean-up.ts';
import { startProcess } from './process-group.ts';

/** Something that the test needs is missing on this machine. The message says what, and how to get it. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
}

const VERSION = '1.5.33';
const FOLDER = fileURLToPath(new URL('../../.ministack', import.meta.url));
const MARKER = join(FOLDER, 'installed');

/**
 * The Python that has ministack, an emulator of AWS written in Python. The first call installs it into a virtual
 * environment below `.ministack/`; later ones find it there.
 *
 * @throws MissingToolError where there is no Python 3 with `venv`, or where the package cannot be had
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
  // What is there without its mark is of another version, or was cut off.
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER);
  if (!(await run('python3', ['-m', 'venv', FOLDER]))) {
    throw new MissingToolError(
      'Python 3 with venv is missing: install Python 3.10 or newer, which on Debian and Ubuntu is python3 and python3-venv.',
    );
  }
  const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', `ministack==${VERSION}`];
  if (!(await run(python, pip))) {
    throw new MissingToolError(
      `The Python package ministack ${VERSION} cannot be had; ${logFile} says why. It needs Python 3.10 or newer, and pip a package index that it reaches.`,
    );
  }
  await writeFile(MARKER, VERSION);
  return python;
}
