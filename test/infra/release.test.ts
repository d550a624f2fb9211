import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readRelease } from '../../infra/release.ts';

let folder: string;

/** Runs git in a folder without any user settings. */
const git = (where: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: where,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const hasGit = (() => {
  try {
    git(tmpdir(), '--version');
    return true;
  } catch {
    return false;
  }
})();
const withGit = hasGit ? test : test.skip;
if (!hasGit) process.stdout.write('skipped: there is no git\n');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-release-'));
  writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const commitAll = () => {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--no-gpg-sign', '--message', 'feat: begin');
};

describe('the release', () => {
  test('of a tarball has the version of its package.json and no commit', () => {
    expect(readRelease(folder)).toEqual({ version: '1.2.3', commit: 'unknown' });
  });

  withGit('of a checkout names its commit as git accepts it', () => {
    commitAll();

    const { commit } = readRelease(folder);

    expect(commit).toMatch(/^[0-9a-f]{12}$/);
    expect(git(folder, 'rev-parse', commit).startsWith(commit)).toBe(true);
  });

  withGit('of a tagged checkout also names the commit', () => {
    commitAll();
    const { commit } = readRelease(folder);
    git(folder, 'tag', '--annotate', 'v1.2.3', '--message', 'v1.2.3');

    expect(readRelease(folder).commit).toBe(commit);
  });

  withGit('marks a changed commit as dirty, and ignores untracked files', () => {
    commitAll();
    const { commit } = readRelease(folder);
    writeFileSync(join(folder, 'prod.json'), '{}');
    expect(readRelease(folder).commit).toBe(commit);

    writeFileSync(join(folder, 'package.json'), '{"version":"1.2.4"}');

    expect(readRelease(folder)).toEqual({ version: '1.2.4', commit: `${commit}-dirty` });
  });

  withGit('of a tarball inside another repository has no commit', () => {
    commitAll();
    const inner = join(folder, 'broadsheet');
    mkdirSync(inner);
    writeFileSync(join(inner, 'package.json'), '{"version":"2.0.0"}');

    expect(readRelease(inner)).toEqual({ version: '2.0.0', commit: 'unknown' });
  });

  withGit('of a repository without a commit has none', () => {
    git(folder, 'init', '--quiet');

    expect(readRelease(folder).commit).toBe('unknown');
  });
});
