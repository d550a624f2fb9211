import { whenUncertainSchema } from '../../shared/domain/digests/delivery-state.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import * as z from '../../shared/domain/zod.ts';
import { memoryMbTextSchema } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';
import { publicationSchema } from '../../shared/presentation/publication.ts';

/** The environment variables of `send-digests`. */
export const sendDigestsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().check(z.minLength(1)),
  /** The lists of the deployment: `hf-daily,arxiv/cs.*`. */
  LISTS: listsTextSchema,
  SUBSCRIBERS_TABLE: z.string().check(z.minLength(1)),
  DELIVERIES_TABLE: z.string().check(z.minLength(1)),
  /** The digests queue. A batch that is put off is queued there again. */
  DIGESTS_QUEUE_URL: z.url(),
  /** How many workers may send concurrently. They share the account's rate. */
  MAX_WORKERS: z.pipe(
    z.string().check(z.regex(/^[1-9]\d*$/, 'expected a whole number from 1')),
    z.transform(Number),
  ),
  WHEN_UNCERTAIN: whenUncertainSchema,
  /** The SES configuration set. It suppresses addresses and publishes events. */
  CONFIGURATION_SET: z.string().check(z.minLength(1)),
  PUBLICATION: jsonTextOf(publicationSchema),
  /** The secret with the keys that sign the links in digests. */
  KEYS_SECRET: z.string().check(z.minLength(1)),
  /** The memory of the function in MB. The price of its running time is in proportion to it. */
  MEMORY_MB: memoryMbTextSchema,
});

export type SendDigestsEnv = z.infer<typeof sendDigestsEnvSchema>;
