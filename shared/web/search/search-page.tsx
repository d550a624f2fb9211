import type { FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists/lists.ts';
import type { Day } from '../../domain/time/time.ts';
import { findContradiction } from '../../matching/query/contradiction.ts';
import { parseQueryCached } from '../../matching/query/parse-query-cached.ts';
import { findAdvice } from '../../matching/query/query-advice.ts';
import type { Advice } from '../../matching/query/unquoted-names.ts';
import { type SearchAnswer, searchSorts } from '../../ports/search.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toQueryText } from '../../presentation/subscription-wording.ts';
import { toCountText, toFirstCount } from '../../presentation/wording.ts';
import { Results } from '../papers/results.tsx';
import { SubscribeBanner, toFollowedLists } from '../parts/subscribe-banner.tsx';
import { toSearchFeed } from '../paths/feed-links.ts';
import { isRanked, SEARCH_PATH, type SearchSelection, toSearchPath } from '../paths/search-path.ts';
import { Facets, findNarrowings } from './facets.tsx';
import { areNamesAlone, type NameSuggestion, suggestName } from './name-suggestion.ts';
import { toSearchCards } from './search-cards.ts';
import { SearchFrame } from './search-frame.tsx';

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
  const name = suggestName(searched.query, answer.hits);
  const wanted = name?.isCertain ? name.query : searched.query;
  // A search looks for a plain word in names, too. So it may find papers that a subscription cannot.
  const contradiction = findContradiction(parseQueryCached(searched.query));
  const isPossible = contradiction === undefined || answer.total > 0;
  return (
    <SearchFrame
      publication={publication}
      query={selection.query}
      title={toTitle(selection)}
      path={toSearchPath(selection, cursor)}
      description={`${toFirstCount(answer.total, 'paper')} in a search of ${publication.name}.`}
      hidden={toHiddenFields(selection)}
      feeds={[toSearchFeed(searched.query, searched.lists)]}
    >
      <Correction selection={selection} corrected={answer.corrected} />
      <p class="lead" role="status">
        {toTotal(answer, selection)}
      </p>
      <Narrowings selection={searched} />
      {isRelaxed(answer) && (
        <p class="faint">Emails and the feed contain only papers that have all of these words.</p>
      )}
      {findAdvice(selection.query, lists)
        .filter(({ sentence }) => answer.total === 0 || sentence !== contradiction)
        .map((advice) => (
          <p class="faint">
            <AdviceText selection={selection} advice={advice} />
          </p>
        ))}
      {name && <NameLink selection={searched} name={name} />}
      {!name && areNamesAlone(searched.query, answer.hits) && (
        <p class="faint">
          A subscription finds authors and organisations only by <code>author:</code> and <code>org:</code>.
        </p>
      )}
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
        <Nothing selection={searched} isPossible={isPossible} />
      )}
      <SubscribeBanner
        site={{ publication }}
        query={isPossible ? wanted : ''}
        lists={toFollowedLists(searched.lists, lists)}
      />
    </SearchFrame>
  );
};

/** Keeps the list and month when a reader changes the words. */
function toHiddenFields({ lists, month }: SearchSelection): Readonly<Record<string, string>> {
  return { ...(lists.length > 0 && { list: lists.join(',') }), ...(month !== undefined && { month }) };
}

/** `agents · Search`, or `Newest papers · Search` without a query. */
function toTitle({ query }: SearchSelection): string {
  return `${toQueryText(query) ?? 'Newest papers'} · Search`;
}

/** Returns whether too few papers have all plain words, so that papers with some of them follow. */
function isRelaxed({ total, totalWithAll }: SearchAnswer): boolean {
  return totalWithAll < total;
}

/** `20 papers match.`, or `2 papers have all of these words. 4 more papers have some of them.` */
function toTotal(answer: SearchAnswer, { query }: SearchSelection): string {
  const { total, totalWithAll } = answer;
  const toHave = (papers: number, kind: string) => toCountText(papers, `${kind} has`, `${kind}s have`);
  if (isRelaxed(answer))
    return totalWithAll === 0
      ? `No paper has all of these words. ${toHave(total, 'paper')} some of them.`
      : `${toHave(totalWithAll, 'paper')} all of these words. ${toHave(total - totalWithAll, 'more paper')} some of them.`;
  const count = toFirstCount(total, 'paper');
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

/** The words and the field of a kind of names. */
const NAMES: Readonly<Record<NameSuggestion['kind'], { readonly noun: string; readonly field: string }>> = {
  author: { noun: 'author', field: 'author:' },
  organisation: { noun: 'organisation', field: 'org:' },
};

/** Links to the papers of an author or an organisation whose name was typed as plain words. */
const NameLink: FC<{ selection: SearchSelection; name: NameSuggestion }> = ({
  selection,
  name: { kind, query },
}) => {
  const { noun, field } = NAMES[kind];
  return (
    <p class="faint">
      For this {noun}, search for <a href={toSearchPath({ ...selection, query })}>{toQueryText(query)}</a>. A
      subscription finds {noun}s only by <code>{field}</code>.
    </p>
  );
};

/** Advice, with a link to the search that it advises. */
const AdviceText: FC<{ selection: SearchSelection; advice: Advice }> = ({
  selection,
  advice: { sentence, better },
}) => {
  if (!better) return <>{sentence}</>;
  const [before = '', after = ''] = sentence.split(better.written);
  return (
    <>
      {before}
      <a href={toSearchPath({ ...selection, query: better.query })}>{better.written}</a>
      {after}
    </>
  );
};

/** What narrows the search. Each part links to the search without it. */
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

const Nothing: FC<{ selection: SearchSelection; isPossible: boolean }> = ({ selection, isPossible }) => {
  const isNarrowed = selection.lists.length > 0 || selection.month !== undefined;
  return (
    <ul>
      {isPossible && <li>Check the spelling, or use fewer words.</li>}
      {isPossible && isNarrowed && (
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
