import { createFanOutDigestsHandler } from '../../functions/fan-out-digests/handler.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { createSequentialHandler } from './sequential.ts';
import { type FanOutSimulationOptions, type FanOutSimulationResult, simulateFanOut } from './simulate.ts';

const MEMBERS = 10_000_000;

/** The values of the deployed stack. */
const DEPLOYED = { timeoutMs: 120_000, maxReceives: 5 } as const;
const FAULTS = { crashRate: 4e-5, faultRate: 2e-4, duplicateRate: 0.2, churnRate: 0.2 } as const;
const NO_FAULTS = { crashRate: 0, faultRate: 0, duplicateRate: 0, churnRate: 0 } as const;

/** Fans out ten million subscribers of one cohort. Returns whether all were queued. */
export async function runFanOut(print: (line: string) => void): Promise<boolean> {
  const startedAt = performance.now();
  const run = (
    createHandler: FanOutSimulationOptions['createHandler'],
    faults: Omit<FanOutSimulationOptions, 'members' | 'seed' | 'createHandler' | keyof typeof DEPLOYED>,
  ) => simulateFanOut({ members: MEMBERS, seed: 1, createHandler, ...DEPLOYED, ...faults });
  const control = await run(createSequentialHandler, NO_FAULTS);
  const faultless = await run(createFanOutDigestsHandler, NO_FAULTS);
  const faulty = await run(createFanOutDigestsHandler, FAULTS);

  const rows = [control, faultless, faulty].map(toCells);
  const names = Object.keys(rows[0] ?? {});
  print(
    tableOf(
      ['', 'one batch after the other:', 'pages:', 'pages, with crashes:'],
      names.map((name) => [name, ...rows.map((row) => row[name] ?? '')]),
    ),
  );
  print(
    `${MEMBERS.toLocaleString('en')} subscribers, ${((performance.now() - startedAt) / 1000).toFixed(0)} s of real time`,
  );
  print(`${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB of memory at most`);
  return faulty.missing === 0 && faulty.inTwoBatches === 0 && faulty.progress?.isComplete === true;
}

function toCells(result: FanOutSimulationResult): Readonly<Record<string, string>> {
  const count = (value: number) => value.toLocaleString('en');
  return {
    'time until the queue is empty': toDuration(result.virtualMs),
    invocations: count(result.invocations),
    calls: count(result.calls),
    'calls throttled': count(result.throttled),
    crashes: count(result.crashes),
    'time-outs': count(result.timeouts),
    'messages queued': count(result.messages),
    'batches recorded and done': count(result.progress?.batches ?? 0),
    'subscribers queued once': count(result.once),
    'queued again with the same batch (the ledger allows one mail)': count(result.repeated),
    'queued in two batches': count(result.inTwoBatches),
    missing: count(result.missing),
    'dead letters': count(result.deadLetters),
  };
}

function toDuration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
}
