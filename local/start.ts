import { InvalidInputError } from '../shared/domain/errors.ts';
import { parseStartOptions, START_USAGE } from './start/options.ts';
import { runCopy } from './start/run.ts';

const report = (line: string) => console.log(`  ${new Date().toTimeString().slice(0, 8)}  ${line}`);

try {
  const options = parseStartOptions(process.argv.slice(2), process.env);
  if (options.isHelp) {
    console.log(START_USAGE);
  } else {
    const { BROADSHEET_HF_URL: hfUrl, BROADSHEET_ARXIV_URL: arxivUrl } = process.env;
    const copy = await runCopy(options, { hfUrl, arxivUrl }, report);
    console.log(`\nBroadsheet runs at ${copy.url}`);
    console.log(`Its data is in ${options.folder}. Press Ctrl-C to stop it.\n`);
    for (const note of copy.notes) console.log(note);
    console.log('');
    stopOnSignal(() => copy.stop());
  }
} catch (error) {
  if (!(error instanceof InvalidInputError)) throw error;
  console.error(error.message);
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
        console.error(error instanceof InvalidInputError ? error.message : error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
