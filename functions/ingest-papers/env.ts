import * as z from 'zod';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `ingest-papers`. */
export const ingestPapersEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().min(1),
  /** The User-Agent contains it, so that sources know who reads them. */
  PUBLIC_URL: z.url(),
  /** Reads the lists of Hugging Face Daily Papers from another place. */
  BROADSHEET_HF_URL: z.url({ protocol: /^https?$/ }).optional(),
});

export type IngestPapersEnv = z.infer<typeof ingestPapersEnvSchema>;
