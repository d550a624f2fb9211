import { openSearchSchema } from '../../shared/adapters/opensearch/target.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { cadences } from '../../shared/domain/subscribers/cadence.ts';
import { hourSchema } from '../../shared/domain/subscribers/subscriber.ts';
import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import * as z from '../../shared/domain/zod.ts';
import { leftRetentionDaysTextSchema } from '../../shared/environment.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';
import { publicationSchema } from '../../shared/presentation/publication.ts';
import { hourlyLimitsSchema } from '../../shared/subscribers/web-budgets.ts';
import { edgeSchema, trustedProxiesSchema } from '../../shared/web/parts/client-address.ts';

/** The environment variables of `api`. */
export const apiEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().check(z.minLength(1)),
  /** The lists of the deployment: `hf-daily,arxiv/cs.*`. */
  LISTS: listsTextSchema,
  /** Missing if searches run in the process of the pages. */
  OPEN_SEARCH: z.optional(jsonTextOf(openSearchSchema)),
  SUBSCRIBERS_TABLE: z.string().check(z.minLength(1)),
  LEFT_RETENTION_DAYS: leftRetentionDaysTextSchema,
  DELIVERIES_TABLE: z.string().check(z.minLength(1)),
  REQUESTS_QUEUE_URL: z.url(),
  PUBLICATION: jsonTextOf(publicationSchema),
  /** The cadence and the local hour of a sign-up that names none. */
  DEFAULT_CADENCE: z.enum(cadences),
  DEFAULT_HOUR: z.pipe(
    z.pipe(z.string().check(z.regex(/^\d\d?$/, 'expected an hour, 0 to 23')), z.transform(Number)),
    hourSchema,
  ),
  /** The lists of a sign-up that names none. */
  DEFAULT_LISTS: listsTextSchema,
  /** The proxies with a trusted `X-Forwarded-For` header: `["203.0.113.0/24"]`. */
  TRUSTED_PROXIES: jsonTextOf(trustedProxiesSchema),
  /** The distribution in front of the pages: `{ "secret": "…", "isOnlyWay": false }`. */
  EDGE: jsonTextOf(edgeSchema),
  /** How many mails may be requested in an hour. */
  HOURLY_LIMITS: jsonTextOf(hourlyLimitsSchema),
  /** The secret with the keys that signed the links in digests. */
  KEYS_SECRET: z.string().check(z.minLength(1)),
});

export type ApiEnv = z.infer<typeof apiEnvSchema>;
