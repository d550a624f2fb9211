import type { FC } from 'hono/jsx';
import { type ListId, nameOfList } from '../../domain/lists/lists.ts';
import type { PaperId } from '../../domain/papers/paper.ts';
import { DEFAULT_SORT } from '../../domain/papers/sort.ts';
import type { Day } from '../../domain/time/time.ts';
import { findSummaryNote } from '../../presentation/card-content.ts';
import {
  type PaperSelection,
  SORTING_PATH,
  toFurtherPath,
  toPapersPath,
} from '../../presentation/papers-path.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toQueryText, toSortText } from '../../presentation/subscription-wording.ts';
import {
  toCompactNumber,
  toCountText,
  toDayName,
  toDaySpan,
  toFirstCount,
  toLongDay,
  toSentence,
} from '../../presentation/wording.ts';
import { toPublicNames } from '../parts/list-names.ts';
import { SitePage } from '../parts/page.tsx';
import { dayImage } from '../parts/sharing.tsx';
import { SubscribeBanner, toFollowedLists } from '../parts/subscribe-banner.tsx';
import { toListFeeds } from '../paths/feed-links.ts';
import type { WebAppPorts } from '../ports.ts';
import type { PageOfPapers } from './load-papers.ts';
import { JumpForm, NEIGHBOURS_STYLE, NEWEST_PAPERS, Neighbours } from './neighbours.tsx';
import { CARDS_PER_PAGE, toDescription, toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';
import { firstDayOf, periodKinds, toPeriod, toPeriodName, toPeriodPath } from './periods.ts';

export interface PapersPageProps extends PageOfPapers, Pick<WebAppPorts, 'publication' | 'defaults'> {
  readonly selection: PaperSelection;
  /** Today, in UTC. */
  readonly today: Day;
  /** The lists of the selection. */
  readonly lists: readonly ListId[];
  /** Whether its days have papers of other lists too, or papers that do not match its query. */
  readonly isNarrowed: boolean;
  /** The nearest days with papers, if the page is about one day. */
  readonly previous?: Day | undefined;
  readonly next?: Day | undefined;
}

/** The papers of a day, or of the days that a digest covers, narrowed by lists and a query. */
export const PapersPage: FC<PapersPageProps> = (props) => {
  const { publication, defaults, selection, lists, matches, total, start, page } = props;
  const cards = toPageCards(matches, { lists, day: selection.day, today: props.today });
  const summaryNote = findSummaryNote(cards);
  const { day, days, query } = selection;
  const pageText = page > 1 ? `, page ${page} of ${props.pageCount}` : '';
  return (
    <SitePage
      publication={publication}
      heading={toDaySpan(firstDayOf(selection), selection.day)}
      feeds={toListFeeds(lists)}
      title={toTitle(selection, total) + (page > 1 ? `, page ${page}` : '')}
      metadata={{
        path: isOfDigest(selection)
          ? toPapersPath({ day, days, lists: selection.lists, query })
          : toPapersPath(selection, page),
        description: toDescription(cards),
        image: days === 1 && total > 0 ? dayImage(day, toLongDay(day)) : undefined,
      }}
      head={isOfDigest(selection) && <meta name="robots" content="noindex" />}
      style={NEIGHBOURS_STYLE + CARD_STYLE + LIST_CHOICES_STYLE}
    >
      {isRest(selection) ? (
        <RestSummary
          selection={selection}
          pageText={pageText}
          lists={[...props.counts.keys()]}
          count={total}
        />
      ) : (
        <Summary selection={selection} pageText={pageText} lists={[...props.counts.keys()]} count={total} />
      )}
      {total > 1 && (
        <p class="faint">
          {toSentence(toSortText(selection.sort ?? DEFAULT_SORT))}{' '}
          <a href={SORTING_PATH}>How papers are sorted</a>
        </p>
      )}
      {isOfDigest(selection) && (
        <p class="faint">
          {isRest(selection)
            ? 'Papers from earlier digests, and those that arrived after this digest was written, are not shown.'
            : 'Papers that arrived after the digest was written are not shown.'}
        </p>
      )}
      <Days {...props} />
      {!props.isNarrowed && !isOfDigest(selection) && (
        <ListChoices day={day} days={days} counts={props.counts} />
      )}
      {cards.length > 0 && <PaperCards cards={cards} start={start + 1} />}
      <Pages {...props} />
      {summaryNote && <p class="faint">{summaryNote}</p>}
      <JumpForm {...selection} />
      <SubscribeBanner
        site={{ publication, defaults }}
        query={query}
        lists={query ? toFollowedLists(selection.lists, lists) : selection.lists}
      />
    </SitePage>
  );
};

/** `40 papers from 4 to 6 January 2026 that match agents`. */
function toTitle(selection: PaperSelection, count: number): string {
  const span = toDaySpan(firstDayOf(selection), selection.day);
  const text = toQueryText(selection.query);
  const papers = `${toFirstCount(count, isRest(selection) ? 'other paper' : 'paper')} from ${span}`;
  return text ? `${papers} that ${count === 1 ? 'matches' : 'match'} ${text}` : papers;
}

interface SummaryProps {
  readonly selection: PaperSelection;
  /** The lists that have papers on its days. */
  readonly lists: readonly ListId[];
  readonly count: number;
  /** The number of the page. Empty for the first one. */
  readonly pageText: string;
}

const Summary: FC<SummaryProps> = ({ selection: { query, days }, lists, count, pageText }) => {
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
    <p class="lead">
      {toCountText(count, 'paper')} from {toPublicNames(lists)}
      {text && (
        <>
          {' '}
          that {count === 1 ? 'matches' : 'match'} <em>{text}</em>
        </>
      )}
      {pageText}
    </p>
  );
};

