/**
 * Checks the prose of the documents and of the comments in the sources: `npm run prose`, or `npm run prose -- docs/adr` for some.
 * Ends with 1 if there is a fault, and with 2 if a path does not exist.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { checkProse } from './find-faults.ts';

/** The changelog keeps the words of each release. */
const CHECKED = ['*.md', '*.ts', '*.tsx', '*.mjs', ':!CHANGELOG.md'];

const paths = process.argv.slice(2);
const listed = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...CHECKED],
  {
    encoding: 'utf8',
  },
);
const known = listed.trim().split('\n');
const unknown = paths.filter((path) => !existsSync(path) && !known.some((file) => file.startsWith(path)));
if (unknown.length > 0) {
  process.stderr.write(`There is no file or folder ${unknown.map((path) => `"${path}"`).join(', ')}.\n`);
  process.exit(2);
}
const files = known
  .filter((file) => paths.length === 0 || paths.some((path) => file.startsWith(path)))
  // A file that was deleted and not committed is still listed.
  .filter((file) => existsSync(file));
const lines = files.flatMap((file) =>
  checkProse(file, readFileSync(file, 'utf8')).map(
    ({ kind, line, message }) => `${file}:${line}: ${kind}: ${message}\n`,
  ),
);
process.stdout.write(lines.join(''));
process.stdout.write(`${files.length} files, ${lines.length} faults in the prose\n`);
process.exitCode = lines.length > 0 ? 1 : 0;
