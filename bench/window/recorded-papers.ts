import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSample, SAMPLE_DAYS } from '../../local/hugging-face/sample.ts';
import { mergePaper } from '../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../shared/domain/papers/paper.ts';
import { parseHfItem } from '../../shared/sources/hf-daily/hf-item.ts';

/** Recorded lists. They are in a folder beside the repository, if there is a copy. */
const RECORDINGS = fileURLToPath(new URL('../../../shared/recordings/hf', import.meta.url));

const SEEN_AT = '2026-01-05T08:00:00.000Z';

/** Reads real papers: those of the recordings, or else those of the bundled sample. Each once. */
export async function readRecordedPapers(): Promise<readonly Paper[]> {
  const papers = new Map<string, Paper>();
  for (const { day, items } of existsSync(RECORDINGS) ? readRecordings() : await readSample()) {
    for (const [position, raw] of items.entries()) {
      const read = parseHfItem(raw, { position, askedDay: day, now: SEEN_AT });
      if (read.kind === 'item')
        papers.set(read.item.facts.id, mergePaper(undefined, read.item.facts, SEEN_AT));
    }
  }
  return [...papers.values()];
}

interface RecordedList {
  readonly day: string;
  readonly items: readonly unknown[];
}

function readRecordings(): readonly RecordedList[] {
  const files = readdirSync(RECORDINGS).filter((name) => /^\d{4}-\d{2}-\d{2}\.at-/.test(name));
  return files.map((name) => {
    const items: readonly unknown[] = JSON.parse(readFileSync(`${RECORDINGS}/${name}`, 'utf8'));
    return { day: name.slice(0, 10), items };
  });
}

async function readSample(): Promise<readonly RecordedList[]> {
  const answer = createSample();
  return Promise.all(SAMPLE_DAYS.map(async (day) => ({ day, items: (await answer(day)) ?? [] })));
}
