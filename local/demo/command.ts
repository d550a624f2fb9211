import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { LOOK_BACK_DAYS } from '../../shared/domain/subscribers/cadence.ts';
import { addDays, type Day, utcDayOf } from '../../shared/domain/time/time.ts';
import { daySchema } from '../../shared/domain/time/time-schemas.ts';
import { toListing } from '../../shared/presentation/wording.ts';
import { batchesUpTo, hasArxivReplay, readArxivReplay } from '../arxiv/replay.ts';
import { loadArxivSample, SAMPLE_CATEGORIES } from '../arxiv/sample.ts';
import { createReplay, hasReplay } from '../hugging-face/replay.ts';
import { createSample, SAMPLE_DAYS } from '../hugging-face/sample.ts';
import { parseSourceUrl } from '../source-url.ts';
import { refuseTakenOptions } from '../start/options.ts';
import { type DemoOptions, runDemo, type UnreadRecordings } from './run-demo.ts';
import { findFaults, toTable } from './summary.ts';

const USAGE = `npm run demo -- [--date <day>] [--replay <folder>] [--out <folder>] [--verbose] [--json]

Runs one full cycle without waiting: ingests the lists, plans, fans out, and mails three demo subscribers.
The mails are sent at 05:00 UTC on the day after the last listings. No mail leaves this machine.

  --date <day>       the last day of listings, such as 2026-01-06; the samples have 2026-01-05 and 2026-01-06
  --replay <folder>  read recordings instead of the bundled samples; needs --date
  --out <folder>     write the mails to this folder (default .broadsheet/demo/<day>)
  --verbose          show each rejected item and the reason
  --json             print the summary as one line of JSON, including the rejected items

A folder of recordings, or its folders "hf" and "arxiv", has files with these names:

  <day>.at-<time>.json                 Hugging Face: the list of a day
  feed_<category>_derived_<day>.json   arXiv: a batch of a category
  rss_<…>.xml, atom_<…>.xml            arXiv: a feed of announcements
  oai_<…>.xml                          arXiv: an answer of OAI-PMH
  api_<…>.xml                          arXiv: an answer of the query API

Batches of arXiv are read from nine days before --date on. Their categories are the lists.

A broken recording or item is left out. An older list of the same day takes the place of a broken one.

Exits with 1 and the reason if a list or a recording could not be read in full, or a due digest failed or has no known
outcome.
Exits with 2 if nothing can be read.

Set BROADSHEET_HF_URL to read only Hugging Face from an address, such as https://huggingface.co/api/daily_papers.`;

interface DemoContext {
  /** The value of BROADSHEET_HF_URL. Empty or undefined selects the sample or the recordings. */
  readonly listsUrl: string | undefined;
  /** The environment. In it, npm names the options that it took for its own. */
  readonly env: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  printError(text: string): void;
}

/** Runs `npm run demo` with these arguments and returns the exit code. */
export async function runDemoCommand(
  args: readonly string[],
  { listsUrl, env, print, printError }: DemoContext,
): Promise<number> {
  try {
    refuseTakenOptions('npm run demo', OPTIONS, args, env);
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) {
      print(USAGE);
      return 0;
    }
    const url = parseSourceUrl('BROADSHEET_HF_URL', listsUrl);
    const chosen = await chooseLists(values.date, values.replay, url);
    const { date } = chosen;
    if (!values.json)
      printError('Reading the papers and mailing the subscribers. This can take half a minute.\n');
    const summary = await runDemo({
      ...chosen,
      outbox: resolve(values.out ?? join('.broadsheet', 'demo', date)),
    });
    const faults = findFaults(summary);
    print(values.json ? JSON.stringify(summary) : toTable(date, summary, values.verbose));
    if (values.json) for (const fault of faults) printError(fault);
    return faults.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof InvalidInputError) && !isArgumentError(error)) throw error;
    printError(`${error.message}\n\n"npm run demo -- --help" shows the options.`);
    return 2;
  }
}

