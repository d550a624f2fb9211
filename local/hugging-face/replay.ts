import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Clock, Day, Instant } from '../../shared/domain/time.ts';
import { listRecordedFiles } from '../recorded-files.ts';
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
 * The folder is listed once. A recording is read on each request. A recording that is not a JSON array or `null` rejects that
 * answer with an InvalidInputError that names the file.
 *
 * @throws InvalidInputError if the folder cannot be listed or has no recording
 */
export function createReplay(folder: string, clock: Clock): DailyPapersAnswer {
  const recordings = listRecordings(folder);
  return async (day) => {
    const now = clock.now();
    const newest = recordings.findLast((recording) => recording.day === day && recording.at <= now);
    return newest && readItems(join(folder, newest.file));
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

async function readItems(path: string): Promise<readonly unknown[] | undefined> {
  const list = parseJson((await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  if (list === null) return undefined;
  if (Array.isArray(list)) return list;
  const found = list === undefined ? 'text that is not JSON' : typeof list;
  throw new InvalidInputError(
    `The recording "${path}" cannot be replayed: expected a JSON array of items, found ${found}. Record it again, or remove the file.`,
  );
}

/** Returns the value of a JSON text. Undefined for any other text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
