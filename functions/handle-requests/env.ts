import * as z from 'zod';
import { publicationTextSchema } from '../../shared/mail/publication.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** What `handle-requests` is told by its environment. */
export const handleRequestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  SUBSCRIBERS_TABLE: z.string().min(1),
  /** The SES configuration set that every mail is sent under. */
  CONFIGURATION_SET: z.string().min(1),
  /** A {@link publicationTextSchema}. */
  PUBLICATION: publicationTextSchema,
  /** The secret with the keys that sign the links. */
  KEYS_SECRET: z.string().min(1),
});

export type HandleRequestsEnv = z.infer<typeof handleRequestsEnvSchema>;
