import * as z from '../../shared/domain/zod.ts';
import { leftRetentionDaysTextSchema } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `handle-feedback`. */
export const handleFeedbackEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  SUBSCRIBERS_TABLE: z.string().check(z.minLength(1)),
  LEFT_RETENTION_DAYS: leftRetentionDaysTextSchema,
  DELIVERIES_TABLE: z.string().check(z.minLength(1)),
});

export type HandleFeedbackEnv = z.infer<typeof handleFeedbackEnvSchema>;
