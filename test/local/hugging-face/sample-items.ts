import * as z from 'zod';
import type { DailyPapersAnswer } from '../../../local/hugging-face/server.ts';
import { paperIdSchema } from '../../../shared/domain/papers/paper.ts';
import type { Day } from '../../../shared/domain/time/time.ts';

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

/** Returns the sample's items of a day. Throws if an item has another shape. */
export async function loadItems(answer: DailyPapersAnswer, day: Day): Promise<readonly SampleItem[]> {
  return ((await answer(day)) ?? []).map((item) => sampleItemSchema.parse(item));
}

/** Returns the words of a text in lower case, without punctuation. */
export function toWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Returns every sequence of `length` consecutive words. */
export function toRuns(text: string, length: number): readonly string[] {
  const words = toWords(text);
  return words.slice(length - 1).map((_, start) => words.slice(start, start + length).join(' '));
}
