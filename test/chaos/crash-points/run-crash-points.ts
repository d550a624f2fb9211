import { doInProcesses } from '../in-processes.ts';
import type { FunctionName } from '../system/network.ts';
import { type Kill, toKills } from './kills.ts';
import { type DayResult, runDay } from './small-day.ts';

const TIMES_IN_A_ROW = 3;
const FUNCTIONS: readonly FunctionName[] = ['ingest', 'plan', 'fan-out', 'send', 'feedback'];

/**
 * Finds every call of a small day, and repeats the day for each. The process dies before or after the call takes effect, up to three
 * times in a row. Reports the results, and returns whether nothing was wrong.
 */
export async function runCrashPoints(tell: (line: string) => void): Promise<boolean> {
  const startedAt = performance.now();
  const undisturbed = await runDay();
  const kills = toKills(undisturbed.points, TIMES_IN_A_ROW);
  const results: DayResult[] = [];
  await doInProcesses<Kill, DayResult>(
    new URL('./small-day.ts', import.meta.url),
    'runDay',
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
  const repeated = results.filter(({ kill, kills: times }) => kill && kill.times > 1 && times > 1).length;
  tell(
    `runs       ${results.length}, with ${sum((result) => result.kills)} kills; ${repeated} with more than one`,
  );
  tell(`mails      ${sum(({ mails }) => mails)}`);
  tell(`wrong      ${faults.length}`);
  tell(
    `unknown    ${sum(({ inDoubt }) => inDoubt.length)} digests with an unknown send status, shown as uncertain`,
  );
  tell(`time       ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return faults.length === 0;
}

/** Returns the faults of a day. Only a kill of the sending function may leave an unknown send status. */
export function faultsInDay({ kill, kills, inDoubt, faults }: DayResult): readonly string[] {
  const where = kill
    ? `${kill.point.functionName} call ${kill.point.nth}, killed ${kill.moment} ${kill.point.what}, ${kill.times} times in a row`
    : 'nothing was killed';
  const undue = kill?.point.functionName === 'send' ? [] : inDoubt;
  return [
    ...(kill && kills === 0 ? ['never reached'] : []),
    ...undue.map((digest) => `unknown send status without a cause: ${digest}`),
    ...faults,
  ].map((fault) => `${fault} (${where})`);
}

/** Returns the line of a function: `send       38 points enumerated, 38 killed, 38 survived`. */
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
  return `${functionName.padEnd(10)} ${own.length} points enumerated, ${killed.length} killed, ${survived.length} survived`;
}
