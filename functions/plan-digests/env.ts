import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import * as z from '../../shared/domain/zod.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `plan-digests`. */
export const planDigestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().check(z.minLength(1)),
  /** The lists of the deployment: `hf-daily,arxiv/cs.*`. */
  LISTS: listsTextSchema,
  SUBSCRIBERS_TABLE: z.string().check(z.minLength(1)),
  COHORTS_QUEUE_URL: z.url(),
});

export type PlanDigestsEnv = z.infer<typeof planDigestsEnvSchema>;
