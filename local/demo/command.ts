import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { addDays, type Day, utcDayOf } from '../../shared/domain/time.ts';
import { createReplay } from '../hugging-face/replay.ts';
import { createSample, SAMPLE_DAYS } from '../hugging-face/sample.ts';
import { type DemoOptions, runDemo } from './run-demo.ts';
import { findFaults, toTable } from './summary.ts';

const USAGE = `npm run demo -- [--date <day>] [--replay <folder>] [--out <folder>] [--verbose] [--json]

Runs one full cycle with no waiting: ingests the lists up to a day, plans, fans out, and mails three demo
subscribers at 08:00 UTC of the day after. Nothing leaves this machine.

  --date <day>       the last day of listings, like 2026-01-06
  --replay <folder>  takes the lists from recordings named <day>.at-<time>.json instead of the bundled sample
  --out <folder>     where the mails are written (default .broadsheet/demo/<day>)
  --verbose          names each rejected item, and why it was rejected
  --json             prints the summary as one line of JSON, which names the rejected items as well

Ends with 1, and says why, where a list could not be read whole or a due digest ended in no known way.

BROADSHEET_HF_URL reads the lists from another place, like https://huggingface.co/api/daily_papers.`;

interface DemoContext {
  /** The value of BROADSHEET_HF_URL; empty or undefined for no other place. */
  readonly listsUrl: string | undefined;
  print(text: string): void;
  printError(text: string): void;
}

/** Runs `npm run demo` with these arguments, and returns the code with which the process has to end. */
export async function runDemoCommand(
  args: readonly string[],
  { listsUrl, print, printError }: DemoContext,
): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        date: { type: 'string' },
        replay: { type: 'string' },
        out: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const { date, lists } = chooseLists(values.date, values.replay, listsUrl);
    const summary = await runDemo({
      date,
      lists,
      outbox: resolve(values.out ?? join('.broadsheet', 'demo', date)),
    });
    const faults = findFaults(summary);
    print(values.json ? JSON.stringify(summary) : toTable(date, summary, values.verbose));
    if (values.json) for (const fault of faults) printError(fault);
    return faults.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof InvalidInputError) && !isArgumentError(error)) throw error;
    printError(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

function chooseLists(
  date: string | undefined,
  replay: string | undefined,
  url: string | undefined,
): Pick<DemoOptions, 'date' | 'lists'> {
  if (replay !== undefined) {
    if (date === undefined)
      throw new InvalidInputError('--replay needs --date: which day shall be the last one?');
    return { date: parseDay(date), lists: { answer: (clock) => createReplay(replay, clock) } };
  }
  if (url) {
    const yesterday = addDays(utcDayOf(new Date().toISOString()), -1);
    return { date: parseDay(date ?? yesterday), lists: { url } };
  }
  return { date: parseDay(date ?? SAMPLE_DAYS.at(-1) ?? ''), lists: { answer: () => createSample() } };
}

function parseDay(text: string): Day {
  const parsed = z.iso.date().safeParse(text);
  if (!parsed.success) throw new InvalidInputError(`--date is "${text}"; expected a day like 2026-01-06`);
  return parsed.data;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
