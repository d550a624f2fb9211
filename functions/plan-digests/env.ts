import * as z from 'zod';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `plan-digests`. */
export const planDigestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().min(1),
  SUBSCRIBERS_TABLE: z.string().min(1),
  COHORTS_QUEUE_URL: z.url(),
});

export type PlanDigestsEnv = z.infer<typeof planDigestsEnvSchema>;
