import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { createSample } from '../../../local/hugging-face/sample.ts';
import { loadItems, toRuns } from './sample-items.ts';

const FOLDER = new URL('../../../../shared/recordings/hf/', import.meta.url);
const RECORDINGS = [
  ['2026-01-05', '2026-01-05.at-2026-01-06T0301Z.json'],
  ['2026-01-06', '2026-01-06.at-2026-01-07T0259Z.json'],
] as const;

const factsSchema = z.object({
  paper: z.object({
    id: z.string(),
    title: z.string().transform((title) => title.replace(/\s+/g, ' ').trim()),
    authors: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
    publishedAt: z.string(),
    submittedOnDailyAt: z.string(),
    submittedOnDailyBy: z.object({ fullname: z.string(), user: z.string() }),
    upvotes: z.number(),
    ai_keywords: z.array(z.string()).optional(),
    githubRepo: z.string().optional(),
    githubStars: z.number().optional(),
    projectPage: z.string().optional(),
    organization: z.object({ name: z.string(), fullname: z.string() }).optional(),
  }),
  publishedAt: z.string(),
  numComments: z.number(),
  submittedBy: z.object({ fullname: z.string(), name: z.string() }),
});

const textsSchema = z.object({ summary: z.string(), paper: z.object({ ai_summary: z.string().optional() }) });

function readRecording(file: string): readonly unknown[] {
  return z.array(z.unknown()).parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));
}

function toTexts(item: unknown): readonly string[] {
  const { summary, paper } = textsSchema.parse(item);
  return [summary, paper.ai_summary ?? ''];
}

const isPresent = existsSync(FOLDER);
if (!isPresent)
  process.stderr.write(`The sample's facts are not checked: no recordings in ${fileURLToPath(FOLDER)}\n`);

(isPresent ? describe : describe.skip)('the sample beside the recordings', () => {
  it.each(RECORDINGS)('has the recorded facts of %s', async (day, file) => {
    const items = await loadItems(createSample(), day);

    expect(items.map((item) => factsSchema.parse(item))).toEqual(
      readRecording(file).map((item) => factsSchema.parse(item)),
    );
  });

  it('shares no eight consecutive words with a recorded abstract or summary', async () => {
    const recorded = new Set(
      RECORDINGS.flatMap(([, file]) => readRecording(file)).flatMap((item) =>
        toTexts(item).flatMap((text) => toRuns(text, 8)),
      ),
    );
    const own = (await Promise.all(RECORDINGS.map(([day]) => loadItems(createSample(), day)))).flat();
    const shared = own.flatMap(toTexts).flatMap((text) => toRuns(text, 8).filter((run) => recorded.has(run)));

    expect(recorded.size).toBeGreaterThan(1_000);
    expect(shared).toEqual([]);
  });
});
