import type { Child, FC } from 'hono/jsx';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import type { Publication } from '../../presentation/publication.ts';
import { CARD_STYLE } from '../papers/paper-cards.tsx';
import { RESULTS_STYLE } from '../papers/results.tsx';
import { SitePage } from '../parts/page.tsx';
import type { FeedLink } from '../paths/feed-links.ts';
import { SEARCH_HELP_PATH, SEARCH_PATH } from '../paths/search-path.ts';
import { FACETS_STYLE } from './facets.tsx';

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
  /** Whether the fault is in the field. @default false */
  readonly isQueryFaulty?: boolean;
  readonly children?: Child;
}

/** The search field above anything else. */
export const SearchFrame: FC<FrameProps> = ({
  publication,
  query,
  title,
  path,
  description,
  hidden = {},
  feeds,
  fault,
  isQueryFaulty = false,
  children,
}) => (
  <SitePage
    publication={publication}
    heading="Search"
    section="search"
    title={title}
    feeds={feeds}
    metadata={path !== undefined && description !== undefined ? { path, description } : undefined}
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
            {...(isQueryFaulty && { 'aria-invalid': 'true', 'aria-describedby': 'q-fault' })}
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

const STYLE = `
.search > div { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .25rem; }
.search input[type=search] { flex: 1 1 8rem; min-width: 0; }
.search .hint { margin-bottom: 1rem; }
.lead { margin: .75rem 0 0; }
.lead + .faint { margin: .25rem 0 0; }
.place { margin-top: .5rem; }
.narrowings { display: flex; flex-wrap: wrap; gap: .5rem; margin: .25rem 0 0; padding: 0; list-style: none; font-size: .875rem; }
.narrowings li { padding-left: .75rem; border: 1px solid var(--line); }
.narrowings a { display: inline-block; min-width: 2.5rem; padding: .6rem 0; text-align: center; text-decoration: none; }
`;