/** Returns whether the link comes from a digest. The page then shows what was known when the digest was written. */
function isOfDigest({ until, without = [] }: PaperSelection): boolean {
  return until !== undefined || without.length > 0;
}

/** Whether the page shows what a digest left out. */
function isRest({ without = [] }: PaperSelection): boolean {
  return without.length > 0;
}

const RestSummary: FC<SummaryProps> = ({ selection: { query }, lists, count, pageText }) => {
  const text = toQueryText(query);
  const isOne = count === 1;
  if (count === 0)
    return (
      <p class="lead">
        There are no other papers
        {text && (
          <>
            {' '}
            that match <em>{text}</em>
          </>
        )}
        .
      </p>
    );
  return (
    <p class="lead">
      The {isOne ? 'paper' : toCountText(count, 'paper')} from {toPublicNames(lists)} that
      {text && (
        <>
          {' '}
          {isOne ? 'matches' : 'match'} <em>{text}</em> and
        </>
      )}
      {isOne ? ' is' : ' are'} not in your digest
      {pageText}
    </p>
  );
};

/** Links to other days. A filtered page also links to all papers of its days. */
const Days: FC<PapersPageProps> = ({ selection, isNarrowed, total, previous, next }) => {
  const { day, days, lists, query, sort } = selection;
  const toNeighbour = (neighbour: Day | undefined) =>
    neighbour === undefined
      ? undefined
      : { href: toPapersPath({ ...selection, day: neighbour }), text: toDayName(neighbour, day) };
  const all = days > 1 ? 'All papers from these days' : 'All papers from this day';
  return (
    <Neighbours
      label="Other days"
      previous={toNeighbour(previous)}
      next={toNeighbour(next)}
      others={[
        ...(total === 0 && !previous && !next ? [NEWEST_PAPERS] : []),
        ...(isOfDigest(selection)
          ? [
              {
                href: toPapersPath({ day, days, lists, query, sort }),
                text: 'Show the papers of your digest too',
              },
            ]
          : []),
        ...(isNarrowed
          ? [{ href: toPapersPath({ day, days }), text: all }]
          : periodKinds.map((kind) => {
              const period = toPeriod(kind, day);
              return { href: toPeriodPath(kind, period), text: toPeriodName(kind, period) };
            })),
      ]}
    />
  );
};

/** Links to the pages before and after this one. They have page numbers if the URL of this page has one. */
const Pages: FC<PapersPageProps> = ({ selection, matches, seen, page, pageCount }) => {
  if (pageCount === 1) return null;
  const toLink = (number: number, before: readonly PaperId[]) => ({
    href: toFurtherPath(selection, before, number),
    text: `Page ${number}`,
  });
  const hasNumber = page > 1 && seen.length === 0;
  const shown = matches.map(({ paper }) => paper.id).sort();
  return (
    <Neighbours
      label="Pages"
      previous={page > 1 ? toLink(page - 1, seen.slice(0, -CARDS_PER_PAGE)) : undefined}
      now={`Page ${page} of ${pageCount}`}
      next={page < pageCount ? toLink(page + 1, hasNumber ? [] : [...seen, ...shown]) : undefined}
    />
  );
};

/** A page has room for this many links to lists. */
const MAX_CHOICES = 12;
const MAX_NAME_CHARS = 60;

interface ListChoicesProps {
  readonly day: Day;
  readonly days: number;
  /** The lists that have papers on these days, with the number of papers. */
  readonly counts: ReadonlyMap<ListId, number>;
}

/** Links to the papers of one list on the same days, those with the most papers first. Closed until a reader opens it. */
const ListChoices: FC<ListChoicesProps> = ({ day, days, counts }) => {
  if (counts.size < 2) return null;
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <details class="choices">
      <summary>Papers of one list</summary>
      {sorted.slice(0, MAX_CHOICES).map(([list, count]) => (
        <>
          <a href={toPapersPath({ day, days, lists: [list] })}>
            {toReaderText(nameOfList(list), MAX_NAME_CHARS)}{' '}
            <span class="faint">{toCompactNumber(count)}</span>
          </a>{' '}
        </>
      ))}
      {sorted.length > MAX_CHOICES && <a href="/about#lists">All lists</a>}
    </details>
  );
};

/** The style of {@link ListChoices}. */
const LIST_CHOICES_STYLE = `
.choices a { display: inline-block; margin-right: 1rem; padding: .35rem 0; }
`;
