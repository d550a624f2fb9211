import * as z from 'zod';
import type { DailyPapersAnswer } from '../../../local/hugging-face/server.ts';
import { paperIdSchema } from '../../../shared/domain/paper.ts';
import type { Day } from '../../../shared/domain/time.ts';

const textSchema = z.string().trim().min(1);
const instantSchema = z.iso.datetime({ precision: 3 });
const countSchema = z.int().nonnegative();

/** An item of the sample, with no key that the sample does not need. */
const sampleItemSchema = z.strictObject({
  paper: z.strictObject({
    id: paperIdSchema,
    title: textSchema,
    summary: textSchema,
    authors: z.array(z.strictObject({ name: textSchema, hidden: z.boolean() })).min(1),
    publishedAt: instantSchema,
    submittedOnDailyAt: instantSchema,
    submittedOnDailyBy: z.strictObject({ fullname: textSchema, user: textSchema }),
    upvotes: countSchema,
    ai_summary: textSchema.optional(),
    /** One paper has a single empty keyword, as the API sent it. */
    ai_keywords: z.array(z.string()).optional(),
    githubRepo: z.url().optional(),
    githubStars: countSchema.optional(),
    projectPage: z.url().optional(),
    organization: z.strictObject({ name: textSchema, fullname: textSchema }).optional(),
  }),
  publishedAt: instantSchema,
  title: textSchema,
  summary: textSchema,
  numComments: countSchema,
  submittedBy: z.strictObject({ fullname: textSchema, name: textSchema }),
});

export type SampleItem = z.infer<typeof sampleItemSchema>;

/** The items that an answer of the sample has for a day; fails for one of another shape. */
export async function loadItems(answer: DailyPapersAnswer, day: Day): Promise<readonly SampleItem[]> {
  return ((await answer(day)) ?? []).map((item) => sampleItemSchema.parse(JSON.parse(item)));
}

/** The words of a text in small letters, without punctuation. */
export function toWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Every run of `length` words that follow each other in a text. */
export function toRuns(text: string, length: number): readonly string[] {
  const words = toWords(text);
  return words.slice(length - 1).map((_, start) => words.slice(start, start + length).join(' '));
}
