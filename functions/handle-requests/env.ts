import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import * as z from '../../shared/domain/zod.ts';
import { leftRetentionDaysTextSchema } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';
import { publicationSchema } from '../../shared/presentation/publication.ts';
import { hourlyLimitsSchema } from '../../shared/subscribers/web-budgets.ts';

/** The environment variables of `handle-requests`. */
export const handleRequestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  SUBSCRIBERS_TABLE: z.string().check(z.minLength(1)),
  LEFT_RETENTION_DAYS: leftRetentionDaysTextSchema,
  /** The SES configuration set of every mail. It suppresses addresses and publishes events. */
  CONFIGURATION_SET: z.string().check(z.minLength(1)),
  PUBLICATION: jsonTextOf(publicationSchema),
  /** How many mails may go out in an hour. */
  HOURLY_LIMITS: jsonTextOf(hourlyLimitsSchema),
  /** The secret with the keys that sign the links. */
  KEYS_SECRET: z.string().check(z.minLength(1)),
});

export type HandleRequestsEnv = z.infer<typeof handleRequestsEnvSchema>;
