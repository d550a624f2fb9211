import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergePaper } from '../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../shared/domain/papers/paper.ts';
import type { Day } from '../../shared/domain/time/time.ts';
import type { WindowPart } from '../../shared/matching/index/combine-parts.ts';
import { buildDayIndex } from '../../shared/matching/index/day-index.ts';
import { openDay } from '../../shared/matching/index/open-day.ts';
import { openWindow, type Window } from '../../shared/matching/window.ts';
import { parseHfItem } from '../../shared/sources/hf-daily/hf-item.ts';

export const DEFAULT_FOLDER = '../shared/recordings/hf';

/** The list of the recorded papers. */
export const LIST = 'hf-daily';

/** The papers that a recorded day brought. */
export interface RecordedDay {
  readonly day: Day;
  readonly papers: readonly Paper[];
}

const FILE = /^(\d{4}-\d{2}-\d{2})\.at-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})Z\.json$/;

/**
 * Returns the first recorded papers, by the day that named them first. Without a number it returns all.
 *
 * @throws Error if the folder is missing or has too few
 */
export async function readRecordedDays(
  folder: string,
  paperCount = Number.POSITIVE_INFINITY,
): Promise<readonly RecordedDay[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => FILE.test(name)).sort();
  const seen = new Set<string>();
  const days: RecordedDay[] = [];
  for (const name of names) {
    const [, day = '', seenOn, hour, minute] = FILE.exec(name) ?? [];
    const now = `${seenOn}T${hour}:${minute}:00.000Z`;
    const list: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const papers: Paper[] = [];
    for (const [position, raw] of (Array.isArray(list) ? list : []).entries()) {
      const reading = parseHfItem(raw, { position, askedDay: day, now });
      if (reading.kind !== 'item' || seen.size === paperCount || seen.has(reading.item.facts.id)) continue;
      seen.add(reading.item.facts.id);
      papers.push(mergePaper(undefined, reading.item.facts, now));
    }
    if (papers.length > 0) days.push({ day, papers });
  }
  if (seen.size < (Number.isFinite(paperCount) ? paperCount : 1)) {
    throw new Error(
      `${folder} has ${seen.size} papers, and ${Number.isFinite(paperCount) ? paperCount : 1} are needed. Name a folder with recorded lists of Hugging Face, as files like 2026-01-06.at-2026-01-07T0201Z.json`,
    );
  }
  return days;
}

/** Opens a window over recorded days, with an index for each. */
export function openRecordedWindow(days: readonly RecordedDay[]): Window {
  return openWindow(
    days.map(({ papers }): WindowPart => ({ list: LIST, papers, index: openDay(buildDayIndex(papers)) })),
  );
}
