import * as z from 'zod';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** What `fan-out-digests` is told by its environment. */
export const fanOutDigestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  SUBSCRIBERS_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  DIGESTS_QUEUE_URL: z.url(),
  /** Its own queue: a large cohort is put there again, to go on in another invocation. */
  COHORTS_QUEUE_URL: z.url(),
});

export type FanOutDigestsEnv = z.infer<typeof fanOutDigestsEnvSchema>;
