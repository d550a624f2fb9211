import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** Recorded real answers. They are in a folder beside the repository, if there is a copy, and never part of it. */
export const recordingsFolder = fileURLToPath(new URL('../../../shared/recordings/hf', import.meta.url));

const files = existsSync(recordingsFolder)
  ? readdirSync(recordingsFolder).filter((name) => /^\d{4}-\d{2}-\d{2}\.at-/.test(name))
  : [];

/** Returns every recorded date, oldest first. Empty without the folder. */
export const recordedDates: readonly string[] = [...new Set(files.map((name) => name.slice(0, 10)))].sort();

const rawListSchema = z.array(z.looseObject({ paper: z.looseObject({ id: z.string() }) }));

export interface RecordedCounts {
  readonly items: number;
  readonly papers: number;
}

/**
 * Returns what a run at 05:00 UTC of the day after `date` must read: the lists of that day and the three days before. Each list is as
 * last recorded by then. The counts come only from the files, without code of the project.
 */
export function countRecorded(date: string): RecordedCounts {
  const dayAfter = shiftDay(date, 1);
  const now = `${dayAfter}T0500Z`;
  const ids = [0, -1, -2, -3].flatMap((days) => readIds(newestFile(shiftDay(dayAfter, days), now)));
  return { items: ids.length, papers: new Set(ids).size };
}

/** The times in the names have the same length, so alphabetical order is chronological. */
function newestFile(day: string, now: string): string | undefined {
  const isKnown = (name: string) => name.slice('YYYY-MM-DD.at-'.length, -'.json'.length) <= now;
  return files
    .filter((name) => name.startsWith(day) && isKnown(name))
    .sort()
    .at(-1);
}

function readIds(file: string | undefined): readonly string[] {
  if (file === undefined) return [];
  const list: unknown = JSON.parse(readFileSync(`${recordingsFolder}/${file}`, 'utf8'));
  return rawListSchema.parse(list).map(({ paper }) => paper.id);
}

function shiftDay(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
