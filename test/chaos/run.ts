/**
 * Simulates the pipeline with all its possible faults, on virtual time: `npm run chaos -- --help`. Exits with 1 if a
 * digest was mailed twice or lost, and with 2 after wrong arguments.
 */
import { parseArgs } from 'node:util';
import { toCountText } from '../../shared/presentation/wording.ts';
import { runCrashPoints } from './crash-points/run-crash-points.ts';
import { parseSeeds } from './seeds/parse-seeds.ts';
import { runSeeds } from './seeds/run-seeds.ts';

const DEFAULT_SUBSCRIBERS = '250';

const USAGE = `npm run chaos -- --seeds <first>..<last> [--subscribers <number>]
npm run chaos -- --seeds <one>
npm run chaos -- --crash-points

Simulates days full of faults, and reports what happened to every digest.

  --seeds         simulate two days under each seed, or repeat one seed exactly: the same seed has the same fingerprint
  --subscribers   the number of subscribers under a seed (default: ${DEFAULT_SUBSCRIBERS}, with about 520 due digests)
  --crash-points  simulate a small day, and kill every function before and after each of its calls, once to three times
                  in a row

If a process dies after its claim, or a call to SES gets lost, the digest must become uncertain. Readers who leave, move or bounce
meanwhile need not get every digest. Under one seed in five, uncertain digests are sent again.

Ends with 1 if anything is wrong: a reader was mailed twice, wrongly or not at all, or the ledger or its audit disagrees with the
mails. Ends with 2 for wrong arguments, otherwise with 0. Most seeds take seconds, some a minute.`;

process.exitCode = await run();

async function run(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options === 'help') {
    tell(USAGE);
    return 0;
  }
  tell(
    options === 'crash-points'
      ? 'Simulating a small day …'
      : `Simulating ${toCountText(options[0].length, 'seed')} …`,
  );
  const isRight = options === 'crash-points' ? runCrashPoints(tell) : runSeeds(...options, tell);
  return (await isRight) ? 0 : 1;
}

/** Returns the arguments, or undefined after printing what is wrong with them. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string' },
        subscribers: { type: 'string' },
        'crash-points': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help' as const;
    const { seeds, subscribers } = values;
    if (values['crash-points']) {
      if (seeds === undefined && subscribers === undefined) return 'crash-points' as const;
      throw new Error('--crash-points cannot be combined with another option');
    }
    if (seeds === undefined) throw new Error('expected --seeds with a range like 1..20, or --crash-points');
    return [parseSeeds(seeds), parseSubscribers(subscribers ?? DEFAULT_SUBSCRIBERS)] as const;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return undefined;
  }
}

function parseSubscribers(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`--subscribers ${text}: expected a whole number from 1 to 9999`);
  return Number(text);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
