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

Runs one full cycle without waiting: ingests the lists, plans, fans out, and mails three demo subscribers.
The mails are sent at 08:00 UTC on the day after the last listings. No mail leaves this machine.

  --date <day>       the last day of listings, such as 2026-01-06
  --replay <folder>  read recordings named <day>.at-<time>.json instead of the bundled sample; needs --date
  --out <folder>     write the mails to this folder (default .broadsheet/demo/<day>)
  --verbose          show each rejected item and the reason
  --json             print the summary as one line of JSON, including the rejected items

Exits with 1 and the reason if a list could not be read in full or a due digest has no known outcome.

Set BROADSHEET_HF_URL to read the lists from an address, such as https://huggingface.co/api/daily_papers.`;

interface DemoContext {
  /** The value of BROADSHEET_HF_URL. Empty or undefined selects the sample or the recordings. */
  readonly listsUrl: string | undefined;
  print(text: string): void;
  printError(text: string): void;
}

/** Runs `npm run demo` with these arguments and returns the exit code. */
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
      throw new InvalidInputError('--replay needs --date, the last day of listings: --date 2026-01-06');
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
  if (!parsed.success) throw new InvalidInputError(`--date is "${text}"; expected a day such as 2026-01-06`);
  return parsed.data;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
