import type { FC } from 'hono/jsx';
import type { ListId } from '../../../domain/lists/lists.ts';
import { withParams } from '../../../domain/text/with-params.ts';
import type { Day } from '../../../domain/time/time.ts';
import type { SearchAnswer, SearchSort } from '../../../ports/search.ts';
import type { Publication } from '../../../presentation/publication.ts';
import { toReaderText } from '../../../presentation/reader-text.ts';
import { toCountText } from '../../../presentation/wording.ts';
import { SitePage } from '../../parts/page.tsx';
import { SubscribeBanner, toFollowedLists } from '../../parts/subscribe-banner.tsx';
import { toNameFeed } from '../../paths/feed-links.ts';
import { type NameKind, toNameQuery } from '../../paths/paper-paths.ts';
import { toSearchPath } from '../../paths/search-path.ts';
import { SUMMARY_STYLE } from '../neighbours.tsx';
import { toDescription, toPageCards } from '../page-cards.ts';
import { CARD_STYLE } from '../paper-cards.tsx';
import { RESULTS_STYLE, Results } from '../results.tsx';
import { haveName } from './judge-name.ts';

/** The orders of a page. No paper is more relevant than another, because a name either matches or does not. */
export const nameSorts = ['date', 'votes'] as const satisfies readonly SearchSort[];

export interface NamePageProps {
  readonly publication: Publication;
  readonly kind: NameKind;
  readonly name: string;
  /** The path of this page without its parameters. */
  readonly path: string;
  /** The path under the most common spelling. */
  readonly canonicalPath: string;
  /** The query that finds the papers. */
  readonly query: string;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly sort: (typeof nameSorts)[number];
  readonly cursor: string | undefined;
  readonly answer: SearchAnswer;
  readonly today: Day;
}

const MAX_NAME_CHARS = 120;
const MAX_ORGANISATIONS = 6;

const LEADS: Readonly<Record<NameKind, string>> = {
  author: 'by this author',
  organisation: 'from this organisation',
  keyword: 'with this keyword',
};

/** The leads if a paper may have a longer name: `K. He` may be `Kaiming He`. */
const LOOSE_LEADS: Readonly<Record<NameKind, string>> = {
  author: 'by authors with this name',
  organisation: 'from organisations with this name',
  keyword: 'with this in a keyword',
};

/** How a name follows “new papers”. */
const PREPOSITIONS: Readonly<Record<NameKind, string>> = {
  author: 'by',
  organisation: 'from',
  keyword: 'on',
};

/** The papers of an author, of an organisation, or with a keyword. */
export const NamePage: FC<NamePageProps> = (props) => {
  const { publication, kind, path, canonicalPath, query, sort, cursor, answer, today } = props;
  const name = toReaderText(props.name, MAX_NAME_CHARS);
  const matches = answer.hits.map(({ paper }) => ({ paper, reasons: [] }));
  const cards = toPageCards(matches, { lists: [], day: today, today });
  const leads = haveName(kind, props.name, answer.hits) ? LEADS : LOOSE_LEADS;
  const lead = `${toCountText(answer.total, 'paper')} ${leads[kind]}`;
  return (
    <SitePage
      publication={publication}
      heading={name}
      metadata={{ path: canonicalPath, description: toDescription(cards, lead) }}
      feeds={[toNameFeed(kind, props.name)]}
      style={SUMMARY_STYLE + CARD_STYLE + RESULTS_STYLE}
    >
      <p class="lead">
        {lead}.
        {answer.total > 1 && (
          <>
            {' '}
            <a href={toSearchPath({ query })}>Search among them</a>
          </>
        )}
      </p>
      {kind !== 'organisation' && <Organisations query={query} answer={answer} />}
      <Results
        cards={cards}
        sort={sort}
        sorts={nameSorts}
        toSortPath={(newSort) => toPagePath(path, newSort)}
        nextPath={answer.next && toPagePath(path, sort, answer.next)}
        firstPath={cursor && toPagePath(path, sort)}
      />
      <SubscribeBanner
        site={{ publication }}
        query={query}
        words={`${PREPOSITIONS[kind]} ${name}`}
        lists={toFollowedLists([], props.lists)}
      />
    </SitePage>
  );
};

/** The organisations of these papers. Each links to its papers among them. */
const Organisations: FC<Pick<NamePageProps, 'query' | 'answer'>> = ({ query, answer: { facets } }) => {
  const linked = (facets?.organisations ?? []).slice(0, MAX_ORGANISATIONS).flatMap(({ value, count }) => {
    const organisation = toNameQuery('organisation', value);
    return organisation === undefined
      ? []
      : { value, count, path: toSearchPath({ query: `${query} ${organisation}` }) };
  });
  if (linked.length === 0) return null;
  return (
    <p class="faint">
      Organisations:{' '}
      {linked.map(({ value, count, path }, index) => (
        <>
          {index > 0 && ', '}
          <a href={path}>{toReaderText(value, MAX_NAME_CHARS)}</a> ({count})
        </>
      ))}
    </p>
  );
};

function toPagePath(path: string, sort: SearchSort, cursor?: string): string {
  return withParams(path, { sort: sort === 'date' ? undefined : sort, cursor });
}
