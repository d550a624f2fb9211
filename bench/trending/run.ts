/**
 * Ranks recorded days at first sight and prints how well: `npm run eval:trending -- <folder> [first held-out month]`.
 *
 * The folder has answers of Hugging Face's daily list: `2026-01-05.at-2026-01-05T0754Z.json`. Other files are ignored. Exits with 1 if no
 * day can be measured, and with 2 if the arguments are wrong.
 */

import { printEvaluation } from './evaluate.ts';
import { readRecordings } from './recorded-days.ts';

const [folder, heldOutFrom, ...others] = process.argv.slice(2);
if (folder === undefined || others.length > 0 || (heldOutFrom && !/^\d{4}-\d{2}$/.test(heldOutFrom))) {
  process.stderr.write(
    'expected npm run eval:trending -- <folder> [first held-out month, such as 2025-09]\n',
  );
  process.exit(2);
}
const recordings = await readRecordings(folder).catch((error: Error) => {
  process.stderr.write(`cannot read the folder ${folder}: ${error.message}\n`);
  process.exit(2);
});
const isMeasured = printEvaluation(recordings, heldOutFrom, (line) => process.stdout.write(`${line}\n`));
process.exitCode = isMeasured ? 0 : 1;
