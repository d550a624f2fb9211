import * as z from 'zod';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** What `ingest-papers` is told by its environment. */
export const ingestPapersEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().min(1),
  /** Named to the sources in the User-Agent, so that they know whom to ask. */
  PUBLIC_URL: z.url(),
  /** Reads the lists of Hugging Face Daily Papers from another place. */
  BROADSHEET_HF_URL: z.url({ protocol: /^https?$/ }).optional(),
});

export type IngestPapersEnv = z.infer<typeof ingestPapersEnvSchema>;
