import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists.ts';
import type { Day } from '../../domain/time.ts';
import type { Publication } from '../../mail/publication.ts';
import { shorten } from '../../mail/reader-text.ts';
import { toQueryText } from '../../mail/subscription-wording.ts';
import { toCountText, toSentence } from '../../mail/wording.ts';
import type { QueryFault } from '../../matching/query/explain-fault.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { adviseOn } from '../../matching/query/query-advice.ts';
import { type SearchAnswer, searchSorts } from '../../ports/search.ts';
import { toSearchFeed } from '../feeds/feed-links.ts';
import { CARD_STYLE } from '../papers/paper-cards.tsx';
import { type FeedLink, SitePage } from '../parts/page.tsx';
import { toFollowedLists } from '../sign-up/sign-up-path.ts';
import { SubscribeBanner } from '../sign-up/subscribe-banner.tsx';
import { findAuthorQuery } from './author-advice.ts';
import { FACETS_STYLE, Facets, findNarrowings } from './facets.tsx';
import { RESULTS_STYLE, Results } from './results.tsx';
import { isRanked, SEARCH_PATH, type SearchSelection, toSearchPath } from './search-address.ts';
import { toSearchCards } from './search-cards.ts';

/** The page that explains the query language and how results are sorted. */
export const SEARCH_HELP_PATH = '/about/search';

export interface SearchPageProps {
  readonly publication: Publication;
  readonly selection: SearchSelection;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly cursor: string | undefined;
  readonly answer: SearchAnswer;
  readonly today: Day;
}

/** Search results: the field, what was found and how, and the papers. */
export const SearchPage: FC<SearchPageProps> = ({ publication, selection, lists, cursor, answer, today }) => {
  const cards = toSearchCards(answer.hits, today);
  // A link that changes the search starts from what was really searched.
  const searched = { ...selection, query: answer.corrected ?? selection.query };
  return (
    <SearchFrame
      publication={publication}
      query={selection.query}
      title={toTitle(selection)}
      path={toSearchPath(selection, cursor)}
      description={`${toCountText(answer.total, 'paper')} in a search of ${publication.name}.`}
      hidden={toHiddenFields(selection)}
      feeds={[toSearchFeed(searched.query, searched.lists)]}
    >
      <Correction selection={selection} corrected={answer.corrected} />
      <p class="lead" role="status">
        {toTotal(answer, selection)}
      </p>
      <Narrowings selection={searched} />
      {answer.isRelaxed && (
        <p class="faint">
          Few papers have all of these words. Papers with most of them come after those with all of them.
          Mails and the feed have only papers with all of them.
        </p>
      )}
      {adviceOn(selection.query).map((sentence) => (
        <p class="faint">{sentence}</p>
      ))}
      <AuthorAdvice selection={searched} hits={answer.hits} />
      {answer.facets && <Facets selection={searched} facets={answer.facets} total={answer.total} />}
      {cards.length > 0 ? (
        <Results
          cards={cards}
          sort={selection.sort}
          sorts={searchSorts.filter((sort) => sort !== 'relevance' || isRanked(searched.query))}
          toSortPath={(sort) => toSearchPath({ ...searched, sort })}
          nextPath={answer.next && toSearchPath(selection, answer.next)}
          firstPath={cursor && toSearchPath(selection)}
        />
      ) : (
        <Nothing selection={searched} />
      )}
      <SubscribeBanner
        site={{ publication }}
        query={searched.query}
        lists={toFollowedLists(searched.lists, lists)}
      />
    </SearchFrame>
  );
};

export interface SearchFaultPageProps {
  readonly publication: Publication;
  /** As it was typed. */
  readonly query: string;
  /** What is wrong with the query. Undefined if something else is wrong. */
  readonly fault?: QueryFault | undefined;
  /** What else is wrong, as a sentence. */
  readonly message?: string | undefined;
}

/** The search field with what is wrong with the search. */
export const SearchFaultPage: FC<SearchFaultPageProps> = ({ publication, query, fault, message }) => (
  <SearchFrame
    publication={publication}
    query={query}
    title="Search"
    fault={
      <div class="faults" role="alert" id="q-fault">
        {fault ? (
          <>
            <p>
              {toSentence(fault.problem)} {toSentence(fault.hint)}
            </p>
            <p class="place">
              <QueryPlace query={query} position={fault.position} />
            </p>
          </>
        ) : (
          <p>{message}</p>
        )}
      </div>
    }
  >
    <SubscribeBanner site={{ publication }} />
  </SearchFrame>
);

interface FrameProps {
  readonly publication: Publication;
  readonly query: string;
  readonly title: string;
  readonly path?: string;
  readonly description?: string;
  readonly hidden?: Readonly<Record<string, string>>;
  /** The feed of the results. */
  readonly feeds?: readonly FeedLink[];
  readonly fault?: Child;
  readonly children?: Child;
}

