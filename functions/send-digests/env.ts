import * as z from 'zod';
import { publicationTextSchema } from '../../shared/mail/publication.ts';
import { monitoringSchema } from '../../shared/observability.ts';

/** What `send-digests` is told by its environment. */
export const sendDigestsEnvSchema = z.object({
  MONITORING: monitoringSchema,
  PAPERS_TABLE: z.string().min(1),
  SUBSCRIBERS_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  /** The SES configuration set: suppression and events. */
  CONFIGURATION_SET: z.string().min(1),
  /** A {@link publicationTextSchema}. */
  PUBLICATION: publicationTextSchema,
  /** The secret with the keys that sign the links in digests. */
  KEYS_SECRET: z.string().min(1),
});

export type SendDigestsEnv = z.infer<typeof sendDigestsEnvSchema>;
