import * as z from 'zod';
import { openSearchSchema } from '../../shared/adapters/opensearch/target.ts';
import { sourceNames } from '../../shared/domain/lists.ts';
import { jsonTextOf } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

/** The environment variables of `ingest-papers`. */
export const ingestPapersEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().min(1),
  /** Missing if searches run in the process of the pages. */
  OPEN_SEARCH: jsonTextOf(openSearchSchema).optional(),
  /** The User-Agent contains it, so that sources know who reads them. */
  PUBLIC_URL: z.url(),
  /** The sources that are read at another address: `{"hf-daily":"https://papers.example.org/lists"}`. */
  SOURCE_URLS: jsonTextOf(z.partialRecord(z.enum(sourceNames), z.url({ protocol: /^https?$/ }))).optional(),
});

export type IngestPapersEnv = z.infer<typeof ingestPapersEnvSchema>;
