import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** The deployed version and commit. */
export const releaseSchema = z.object({
  /** The version in package.json: `0.1.0`. */
  version: z.string(),
  /**
   * The commit, for `git checkout`: `0123456789ab`. It ends with `-dirty` if there are uncommitted changes. It is
   * `unknown` without git.
   */
  commit: z.string(),
});

export type Release = Readonly<z.infer<typeof releaseSchema>>;

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Twelve digits are unique in any repository of this size, and fit in a line of `doctor`. */
const COMMIT_DIGITS = 12;

/**
 * Reads the version and commit of a checkout. The commit of a tarball is `unknown`, because it has no `.git` folder.
 */
export function readRelease(root = PROJECT_ROOT): Release {
  const { version } = releaseSchema
    .pick({ version: true })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  // A tarball may be unpacked inside another repository. It must not get that repository's commit.
  const isCheckout = git(root, 'rev-parse', '--show-cdup') === '';
  const described =
    isCheckout && git(root, 'describe', '--always', '--dirty', '--exclude=*', `--abbrev=${COMMIT_DIGITS}`);
  return { version, commit: described || 'unknown' };
}

/** Returns what git prints. Undefined without git, without a repository, or without a commit. */
function git(folder: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
