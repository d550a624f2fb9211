import type { FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists.ts';
import type { Day } from '../../domain/time.ts';
import { type CardContent, findSummaryNote } from '../../mail/card-content.ts';
import type { Publication } from '../../mail/publication.ts';
import { shorten } from '../../mail/reader-text.ts';
import { toListNames, toQueryText } from '../../mail/subscription-wording.ts';
import { toCountText, toDaySpan, toLongDay } from '../../mail/wording.ts';
import { SitePage } from '../parts/page.tsx';
import { SubscribeBanner } from '../sign-up/subscribe-banner.tsx';
import type { PageOfPapers } from './load-papers.ts';
import { toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';
import { firstDayOf, type PaperSelection, SORTING_PATH, toPapersPath } from './paper-selection.ts';

export interface PapersPageProps extends PageOfPapers {
  readonly publication: Publication;
  readonly selection: PaperSelection;
  /** The UTC day of now. */
  readonly today: Day;
  /** The lists that the papers are from. */
  readonly lists: readonly ListId[];
  /** The nearest days with papers, where the page is about one day. */
  readonly previous?: Day | undefined;
  readonly next?: Day | undefined;
}

/** The papers of a day, or of the days that a digest covers, narrowed by lists and a query. */
export const PapersPage: FC<PapersPageProps> = (props) => {
  const { publication, selection, lists, matches, total, start, page, pageCount } = props;
  const cards = toPageCards(matches, { lists, day: selection.day, today: props.today });
  const summaryNote = findSummaryNote(cards);
  return (
    <SitePage
      publication={publication}
      heading={toDaySpan(firstDayOf(selection), selection.day)}
      title={toTitle(selection, total)}
      preview={{ path: toPapersPath(selection, page), description: toDescription(cards) }}
      style={PAGE_STYLE + CARD_STYLE}
    >
      <Summary selection={selection} lists={lists} count={total} />
      <Days {...props} />
      {cards.length > 0 && <PaperCards cards={cards} start={start + 1} />}
      <Pages selection={selection} page={page} pageCount={pageCount} />
      {summaryNote && <p class="faint">{summaryNote}</p>}
      <SubscribeBanner site={{ publication }} query={selection.query} lists={selection.lists} />
    </SitePage>
  );
};

/** The titles of the best papers, at most 200 characters. */
function toDescription(cards: readonly CardContent[]): string {
  const titles = cards.slice(0, 4).map(({ title }) => title);
  return titles.length > 0 ? shorten(titles.join(' · '), 200) : 'No papers were found.';
}

/** `40 papers from 4 to 6 January 2026 that match agents`. */
function toTitle({ day, days, query }: PaperSelection, count: number): string {
  const span = toDaySpan(firstDayOf({ day, days }), day);
  const text = toQueryText(query);
  const papers = `${toCountText(count, 'paper')} from ${span}`;
  return text ? `${papers} that ${count === 1 ? 'matches' : 'match'} ${text}` : papers;
}

const Summary: FC<{ selection: PaperSelection; lists: readonly ListId[]; count: number }> = ({
  selection: { query, days },
  lists,
  count,
}) => {
  const text = toQueryText(query);
  if (count === 0) {
    const these = days > 1 ? 'these days' : 'this day';
    return (
      <p class="lead">
        {text ? (
          <>
            No papers from {these} match <em>{text}</em>.
          </>
        ) : (
          `No papers were listed on ${these}.`
        )}
      </p>
    );
  }
  return (
    <>
      <p class="lead">
        {toCountText(count, 'paper')} from {toListNames(lists)}
        {text && (
          <>
            {' '}
            that {count === 1 ? 'matches' : 'match'} <em>{text}</em>
          </>
        )}
      </p>
      {count > 1 && (
        <p class="faint">
          Trending papers first. <a href={SORTING_PATH}>How papers are sorted</a>
        </p>
      )}
    </>
  );
};

/** The way to other days; from a narrowed page also to every paper of its days. */
const Days: FC<PapersPageProps> = ({ selection, total, previous, next }) => {
  const { day, days, lists, query } = selection;
  const isNarrowed = query !== '' || lists.length > 0;
  const toNeighbour = (neighbour: Day) => toPapersPath({ ...selection, day: neighbour });
  return (
    <nav class="days" aria-label="Other days">
      {total === 0 && !previous && !next && <a href="/papers">The newest papers</a>}
      {previous && (
        <a href={toNeighbour(previous)} rel="prev">
          ← {toLongDay(previous)}
        </a>
      )}
      {next && (
        <a href={toNeighbour(next)} rel="next">
          {toLongDay(next)} →
        </a>
      )}
      {isNarrowed && (
        <a href={toPapersPath({ day, days })}>
          {days > 1 ? 'All papers from these days' : 'All papers from this day'}
        </a>
      )}
    </nav>
  );
};

const Pages: FC<{ selection: PaperSelection; page: number; pageCount: number }> = ({
  selection,
  page,
  pageCount,
}) =>
  pageCount === 1 ? null : (
    <nav class="days" aria-label="Pages">
      {page > 1 && (
        <a href={toPapersPath(selection, page - 1)} rel="prev">
          ← Page {page - 1}
        </a>
      )}
      <span>
        Page {page} of {pageCount}
      </span>
      {page < pageCount && (
        <a href={toPapersPath(selection, page + 1)} rel="next">
          Page {page + 1} →
        </a>
      )}
    </nav>
  );

const PAGE_STYLE = `
.lead { margin: .25rem 0 0; }
.lead em { font-family: var(--serif); }
.lead + .faint { margin: .25rem 0 0; }
.days { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.25rem; margin-top: .5rem; font-size: .875rem; }
.days a, .days span { padding: .75rem 0; }
.cards + .days { margin-top: 0; }
`;
