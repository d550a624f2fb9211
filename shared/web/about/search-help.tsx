import type { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import type { Publication } from '../../presentation/publication.ts';
import { InlineCode } from '../parts/inline-code.tsx';
import { SitePage } from '../parts/page.tsx';
import { OperatorHelp, queryExamples } from '../parts/query-field.tsx';
import { createStaticPage } from '../parts/static-page.ts';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import { SEARCH_HELP_PATH, toSearchPath } from '../paths/search-path.ts';

/** The page that explains the query language and the search. */
export function createSearchHelpRoutes({ publication }: { readonly publication: Publication }): Hono {
  return createStaticPage(SEARCH_HELP_PATH, () => <SearchHelpPage publication={publication} />);
}

const SearchHelpPage: FC<{ publication: Publication }> = ({ publication }) => (
  <SitePage
    publication={publication}
    heading="How to search"
    section="search"
    metadata={{
      path: SEARCH_HELP_PATH,
      description: `The words, phrases and fields with which ${publication.name} searches papers.`,
    }}
    style={STYLE}
  >
    <p>
      Write the words that you look for. Case, accents and plurals do not matter. A subscription takes the
      same queries, but needs every word, and finds authors and organisations only with <code>author:</code>{' '}
      and <code>org:</code>. If your words are a name, the results show the query to subscribe to. Each
      example is a search that you can try.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Write</th>
          <th scope="col">To find</th>
        </tr>
      </thead>
      <tbody>
        {queryExamples.map(([example, meaning]) => (
          <tr key={example}>
            <th scope="row">
              <a href={toSearchPath({ query: example })}>
                <code>{example}</code>
              </a>
            </th>
            <td>
              <InlineCode text={meaning} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    <p>
      <OperatorHelp /> To find a title that has one of these words, put the title in quotes.
    </p>
    <h2>What comes first</h2>
    <p>
      The best matches come first. A word counts more in a title than in an abstract, and a rare word counts
      more than a common one. New papers and papers with votes get a little more. You can have the newest
      papers first, or those with the most votes.
    </p>
    <h2>When words are missing</h2>
    <p>
      If few papers have all of your words, papers with some of them follow. Phrases in quotes, fields and
      signs such as <code>-</code> always apply. If one of your words is in no paper, we search for the most
      similar word. The page says so, and you can search for your own word instead.
    </p>
    <p>
      <a href="/search">Search the papers</a>
    </p>
    <SubscribeBanner site={{ publication }} />
  </SitePage>
);

const STYLE = `
table { width: 100%; border-collapse: collapse; border-top: 1px solid var(--ink); }
th, td { padding: .5rem 1rem .5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
tbody th { font-weight: 400; }
th code { overflow-wrap: normal; }
p code, td code { white-space: nowrap; }
@media (min-width: 34rem) { th code { white-space: nowrap; } }
`;
