import { Cron } from 'croner';
import type { System } from '../system.ts';

/** Prints a line about what happened to the terminal. */
export type Report = (line: string) => void;

export interface Schedule {
  /** Ingests and plans now, as both schedules would. */
  runNow(): Promise<void>;
  /** Stops after the current run. */
  stop(): Promise<void>;
}

/** The planner runs at each tick, and the source is read five minutes before it. */
const PLAN_AT = '0 */15 * * * *';
const INGEST_AT = '0 10,25,40,55 * * * *';

/** Runs the scheduled functions by the system clock, one at a time. */
export function startSchedule(
  { functions }: System,
  report: Report,
  onError: (error: unknown) => void,
): Schedule {
  let running: Promise<void> = Promise.resolve();

  const ingest = async () => {
    const { itemsRead, papersIngested, problems } = await functions.ingestPapers('hf-daily');
    report(`read ${itemsRead} items, ${papersIngested} papers`);
    for (const problem of problems) report(`could not read everything: ${problem}`);
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
