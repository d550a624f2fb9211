import { InvalidInputError } from '../shared/domain/errors.ts';
import { INBOX_PATH } from './site/site.tsx';
import { parseStartOptions, START_USAGE } from './start/options.ts';
import { runCopy } from './start/run.ts';

const report = (line: string) => console.log(`  ${new Date().toTimeString().slice(0, 8)}  ${line}`);

const FILE_ERRORS = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
  'EMFILE',
];

// A reader of the output, such as tee on Ctrl-C, may end first. The copy goes on, and stops in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  const options = parseStartOptions(process.argv.slice(2), process.env);
  if (options.isHelp) {
    console.log(START_USAGE);
  } else {
    const { BROADSHEET_HF_URL: hfUrl, BROADSHEET_ARXIV_URL: arxivUrl } = process.env;
    const copy = await runCopy(options, { hfUrl, arxivUrl }, report);
    console.log(`\nBroadsheet runs at ${copy.url}`);
    console.log(`Its inbox is at ${copy.url}${INBOX_PATH}`);
    console.log(`Its data is in ${options.folder}. Press Ctrl-C to stop it.\n`);
    for (const note of copy.notes) console.log(note);
    console.log('');
    stopOnSignal(() => copy.stop());
  }
} catch (error) {
  const expected = explain(error);
  if (expected === undefined) throw error;
  console.error(expected);
  process.exit(2);
}

/** The first signal stops everything in order. The second one exits immediately. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) process.exit(130);
    isStopping = true;
    console.log('\nStopping …');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(explain(error) ?? error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** Returns what an operator can act on: a wrong input, or a file that cannot be read or written. Undefined for other errors. */
function explain(error: unknown): string | undefined {
  if (error instanceof InvalidInputError) return error.message;
  if (!(error instanceof Error && 'code' in error && FILE_ERRORS.includes(String(error.code))))
    return undefined;
  return `${error.message}. Check the files in the folder of the data and the room on its disk, then start again.`;
}