/** The search field above anything else. */
const SearchFrame: FC<FrameProps> = ({
  publication,
  query,
  title,
  path,
  description,
  hidden = {},
  feeds,
  fault,
  children,
}) => (
  <SitePage
    publication={publication}
    heading="Search"
    section="search"
    title={title}
    feeds={feeds}
    preview={path !== undefined && description !== undefined ? { path, description } : undefined}
    style={STYLE + CARD_STYLE + RESULTS_STYLE + FACETS_STYLE}
  >
    <search>
      <form class="search" action={SEARCH_PATH}>
        <label for="q">Words, names or a query</label>
        <div>
          <input
            id="q"
            name="q"
            type="search"
            maxlength={MAX_QUERY_LENGTH}
            autocapitalize="off"
            autocorrect="off"
            spellcheck={false}
            value={query}
            {...(fault !== undefined && { 'aria-invalid': 'true', 'aria-describedby': 'q-fault' })}
          />{' '}
          <button class="main" type="submit">
            Search
          </button>
        </div>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <p class="hint">
          <a href={SEARCH_HELP_PATH}>How to search</a>: <code>"exact words"</code>,{' '}
          <code>author:"Kaiming He"</code>, <code>has:code</code>, <code>-survey</code>
        </p>
      </form>
    </search>
    {fault}
    {children}
  </SitePage>
);

/** Keeps the list and month when a reader changes the words. */
function toHiddenFields({ lists, month }: SearchSelection): Readonly<Record<string, string>> {
  return { ...(lists.length > 0 && { list: lists.join(',') }), ...(month !== undefined && { month }) };
}

/** `agents · Search`, or `Newest papers · Search` without a query. */
function toTitle({ query }: SearchSelection): string {
  return `${toQueryText(query) ?? 'Newest papers'} · Search`;
}

function toTotal({ total }: SearchAnswer, { query }: SearchSelection): string {
  const count = total === 0 ? 'No papers' : toCountText(total, 'paper');
  if (query === '') return `${count}.`;
  return `${count} ${total === 1 ? 'matches' : 'match'}.`;
}

const Correction: FC<{ selection: SearchSelection; corrected: string | undefined }> = ({
  selection,
  corrected,
}) =>
  corrected === undefined ? null : (
    <p class="notice">
      Showing results for <b>{toQueryText(corrected)}</b>. Search instead for{' '}
      <a href={toSearchPath({ ...selection, isVerbatim: true })}>{toQueryText(selection.query)}</a>
    </p>
  );

/** Leads to the papers of an author whose name was typed as plain words. */
const AuthorAdvice: FC<{ selection: SearchSelection } & Pick<SearchAnswer, 'hits'>> = ({
  selection,
  hits,
}) => {
  const query = findAuthorQuery(selection.query, hits);
  return query === undefined ? null : (
    <p class="faint">
      For this author, search for <a href={toSearchPath({ ...selection, query })}>{toQueryText(query)}</a>. In
      a subscription, only <code>author:</code> finds a name.
    </p>
  );
};

/** What narrows the search. Each part leads to the search without it. */
const Narrowings: FC<{ selection: SearchSelection }> = ({ selection }) => {
  const narrowings = findNarrowings(selection);
  if (narrowings.length === 0) return null;
  return (
    <ul class="narrowings" aria-label="Narrowed to">
      {narrowings.map(({ text, path }) => (
        <li>
          {text}{' '}
          <a href={path} aria-label={`Remove ${text}`}>
            ×
          </a>
        </li>
      ))}
    </ul>
  );
};

const Nothing: FC<{ selection: SearchSelection }> = ({ selection }) => {
  const isNarrowed = selection.lists.length > 0 || selection.month !== undefined;
  return (
    <ul>
      <li>Check the spelling, or use fewer words.</li>
      {isNarrowed && (
        <li>
          <a href={toSearchPath({ query: selection.query })}>Search every list and month</a>
        </li>
      )}
      <li>
        <a href={SEARCH_PATH}>See the newest papers</a>
      </li>
    </ul>
  );
};

/** How much of a query is shown on each side of a fault. */
const PLACE_CHARS = 60;

/** A query with the word marked where its fault is. A place after its end shows as a blank. */
const QueryPlace: FC<{ query: string; position: number }> = ({ query, position }) => {
  const start = Math.max(0, position - PLACE_CHARS);
  const [marked = '\u00a0'] = /^\s*\S{1,40}/.exec(query.slice(position)) ?? [];
  return (
    <code>
      {start > 0 && '…'}
      {query.slice(start, position)}
      <mark>{marked}</mark>
      {shorten(query.slice(position + marked.length), PLACE_CHARS)}
    </code>
  );
};

function adviceOn(query: string): readonly string[] {
  return query === '' ? [] : adviseOn(query);
}

const STYLE = `
.search > div { display: flex; gap: .6rem; margin-top: .25rem; }
.search input[type=search] { flex: 1; min-width: 0; }
.search .hint { margin-bottom: 1rem; }
.lead { margin: .75rem 0 0; }
.lead + .faint { margin: .25rem 0 0; }
.place { margin-top: .5rem; }
.narrowings { display: flex; flex-wrap: wrap; gap: .5rem; margin: .25rem 0 0; padding: 0; list-style: none; font-size: .875rem; }
.narrowings li { padding-left: .75rem; border: 1px solid var(--line); }
.narrowings a { display: inline-block; min-width: 2.5rem; padding: .6rem 0; text-align: center; text-decoration: none; }
`;
