import { doInProcesses } from '../in-processes.ts';
import type { FunctionName } from '../system/network.ts';
import { type Kill, toKills } from './kills.ts';
import { type DayResult, liveThroughDay } from './small-day.ts';

const TIMES_IN_A_ROW = 3;
const FUNCTIONS: readonly FunctionName[] = ['ingest', 'plan', 'fan-out', 'send', 'feedback'];

/**
 * Finds every call that a small day makes and lives through the day again for each, killed before and after its effect, once
 * and up to three times in a row. Tells what became of it; whether nothing was wrong.
 */
export async function runCrashPoints(tell: (line: string) => void): Promise<boolean> {
  const startedAt = performance.now();
  const undisturbed = await liveThroughDay();
  const kills = toKills(undisturbed.points, TIMES_IN_A_ROW);
  const results: DayResult[] = [];
  await doInProcesses<Kill, DayResult>(
    new URL('./small-day.ts', import.meta.url),
    'liveThroughDay',
    kills,
    (result) => {
      results.push(result);
    },
  );
  const faults = [undisturbed, ...results].flatMap(faultsInDay);
  for (const fault of faults) tell(fault);

  for (const name of FUNCTIONS) tell(describeFunction(name, undisturbed, results));
  const sum = (count: (result: DayResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  tell(`runs          ${results.length}, with ${sum(({ kills: times }) => times)} kills`);
  tell(`mailed twice  ${sum(({ duplicates }) => duplicates.length)}`);
  tell(`lost          ${sum(({ losses }) => losses.length)}`);
  tell(`uncertain     ${sum(({ uncertain }) => uncertain.length)}, shown as such`);
  tell(`time          ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return faults.length === 0;
}

/** What is wrong with a day, in words; nothing where all is well. */
export function faultsInDay(result: DayResult): readonly string[] {
  const { kill, kills, duplicates, losses, unrecorded } = result;
  const where = kill
    ? `${kill.point.functionName} call ${kill.point.nth}, killed ${kill.moment} ${kill.point.what}, ${kill.times} times in a row`
    : 'nothing was killed';
  return [
    ...(kill && kills === 0 ? [`never reached (${where})`] : []),
    ...duplicates.map((digest) => `mailed twice: ${digest} (${where})`),
    ...losses.map((digest) => `lost: ${digest} (${where})`),
    ...unrecorded.map((digest) => `mailed and not recorded as sent: ${digest} (${where})`),
  ];
}

/** `send           38 points enumerated, 38 killed, 38 survived`. */
function describeFunction(
  functionName: FunctionName,
  { points }: DayResult,
  results: readonly DayResult[],
): string {
  const own = points.filter((point) => point.functionName === functionName);
  const runsAt = (nth: number) =>
    results.filter(({ kill }) => kill?.point.functionName === functionName && kill.point.nth === nth);
  const killed = own.filter(({ nth }) => runsAt(nth).every(({ kills }) => kills > 0));
  const survived = own.filter(({ nth }) => runsAt(nth).every((result) => faultsInDay(result).length === 0));
  return `${functionName.padEnd(13)} ${own.length} points enumerated, ${killed.length} killed, ${survived.length} survived`;
}
