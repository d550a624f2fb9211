import { Cron } from 'croner';
import type { System } from '../system.ts';

/** Told what the schedule does, in a line for the terminal. */
export type Report = (line: string) => void;

export interface Schedule {
  /** Reads the source and plans, as both schedules would now. */
  runNow(): Promise<void>;
  /** Ends after the run in hand. */
  stop(): Promise<void>;
}

/** The planner's ticks, and a read of the source five minutes before each. */
const PLAN_AT = '0 */15 * * * *';
const INGEST_AT = '0 10,25,40,55 * * * *';

/** Runs the scheduled functions at the times of the clock on the wall, never two at once. */
export function startSchedule(
  { functions }: System,
  report: Report,
  onError: (error: unknown) => void,
): Schedule {
  let running: Promise<void> = Promise.resolve();

  const ingest = async () => {
    const { itemsRead, papersIngested, problems } = await functions.ingestPapers('hf-daily');
    report(`read ${itemsRead} items, ${papersIngested} papers`);
    for (const problem of problems) report(`could not read all: ${problem}`);
  };
  const plan = async () => {
    const { editions } = await functions.planDigests();
    report(`planned ${editions} ${editions === 1 ? 'edition' : 'editions'}`);
  };
  const afterOthers = (run: () => Promise<void>) => {
    running = running.then(run).catch(onError);
    return running;
  };

  const jobs = [
    new Cron(INGEST_AT, { timezone: 'UTC' }, () => void afterOthers(ingest)),
    new Cron(PLAN_AT, { timezone: 'UTC' }, () => void afterOthers(plan)),
  ];
  return {
    async runNow() {
      await afterOthers(ingest);
      await afterOthers(plan);
    },
    async stop() {
      for (const job of jobs) job.stop();
      await running;
    },
  };
}
