import { openSearchSchema } from '../../shared/adapters/opensearch/target.ts';
import { feedNameSchema, listsTextSchema, sourceNames } from '../../shared/domain/lists/lists.ts';
import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import * as z from '../../shared/domain/zod.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';

const urlSchema = z.url({ protocol: /^https?$/ });

/** The environment variables of `ingest-papers`. */
export const ingestPapersEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().check(z.minLength(1)),
  /** The lists of the deployment: `hf-daily,arxiv/cs.*`. */
  LISTS: listsTextSchema,
  /** Missing if searches run in the process of the pages. */
  OPEN_SEARCH: z.optional(jsonTextOf(openSearchSchema)),
  /** The User-Agent contains it, so that sources know who reads them. */
  PUBLIC_URL: z.url(),
  /** The sources that are read at another address: `{"hf-daily":"https://papers.example.org/lists"}`. */
  SOURCE_URLS: z.optional(jsonTextOf(z.partialRecord(z.enum(sourceNames), urlSchema))),
  /** The feeds by name: `{"Distill":"https://distill.pub/rss.xml"}`. Missing if the deployment reads none. */
  FEEDS: z.optional(jsonTextOf(z.record(feedNameSchema, urlSchema))),
});

export type IngestPapersEnv = z.infer<typeof ingestPapersEnvSchema>;
