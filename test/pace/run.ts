/**
 * Shows that sending uses an account's whole rate and never exceeds its quota: `npm run pace`. SES throttles one mail
 * in twenty at random. Exits with 1 if a run is too slow or wrong, and with 2 after arguments, because it takes none.
 */
import type { Measured } from './measure.ts';
import { type PaceRun, runForReal, runVirtually } from './pace-run.ts';

const LEAST_USED = 0.97;

const virtualRuns: readonly PaceRun[] = [
  { ratePerSec: 14, seconds: 300, seed: 1 },
  { ratePerSec: 14, seconds: 300, perDay: 2000, seed: 2 },
  { ratePerSec: 160, seconds: 90, seed: 3 },
  { ratePerSec: 160, seconds: 90, perDay: 12_000, seed: 4 },
  { ratePerSec: 500, seconds: 80, seed: 5 },
];

/** A one-minute window after the ten seconds to reach the rate. */
const realRun: PaceRun = { ratePerSec: 160, seconds: 75, seed: 6 };

if (process.argv.length > 2) {
  process.stderr.write('npm run pace takes no arguments. It measures 14, 160 and 500 mails a second.\n');
  process.exit(2);
}
let isShort = false;
for (const run of virtualRuns) tell('virtual time', run, await runVirtually(run));
tell('real time', realRun, await runForReal(realRun));
process.exitCode = isShort ? 1 : 0;

function tell(time: string, { ratePerSec, perDay }: PaceRun, measured: Measured): void {
  const { sent, lost, repeated, lowestRate, mostInADay } = measured;
  // If the quota ends the sending, there is no rate to measure.
  const used = perDay === undefined ? lowestRate / ratePerSec : undefined;
  const beyond = Math.max(0, mostInADay - (perDay ?? Number.POSITIVE_INFINITY));
  isShort ||= lost > 0 || repeated > 0 || beyond > 0 || (used !== undefined && used < LEAST_USED);
  const rate = used === undefined ? `quota of ${perDay} a day` : `${(used * 100).toFixed(1)} % of it used`;
  process.stdout.write(
    `${ratePerSec} a second, ${time}: ${rate}; ${sent} sent, ${lost} lost, ${repeated} repeated, ${beyond} over the quota\n`,
  );
}
