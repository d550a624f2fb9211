import * as z from '../../domain/zod.ts';

/** A field that counts as absent if it is null or of another type than it should be. */
const lenient = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(z.optional(schema), undefined);

const nameSchema = z.object({ fullname: lenient(z.string()), name: lenient(z.string()) });
const authorSchema = z.object({ name: z.string(), hidden: lenient(z.boolean()) });

/**
 * The fields that are used of an item of `GET https://huggingface.co/api/daily_papers`, all but `paper` optional because
 * fields come and go. Title, abstract and organisation are in two fields; either may be missing.
 *
 * `{"paper":{"id":"2601.00001","title":"T","authors":[{"name":"A. Author","hidden":false}],"upvotes":8},"numComments":2}`
 *
 * @see https://huggingface.co/docs/huggingface_hub/package_reference/hf_api#huggingface_hub.HfApi.list_daily_papers
 */
export const hfItemSchema = z.object({
  paper: z.object({
    id: lenient(z.string()),
    title: lenient(z.string()),
    summary: lenient(z.string()),
    authors: lenient(z.array(lenient(authorSchema))),
    publishedAt: lenient(z.string()),
    submittedOnDailyAt: lenient(z.string()),
    submittedOnDailyBy: lenient(nameSchema),
    withdrawnAt: lenient(z.string()),
    upvotes: lenient(z.number()),
    ai_summary: lenient(z.string()),
    ai_keywords: lenient(z.array(lenient(z.string()))),
    githubRepo: lenient(z.string()),
    githubStars: lenient(z.number()),
    projectPage: lenient(z.string()),
    organization: lenient(nameSchema),
  }),
  title: lenient(z.string()),
  summary: lenient(z.string()),
  numComments: lenient(z.number()),
  submittedBy: lenient(nameSchema),
  organization: lenient(nameSchema),
});

export type HfItem = z.infer<typeof hfItemSchema>;
