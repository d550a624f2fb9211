import * as z from '../../shared/domain/zod.ts';
import { memoryMbTextSchema } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `fan-out-digests`. */
export const fanOutDigestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  SUBSCRIBERS_TABLE: z.string().check(z.minLength(1)),
  DELIVERIES_TABLE: z.string().check(z.minLength(1)),
  DIGESTS_QUEUE_URL: z.url(),
  /** The function's own queue. A large cohort is queued again and continues in another invocation. */
  COHORTS_QUEUE_URL: z.url(),
  /** The memory of the function in MB. The price of its running time is in proportion to it. */
  MEMORY_MB: memoryMbTextSchema,
});

export type FanOutDigestsEnv = z.infer<typeof fanOutDigestsEnvSchema>;
