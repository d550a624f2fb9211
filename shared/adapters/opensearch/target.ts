import * as z from '../../domain/zod.ts';

/** Where papers are indexed: a domain of Amazon OpenSearch Service (`es`), or a collection of OpenSearch Serverless (`aoss`). */
export const openSearchSchema = z.object({
  endpoint: z.url({ protocol: /^https?$/ }),
  service: z.enum(['es', 'aoss']),
  region: z.string().check(z.minLength(1)),
  /** The name of the index, of which each stage has its own. */
  index: z.string().check(z.regex(/^[a-z][a-z0-9-]*$/)),
});

export type OpenSearchTarget = z.infer<typeof openSearchSchema>;
