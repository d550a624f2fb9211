import type { FC } from 'hono/jsx';
import type { QueryFault } from '../../matching/query/explain-fault.ts';
import type { Publication } from '../../presentation/publication.ts';
import { shorten } from '../../presentation/reader-text.ts';
import { toSentence } from '../../presentation/wording.ts';
import type { LinkFault } from '../parts/link-fault.ts';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import { toSearchPath } from '../paths/search-path.ts';
import { SearchFrame } from './search-frame.tsx';

export interface SearchFaultPageProps {
  readonly publication: Publication;
  /** As it was typed. */
  readonly query: string;
  /** What is wrong with the query. Undefined if something else is wrong. */
  readonly fault?: QueryFault | undefined;
  /** The query as one phrase, if that may be what the reader looks for. */
  readonly phrase?: string | undefined;
  /** What else is wrong, as a sentence, and a link to a search without it. */
  readonly other?: Pick<LinkFault, 'message' | 'link'> | undefined;
}

/** The search field with what is wrong with the search. */
export const SearchFaultPage: FC<SearchFaultPageProps> = ({ publication, query, fault, phrase, other }) => (
  <SearchFrame
    publication={publication}
    query={query}
    title="Search"
    isQueryFaulty={fault !== undefined}
    fault={
      <div class="faults" role="alert" id="q-fault">
        {fault ? (
          <>
            <p>
              {toSentence(fault.problem)} {toSentence(fault.hint)}
            </p>
            <p class="place">
              <QueryExcerpt query={query} position={fault.position} />
            </p>
            {phrase !== undefined && (
              <p class="place">
                Is this a title?{' '}
                <a class="target" href={toSearchPath({ query: phrase })}>
                  Search for these words as a phrase
                </a>
              </p>
            )}
          </>
        ) : (
          <p>
            {other?.message} {other?.link && <a href={other.link.path}>{other.link.text}</a>}
          </p>
        )}
      </div>
    }
  >
    <SubscribeBanner site={{ publication }} />
  </SearchFrame>
);

/** How much of a query is shown on each side of a fault. */
const EXCERPT_CHARS = 60;

/** The part of a query around its fault, with the faulty word marked. A fault after the end marks a blank. */
const QueryExcerpt: FC<{ query: string; position: number }> = ({ query, position }) => {
  const start = Math.max(0, position - EXCERPT_CHARS);
  const [marked = '\u00a0'] = /^\s*\S{1,40}/.exec(query.slice(position)) ?? [];
  return (
    <code>
      {start > 0 && '…'}
      {query.slice(start, position)}
      <mark>{marked}</mark>
      {shorten(query.slice(position + marked.length), EXCERPT_CHARS)}
    </code>
  );
};
