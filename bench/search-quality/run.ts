/**
 * Ranks a test collection and prints how well: `npm run eval:search -- <folder> [folder of recorded days]`.
 *
 * The first folder has `cran.all.1400`, `cran.qry` and `cranqrel`. The second one has answers of Hugging Face's daily list, and adds a
 * judgement on papers of machine learning. Exits with 1 if a folder cannot be read, and with 2 if the arguments are wrong.
 */
import { readCollection } from './cranfield.ts';
import { printCollection, printRecordedDays } from './evaluate.ts';

const [folder, recordedDays, ...others] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-') || others.length > 0) {
  process.stderr.write(
    'expected npm run eval:search -- <folder> [folder of recorded days]. The first folder has the Cranfield collection: cran.all.1400, cran.qry and cranqrel\n',
  );
  process.exit(2);
}
const print = (line: string) => process.stdout.write(`${line}\n`);
try {
  printCollection(await readCollection(folder), print);
  if (recordedDays !== undefined) await printRecordedDays(recordedDays, print);
} catch (error) {
  process.stderr.write(`cannot evaluate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
