/**
 * Tries the pipeline with everything going wrong that can, on virtual time: `npm run chaos -- --seeds 1..2000`, or one seed again
 * by `--seeds 7`, and `npm run chaos -- --crash-points`. Exits with 1 where somebody was mailed twice or forgotten.
 */
import { parseArgs } from 'node:util';
import { runCrashPoints } from './crash-points/run-crash-points.ts';
import { parseSeeds } from './seeds/parse-seeds.ts';
import { runSeeds } from './seeds/run-seeds.ts';

const USAGE = `usage: npm run chaos -- --seeds <first>..<last> [--subscribers 250]
       npm run chaos -- --seeds <one>
       npm run chaos -- --crash-points`;

const DEFAULT_SUBSCRIBERS = '250';

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const { seeds, subscribers, 'crash-points': isForCrashPoints } = readOptions();
    if (isForCrashPoints) return (await runCrashPoints(tell)) ? 0 : 1;
    if (seeds === undefined) throw new Error(USAGE);
    return (await runSeeds(parseSeeds(seeds), parseCount(subscribers), tell)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

function readOptions() {
  return parseArgs({
    options: {
      seeds: { type: 'string' },
      subscribers: { type: 'string', default: DEFAULT_SUBSCRIBERS },
      'crash-points': { type: 'boolean', default: false },
    },
  }).values;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`--subscribers ${text}: expected a whole number from 1 to 9999`);
  return Number(text);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
