import * as z from 'zod';
import { leftRetentionDaysTextSchema } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `handle-feedback`. */
export const handleFeedbackEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  SUBSCRIBERS_TABLE: z.string().min(1),
  LEFT_RETENTION_DAYS: leftRetentionDaysTextSchema,
  DELIVERIES_TABLE: z.string().min(1),
});

export type HandleFeedbackEnv = z.infer<typeof handleFeedbackEnvSchema>;
