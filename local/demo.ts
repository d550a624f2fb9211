import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { InvalidInputError } from '../shared/domain/errors.ts';
import { addDays, type Day, utcDayOf } from '../shared/domain/time.ts';
import { type DemoOptions, runDemo } from './demo/run-demo.ts';
import { findFaults, toTable } from './demo/summary.ts';
import { createReplay } from './hugging-face/replay.ts';
import { createSample, SAMPLE_DAYS } from './hugging-face/sample.ts';

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

try {
  const { values } = parseArgs({
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
    console.log(USAGE);
  } else {
    const { date, lists } = chooseLists(values.date, values.replay, process.env.BROADSHEET_HF_URL);
    const summary = await runDemo({
      date,
      lists,
      outbox: resolve(values.out ?? join('.broadsheet', 'demo', date)),
    });
    const faults = findFaults(summary);
    console.log(values.json ? JSON.stringify(summary) : toTable(date, summary, values.verbose));
    if (values.json) for (const fault of faults) console.error(fault);
    if (faults.length > 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof InvalidInputError) && !isArgumentError(error)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
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
