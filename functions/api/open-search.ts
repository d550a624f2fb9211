import {
  createOpenSearchClient,
  type OpenSearchClientOptions,
} from '../../shared/adapters/opensearch/client.ts';
import { createOpenSearch, type OpenSearchPorts } from '../../shared/adapters/opensearch/paper-search.ts';
import type { OpenSearchTarget } from '../../shared/adapters/opensearch/target.ts';
import { systemTimer } from '../../shared/adapters/system-clock.ts';
import type { PaperSearch } from '../../shared/ports/search.ts';

/** Opens the search in OpenSearch. It signs its requests with the credentials. */
export function openOpenSearch(
  target: OpenSearchTarget,
  { credentials, ...ports }: Omit<OpenSearchPorts, 'client'> & Pick<OpenSearchClientOptions, 'credentials'>,
): PaperSearch {
  return createOpenSearch({
    ...ports,
    client: createOpenSearchClient({ ...target, credentials, timer: systemTimer }),
  });
}
