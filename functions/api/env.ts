import * as z from 'zod';
import { publicationTextSchema } from '../../shared/mail/publication.ts';
import { monitoringSchema } from '../../shared/observability.ts';

/** What `api` is told by its environment. */
export const apiEnvSchema = z.object({
  MONITORING: monitoringSchema,
  SUBSCRIBERS_TABLE: z.string().min(1),
  /** A {@link publicationTextSchema}. */
  PUBLICATION: publicationTextSchema,
  /** The secret with the keys that signed the links in digests. */
  KEYS_SECRET: z.string().min(1),
});

export type ApiEnv = z.infer<typeof apiEnvSchema>;
