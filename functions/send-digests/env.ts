import * as z from 'zod';
import { publicationSchema } from '../../shared/mail/publication.ts';

/** A publication as JSON, the way an environment variable holds it. */
const publicationTextSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON' });
      return z.NEVER;
    }
  })
  .pipe(publicationSchema);

/** What `send-digests` is told by its environment. */
export const sendDigestsEnvSchema = z.object({
  PAPERS_TABLE: z.string().min(1),
  SUBSCRIBERS_TABLE: z.string().min(1),
  DELIVERIES_TABLE: z.string().min(1),
  /** The SES configuration set: suppression and events. */
  CONFIGURATION_SET: z.string().min(1),
  /** A {@link publicationSchema} as JSON. */
  PUBLICATION: publicationTextSchema,
  /** Signs the links in digests. */
  LINK_KEY: z.string().min(32),
});

export type SendDigestsEnv = z.infer<typeof sendDigestsEnvSchema>;
