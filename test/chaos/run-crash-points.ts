import { type DayResult, type Kill, liveThroughDay, toKills } from './crash-points.ts';

const TIMES_IN_A_ROW = 3;

export interface CrashPointsResult {
  readonly points: number;
  readonly runs: number;
  readonly kills: number;
  readonly survived: number;
  readonly duplicates: number;
  readonly losses: number;
  readonly uncertain: number;
  /** What went wrong, by kill. */
  readonly failures: readonly string[];
}

/**
 * Finds every call that a small day makes and lives through the day again for each, killed before and after its effect, once
 * and up to three times in a row.
 *
 * @param isTried chooses among the kills @default all
 */
export async function runCrashPoints(
  isTried: (kill: Kill, n: number) => boolean = () => true,
): Promise<CrashPointsResult> {
  const { points, ...undisturbed } = await liveThroughDay();
  const kills = toKills(points, TIMES_IN_A_ROW).filter(isTried);
  const failures = [...describeFailures('nothing was killed', undisturbed)];
  let survived = 0;
  const totals = { kills: 0, duplicates: 0, losses: 0, uncertain: 0 };
  for (const kill of kills) {
    const result = await liveThroughDay(kill);
    const { point, moment, times } = kill;
    const found = describeFailures(
      `${point.functionName} call ${point.nth}, ${moment} ${point.what}, ${times} times in a row`,
      result,
    );
    if (result.kills === 0) failures.push(`never reached: ${point.functionName} ${point.nth} ${point.what}`);
    if (found.length === 0 && result.kills > 0) survived += 1;
    failures.push(...found);
    totals.kills += result.kills;
    totals.duplicates += result.duplicates.length;
    totals.losses += result.losses.length;
    totals.uncertain += result.uncertain.length;
  }
  return { points: points.length, runs: kills.length, survived, failures, ...totals };
}

function describeFailures(
  what: string,
  { duplicates, losses, unrecorded }: Omit<DayResult, 'points'>,
): readonly string[] {
  return [
    ...duplicates.map((digest) => `mailed twice: ${digest} (${what})`),
    ...losses.map((digest) => `lost: ${digest} (${what})`),
    ...unrecorded.map((digest) => `mailed and not recorded as sent: ${digest} (${what})`),
  ];
}
