import * as z from 'zod';

/** What `plan-digests` is told by its environment. */
export const planDigestsEnvSchema = z.object({
  PAPERS_TABLE: z.string().min(1),
  SUBSCRIBERS_TABLE: z.string().min(1),
  COHORTS_QUEUE_URL: z.url(),
});

export type PlanDigestsEnv = z.infer<typeof planDigestsEnvSchema>;
