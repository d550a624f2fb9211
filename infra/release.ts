import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** Which code is deployed. */
export const releaseSchema = z.object({
  /** The version in package.json: `0.1.0`. */
  version: z.string(),
  /** The commit, as `git checkout` takes it: `0123456789ab`. With uncommitted changes `0123456789ab-dirty`. Without git `unknown`. */
  commit: z.string(),
});

export type Release = Readonly<z.infer<typeof releaseSchema>>;

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Twelve digits stay unique in any repository of this size, and fit a line of `doctor`. */
const COMMIT_DIGITS = 12;

/** Reads version and commit of a checkout. A tarball has no `.git` folder: its commit is `unknown`. */
export function readRelease(root = PROJECT_ROOT): Release {
  const { version } = releaseSchema
    .pick({ version: true })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  // A tarball unpacked inside another repository is not at the top of it, and must not get that repository's commit.
  const isCheckout = git(root, 'rev-parse', '--show-cdup') === '';
  const described =
    isCheckout && git(root, 'describe', '--always', '--dirty', '--exclude=*', `--abbrev=${COMMIT_DIGITS}`);
  return { version, commit: described || 'unknown' };
}

/** What git prints; undefined if git is not installed, this is no repository, or it has no commit. */
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
