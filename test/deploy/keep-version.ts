import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readRelease } from '../../infra/release.ts';
import { KEPT_PAPERS_URL, keepVersion } from './previous-version.ts';
import { createSettings } from './settings.ts';

// `npm run keep-version`: stores the templates and bundles of this commit as the previous version. The deploy test
// upgrades from it. It is a step of each release.

const KEPT_LOG_DAYS = 14;
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

if (process.argv.length > 2) {
  process.stderr.write('npm run keep-version takes no arguments.\n');
  process.exit(2);
}
const release = readRelease();
if (!/^[0-9a-f]+$/.test(release.commit)) {
  process.stderr.write(
    `The commit is "${release.commit}", but the checkout must have no uncommitted changes. Commit them first.\n`,
  );
  process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), 'broadsheet-version-'));
try {
  const settingsFile = join(folder, 'prod.json');
  const assembly = join(folder, 'assembly');
  await writeFile(settingsFile, JSON.stringify(createSettings('prod', KEPT_PAPERS_URL, KEPT_LOG_DAYS)));
  const cdk = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const options = ['--quiet', '--no-notices', '-c', `settings=${settingsFile}`, '--output', assembly];
  await promisify(execFile)(process.execPath, [cdk, 'synth', ...options], { cwd: PROJECT });
  const bytes = await keepVersion(release, assembly);
  process.stdout.write(
    `Kept ${release.version}, commit ${release.commit}: ${Math.round(bytes / 1000)} KB. Commit the file test/deploy/previous-version.json.br.\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
