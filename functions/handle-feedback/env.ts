import * as z from 'zod';
import { monitoringSchema } from '../../shared/observability.ts';

/** What `handle-feedback` is told by its environment. */
export const handleFeedbackEnvSchema = z.object({
  MONITORING: monitoringSchema,
  SUBSCRIBERS_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
});

export type HandleFeedbackEnv = z.infer<typeof handleFeedbackEnvSchema>;
