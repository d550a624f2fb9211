import * as z from 'zod';
import type { OpenSearchTarget } from '../../shared/adapters/opensearch/target.ts';

const ARN = /^arn:aws[a-z-]*:(es|aoss):([a-z0-9-]+):\d{12}:(domain|collection)\/[a-z0-9-]+$/;

export const openSearchSettings = z.strictObject({
  endpoint: z
    .url({
      protocol: /^https$/,
      error: 'expected an address like "https://search-papers-abc.eu-west-1.es.amazonaws.com"',
    })
    .describe('The address of the domain or collection.'),
  arn: z
    .string()
    .regex(
      ARN,
      'expected the ARN of an OpenSearch domain or of an OpenSearch Serverless collection like "arn:aws:es:eu-west-1:111122223333:domain/papers"',
    )
    .describe('Its ARN. The functions get permission to use it.'),
});

/** Returns where a stage indexes its papers. Undefined if searches run in the process of the pages. */
export function toOpenSearchTarget({
  stage,
  search,
}: {
  readonly stage: string;
  readonly search: { readonly openSearch?: z.infer<typeof openSearchSettings> | undefined };
}): OpenSearchTarget | undefined {
  if (!search.openSearch) return undefined;
  const { endpoint, arn } = search.openSearch;
  const [, service, region = ''] = ARN.exec(arn) ?? [];
  return { endpoint, service: service === 'aoss' ? 'aoss' : 'es', region, index: `broadsheet-${stage}` };
}
