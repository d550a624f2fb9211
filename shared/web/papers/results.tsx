import type { FC } from 'hono/jsx';
import type { SearchSort } from '../../ports/search.ts';
import { findSummaryNote } from '../../presentation/card-content.ts';
import type { PageCard } from './page-cards.ts';
import { PaperCards } from './paper-cards.tsx';

const SORT_TEXTS: Readonly<Record<SearchSort, { readonly is: string; readonly link: string }>> = {
  relevance: { is: 'Best matches first.', link: 'Best matches first' },
  date: { is: 'Newest papers first.', link: 'Newest first' },
  votes: { is: 'Most votes first.', link: 'Most votes first' },
};

export interface ResultsProps {
  readonly cards: readonly PageCard[];
  readonly sort: SearchSort;
  /** The orders that can be chosen. */
  readonly sorts: readonly SearchSort[];
  readonly toSortPath: (sort: SearchSort) => string;
  /** The path of the next page. Undefined on the last one. */
  readonly nextPath: string | undefined;
  /** The path of the first page. Undefined on the first one. */
  readonly firstPath: string | undefined;
}

/** A page of papers with links to other orders and pages. */
export const Results: FC<ResultsProps> = ({ cards, sort, sorts, toSortPath, nextPath, firstPath }) => {
  const summaryNote = findSummaryNote(cards);
  return (
    <>
      {(cards.length > 1 || firstPath !== undefined) && (
        <p class="sorts">
          <span class="faint">{SORT_TEXTS[sort].is}</span>{' '}
          {sorts
            .filter((otherSort) => otherSort !== sort)
            .map((otherSort) => (
              <a href={toSortPath(otherSort)}>{SORT_TEXTS[otherSort].link}</a>
            ))}
        </p>
      )}
      <PaperCards cards={cards} />
      {(nextPath !== undefined || firstPath !== undefined) && (
        <nav class="sorts" aria-label="Pages">
          {firstPath !== undefined && <a href={firstPath}>← First page</a>}
          {nextPath !== undefined && (
            <a href={nextPath} rel="next">
              More papers →
            </a>
          )}
        </nav>
      )}
      {summaryNote && <p class="faint">{summaryNote}</p>}
    </>
  );
};

/** The style of {@link Results}, without that of its cards. */
export const RESULTS_STYLE = `
.sorts { display: flex; flex-wrap: wrap; gap: 0 1.25rem; align-items: baseline; margin: .25rem 0 0; font-size: .875rem; }
.sorts a, .sorts span { padding: .75rem 0; }
@media (max-width: 34rem) { .sorts { gap: 0 .55rem; } .sorts, .sorts .faint { font-size: min(.8125rem, 3.6vw); } }
nav.sorts { justify-content: space-between; font-size: .875rem; }
nav.sorts a[rel=next] { margin-left: auto; }
`;
