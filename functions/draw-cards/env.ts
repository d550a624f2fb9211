import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import * as z from '../../shared/domain/zod.ts';
import { telemetryEnvSchema } from '../../shared/observability.ts';
import { publicationSchema } from '../../shared/presentation/publication.ts';
import { edgeSchema } from '../../shared/web/parts/client-address.ts';

/** The environment variables of `draw-cards`. */
export const drawCardsEnvSchema = z.object({
  ...telemetryEnvSchema.shape,
  PAPERS_TABLE: z.string().check(z.minLength(1)),
  /** The lists of the deployment: `hf-daily,arxiv/cs.*`. */
  LISTS: listsTextSchema,
  PUBLICATION: jsonTextOf(publicationSchema),
  /** The distribution in front of the pages: `{ "secret": "…", "isOnlyWay": false }`. */
  EDGE: jsonTextOf(edgeSchema),
});

export type DrawCardsEnv = z.infer<typeof drawCardsEnvSchema>;
