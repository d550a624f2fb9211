import type { Instant } from '../../shared/domain/time/time.ts';
import type { Archive, ArxivPaper } from './archive.ts';
import { toVersionedId } from './feed-xml.ts';
import { element, optional, XML_HEAD, type Xml } from './xml.ts';

const ID = /^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?$/;
const DEFAULT_RESULTS = 10;
const SCHEME = 'http://arxiv.org/schemas/atom';

/** An answer of the query API. */
export interface QueryAnswer {
  readonly status: number;
  readonly body: Xml;
}

/**
 * Answers a query for single papers: `id_list=2611.00001,hep-th/9901001`. Unknown ids have no entry. Errors are feeds with one
 * entry, as at arXiv. A search by words is not supported.
 *
 * @param isEmpty whether the entries are left out
 */
export function answerQuery(
  archive: Pick<Archive, 'find'>,
  query: URLSearchParams,
  now: Instant,
  isEmpty = false,
): QueryAnswer {
  const ids = (query.get('id_list') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0 || query.get('search_query')) {
    return toError('only id_list is supported', now);
  }
  const malformed = ids.find((id) => !ID.test(id));
  if (malformed !== undefined) return toError(`incorrect id format for ${malformed}`, now);
  const start = Number(query.get('start') ?? 0);
  const size = Number(query.get('max_results') ?? DEFAULT_RESULTS);
  if (!Number.isInteger(start) || !Number.isInteger(size)) return toError('start must be an integer', now);

  const found = ids.flatMap((id) => archive.find(id.replace(/v\d+$/, ''), now) ?? []);
  const entries = isEmpty ? [] : found.slice(start, start + size).map(toEntry);
  return { status: 200, body: toFeed(entries, found.length, start, now) };
}

function toEntry(paper: ArxivPaper): Xml {
  const id = toVersionedId(paper);
  return element('entry', [
    element('id', `http://arxiv.org/abs/${id}`),
    element('title', paper.title),
    element('updated', toSeconds(paper.versions.at(-1) ?? paper.versions[0])),
    element('link', [], { href: `https://arxiv.org/abs/${id}`, rel: 'alternate', type: 'text/html' }),
    element('link', [], {
      href: `https://arxiv.org/pdf/${id}`,
      rel: 'related',
      type: 'application/pdf',
      title: 'pdf',
    }),
    element('summary', paper.abstract),
    ...paper.categories.map((term) => element('category', [], { term, scheme: SCHEME })),
    element('published', toSeconds(paper.versions[0])),
    ...optional('arxiv:comment', paper.comments),
    element('arxiv:primary_category', [], { term: paper.categories[0] }),
    ...optional('arxiv:journal_ref', paper.journalReference),
    ...paper.authors.map((name) => element('author', [element('name', name)])),
    ...optional('arxiv:doi', paper.doi),
  ]);
}

function toError(reason: string, now: Instant): QueryAnswer {
  const url = `https://arxiv.org/api/errors#${reason.replaceAll(' ', '_')}`;
  const entry = element('entry', [
    element('id', url),
    element('title', 'Error'),
    element('updated', toSeconds(now)),
    element('link', [], { href: url, rel: 'alternate', type: 'text/html' }),
    element('summary', reason),
    element('author', [element('name', 'arXiv api core')]),
  ]);
  return { status: 400, body: toFeed([entry], 1, 0, now) };
}

function toFeed(entries: readonly Xml[], total: number, start: number, now: Instant): Xml {
  return (
    XML_HEAD +
    element(
      'feed',
      [
        element('id', 'https://arxiv.org/'),
        element('title', 'arXiv Search Results'),
        element('updated', toSeconds(now)),
        element('opensearch:itemsPerPage', String(entries.length)),
        element('opensearch:totalResults', String(total)),
        element('opensearch:startIndex', String(start)),
        ...entries,
      ],
      {
        'xmlns:opensearch': 'http://a9.com/-/spec/opensearch/1.1/',
        'xmlns:arxiv': SCHEME,
        xmlns: 'http://www.w3.org/2005/Atom',
      },
    )
  );
}

function toSeconds(instant: Instant): string {
  return `${instant.slice(0, 19)}Z`;
}
