import { join } from 'node:path';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Clock, Day, Instant } from '../../shared/domain/time/time.ts';
import { listRecordedFiles, parseJson, readRecordedFile, toReplayProblem } from '../recorded-files.ts';
import type { DailyPapersAnswer } from './server.ts';

/** One stored answer of the API: the list of `day` at the time `at`. */
interface Recording {
  readonly file: string;
  readonly day: Day;
  readonly at: Instant;
}

const FILE_NAME = /^(\d{4}-\d{2}-\d{2})\.at-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})Z\.json$/;
const EXPECTED = 'expected a folder with files named like "2026-01-06.at-2026-01-07T0201Z.json"';

/**
 * Answers from a folder of recordings named `<day>.at-<time in UTC>.json`. Each contains one answer of the API: a JSON array or
 * `null`. The newest recording that is not later than the clock is the answer, so a list grows as the clock moves. Without
 * such a recording, or if it is `null`, the day has no list. Other files are ignored.
 *
 * The folder is listed once. A recording is read on each request. One that is broken is reported, and the newest one before it answers.
 * If none is left, the answer rejects with an InvalidInputError that names the file.
 *
 * @param report is called with what is wrong with a recording, maybe repeatedly
 * @throws InvalidInputError if the folder cannot be listed or has no recording
 */
export function createReplay(
  folder: string,
  clock: Clock,
  report: (problem: string) => void = () => undefined,
): DailyPapersAnswer {
  const recordings = listRecordings(folder);
  return async (day) => {
    const now = clock.now();
    const problems: string[] = [];
    for (const { file } of recordings
      .filter((recording) => recording.day === day && recording.at <= now)
      .reverse()) {
      const { list, problem } = readList(join(folder, file));
      if (problem === undefined) return list ?? undefined;
      problems.push(problem);
      report(problem);
    }
    if (problems[0] !== undefined) throw new InvalidInputError(problems[0]);
    return undefined;
  };
}

/** Returns whether a folder has recordings of Hugging Face. */
export function hasReplay(folder: string): boolean {
  return listRecordedFiles(folder, EXPECTED).some((file) => toRecording(file) !== undefined);
}

/** Returns the recordings of a folder, oldest first. */
function listRecordings(folder: string): readonly Recording[] {
  const recordings = listRecordedFiles(folder, EXPECTED).flatMap((file) => toRecording(file) ?? []);
  if (recordings.length === 0) throw new InvalidInputError(`No recording in "${folder}": ${EXPECTED}`);
  return recordings.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

function toRecording(file: string): Recording | undefined {
  const [, day, date, hour, minute] = FILE_NAME.exec(file) ?? [];
  return day ? { file, day, at: `${date}T${hour}:${minute}:00.000Z` } : undefined;
}

function readList(
  path: string,
):
  | { readonly list: readonly unknown[] | null; readonly problem?: never }
  | { readonly list?: never; readonly problem: string } {
  const { text, problem } = readRecordedFile(path);
  if (text === undefined) return { problem: toReplayProblem(path, problem) };
  const list = parseJson(text);
  if (list === null || Array.isArray(list)) return { list };
  const found = list === undefined ? 'text that is not JSON' : typeof list;
  return { problem: toReplayProblem(path, `expected a JSON array of items, found ${found}`) };
}