const OPTIONS = {
  date: { type: 'string' },
  replay: { type: 'string' },
  out: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type ChosenLists = Pick<DemoOptions, 'date' | 'lists' | 'batches' | 'papers' | 'unread'>;

async function chooseLists(
  date: string | undefined,
  replay: string | undefined,
  url: string | undefined,
): Promise<ChosenLists> {
  if (replay !== undefined) {
    if (date === undefined)
      throw new InvalidInputError('--replay needs --date, the last day of listings: --date 2026-01-06');
    return chooseRecordings(parseDay(date), replay);
  }
  if (url) {
    const yesterday = addDays(utcDayOf(new Date().toISOString()), -1);
    return { date: parseDay(date ?? yesterday), lists: { url } };
  }
  const day = parseDay(date ?? LAST_SAMPLE_DAY);
  if (!SAMPLE_DAYS.includes(day)) {
    throw new InvalidInputError(
      `--date is "${day}"; the samples have only ${toListing(SAMPLE_DAYS)}. For another day, read recordings with --replay`,
    );
  }
  const sample = await loadArxivSample(`${LAST_SAMPLE_DAY}T15:00:00.000Z`);
  const batches = batchesUpTo([{ ...sample, categories: SAMPLE_CATEGORIES }], day, DAYS_OF_BATCHES);
  return { date: day, lists: { answer: () => createSample() }, batches };
}

const LAST_SAMPLE_DAY = SAMPLE_DAYS.at(-1) ?? '';

/** How many days of batches an error names. */
const MAX_NAMED_DAYS = 5;

/** A weekly digest looks back so far. */
const DAYS_OF_BATCHES = LOOK_BACK_DAYS.weekly;

/** Looks for recordings in the folder itself, and in its folders `hf` and `arxiv`. */
function chooseRecordings(date: Day, folder: string): ChosenLists {
  const arxivFolder = [join(folder, 'arxiv'), folder].find(
    (path) => existsSync(path) && hasArxivReplay(path),
  );
  const hfFolder = existsSync(join(folder, 'hf')) ? join(folder, 'hf') : folder;
  const lists: ChosenLists['lists'] = { answer: (clock, report) => createReplay(hfFolder, clock, report) };
  if (arxivFolder === undefined) return { date, lists };
  const { batches: all, papers, ...unread } = readArxivReplay(arxivFolder);
  const batches = batchesUpTo(all, date, DAYS_OF_BATCHES);
  if (hasReplay(hfFolder)) return { date, lists, batches, papers, unread };
  if (batches.length > 0) return { date, batches, unread };
  if (all.length === 0) throw new InvalidInputError(toNothingLeft(arxivFolder, unread));
  const days = [...new Set(all.map(({ day }) => day))];
  const newest = toListing(days.slice(-MAX_NAMED_DAYS));
  throw new InvalidInputError(
    `No batch of arXiv in "${arxivFolder}" is from ${date} or the ${DAYS_OF_BATCHES} days before. Its newest batches are of ${newest}. Choose one of these days with --date.`,
  );
}

/** How many broken recordings an error names. */
const MAX_NAMED_RECORDINGS = 5;

function toNothingLeft(folder: string, { problems, rejections }: UnreadRecordings): string {
  const all = [...problems, ...rejections.map(({ asked, item, reason }) => `${asked}: ${item}: ${reason}`)];
  const others = all.length - MAX_NAMED_RECORDINGS;
  const named = [...all.slice(0, MAX_NAMED_RECORDINGS), ...(others > 0 ? [`and ${others} more`] : [])];
  return [`No batch of arXiv in "${folder}" can be replayed.`, ...named].join('\n');
}

function parseDay(text: string): Day {
  const parsed = daySchema.safeParse(text);
  if (!parsed.success) throw new InvalidInputError(`--date is "${text}"; expected a day such as 2026-01-06`);
  return parsed.data;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
