import { Cron } from 'croner';
import { type SourceName, sources } from '../../shared/domain/lists/lists.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import type { System } from '../system.ts';

/** Prints a line about what happened to the terminal. */
export type Report = (line: string) => void;

export interface Schedule {
  /** Ingests and plans now, as all schedules would. */
  runNow(): Promise<void>;
  /** Stops after the current run. */
  stop(): Promise<void>;
}

/** The planner runs at each tick. */
const PLAN_AT = '0 */15 * * * *';

/** Runs the scheduled functions by the system clock, one at a time. Each source is read at its usual minutes. */
export function startSchedule(
  { functions }: { readonly functions: Pick<System['functions'], 'ingestPapers' | 'planDigests'> },
  sourceNames: readonly SourceName[],
  report: Report,
  onError: (error: unknown) => void,
): Schedule {
  let running: Promise<void> = Promise.resolve();

  const ingest = async (source: SourceName) => {
    const { papersIngested, papersCreated, problems } = await functions.ingestPapers(source);
    const papers = papersIngested > 0 ? `${toCountText(papersIngested, 'paper')}, ` : '';
    report(`${sources[source].name}: ${papers}${papersCreated > 0 ? papersCreated : 'nothing'} new`);
    for (const problem of problems) report(`could not read everything: ${problem}`);
  };
  const plan = async () => {
    const { editions } = await functions.planDigests();
    report(editions > 0 ? `queued the digests of ${toCountText(editions, 'cohort')}` : 'no digests are due');
  };
  const afterOthers = (run: () => Promise<void>) => {
    running = running.then(run).catch(onError);
    return running;
  };

  const jobs = [
    ...sourceNames.map(
      (source) =>
        new Cron(`0 ${sources[source].minutes.join(',')} * * * *`, { timezone: 'UTC' }, () => {
          void afterOthers(() => ingest(source));
        }),
    ),
    new Cron(PLAN_AT, { timezone: 'UTC' }, () => void afterOthers(plan)),
  ];
  return {
    async runNow() {
      for (const source of sourceNames) await afterOthers(() => ingest(source));
      await afterOthers(plan);
    },
    async stop() {
      for (const job of jobs) job.stop();
      await running;
    },
  };
}
