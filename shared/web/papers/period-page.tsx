import type { FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists/lists.ts';
import type { DaySpan, Period } from '../../domain/subscribers/cadence.ts';
import type { Day } from '../../domain/time/time.ts';
import type { SearchAnswer } from '../../ports/search.ts';
import { findSummaryNote } from '../../presentation/card-content.ts';
import { toCountText, toDaySpan } from '../../presentation/wording.ts';
import { toPublicNames } from '../parts/list-names.ts';
import { SitePage } from '../parts/page.tsx';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import { toListFeeds } from '../paths/feed-links.ts';
import type { WebAppPorts } from '../ports.ts';
import { JumpForm, NEIGHBOURS_STYLE, NEWEST_PAPERS, Neighbours } from './neighbours.tsx';
import { toDescription, toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';
import { type PeriodKind, toPeriod, toPeriodName, toPeriodPath } from './periods.ts';

interface PeriodPageProps extends Pick<WebAppPorts, 'publication' | 'defaults'> {
  readonly kind: PeriodKind;
  readonly period: Period;
  /** The days of the period. */
  readonly days: DaySpan;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly answer: SearchAnswer;
  /** Where this page of results begins. Undefined for the first one. */
  readonly cursor: string | undefined;
  /** The nearest periods with papers. */
  readonly previous: Period | undefined;
  readonly next: Period | undefined;
  /** Today, in UTC. */
  readonly today: Day;
}

/** The papers of a week or a month, those with most votes first. */
export const PeriodPage: FC<PeriodPageProps> = (props) => {
  const { publication, defaults, kind, period, days, lists, answer, cursor, previous, next, today } = props;
  const cards = toPageCards(answer.hits, { lists, day: days.last, today });
  const summaryNote = findSummaryNote(cards);
  const name = toPeriodName(kind, period);
  const toLink = (neighbour: Period | undefined) =>
    neighbour === undefined
      ? undefined
      : { href: toPeriodPath(kind, neighbour), text: toPeriodName(kind, neighbour) };
  const otherKind = kind === 'week' ? 'month' : 'week';
  // The last days of the current week or month can be in a period that has no page yet.
  const otherPeriod = toPeriod(otherKind, days.last < today ? days.last : today);
  const withPapers = answer.facets?.lists.map(({ value }) => value) ?? lists;
  const named = lists.filter((list) => withPapers.includes(list));
  const total = `${toCountText(answer.total, 'paper')} from ${toPublicNames(named)}`;
  return (
    <SitePage
      publication={publication}
      heading={kind === 'week' ? `${name}: ${toDaySpan(days.first, days.last)}` : name}
      metadata={{ path: toPeriodPath(kind, period, cursor), description: toDescription(cards) }}
      section={kind}
      feeds={toListFeeds(lists)}
      style={NEIGHBOURS_STYLE + CARD_STYLE}
    >
      <p class="lead">
        {answer.total === 0 ? `No papers were listed in this ${kind}.` : total}
        {answer.total > 0 && cursor !== undefined && ', continued'}
      </p>
      {answer.total > 1 && <p class="faint">Most votes first.</p>}
      <Neighbours
        label={`Other ${kind}s`}
        previous={toLink(previous)}
        next={toLink(next)}
        others={[
          { href: toPeriodPath(otherKind, otherPeriod), text: toPeriodName(otherKind, otherPeriod) },
          // Without this link, a page far from any papers would be a dead end.
          ...(answer.total === 0 && !previous && !next ? [NEWEST_PAPERS] : []),
        ]}
      />
      {cards.length > 0 && <PaperCards cards={cards} />}
      <Neighbours
        label="Pages"
        previous={cursor === undefined ? undefined : { href: toPeriodPath(kind, period), text: 'First page' }}
        next={
          answer.next === undefined
            ? undefined
            : { href: toPeriodPath(kind, period, answer.next), text: 'More papers' }
        }
      />
      {summaryNote && <p class="faint">{summaryNote}</p>}
      <JumpForm day={days.first} />
      <SubscribeBanner site={{ publication, defaults }} />
    </SitePage>
  );
};
