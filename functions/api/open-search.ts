import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOpenSearchClient } from '../../shared/adapters/opensearch/client.ts';
import { createOpenSearch, type OpenSearchPorts } from '../../shared/adapters/opensearch/paper-search.ts';
import type { OpenSearchTarget } from '../../shared/adapters/opensearch/target.ts';
import { systemTimer } from '../../shared/adapters/system-clock.ts';
import type { PaperSearch } from '../../shared/ports/search.ts';

/** Opens the search in OpenSearch. It signs with the credentials of the tables' client. */
export function openOpenSearch(
  target: OpenSearchTarget,
  { documents, ...ports }: Omit<OpenSearchPorts, 'client'> & { readonly documents: DynamoDBDocumentClient },
): PaperSearch {
  const { credentials } = documents.config;
  return createOpenSearch({
    ...ports,
    client: createOpenSearchClient({ ...target, credentials, timer: systemTimer }),
  });
}
