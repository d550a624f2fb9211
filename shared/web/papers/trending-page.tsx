import type { FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists.ts';
import type { Day } from '../../domain/time.ts';
import { findSummaryNote } from '../../mail/card-content.ts';
import type { Publication } from '../../mail/publication.ts';
import type { Selection } from '../../matching/window.ts';
import { toTrendingFeed } from '../feeds/feed-links.ts';
import { toPublicNames } from '../parts/list-names.ts';
import { SitePage } from '../parts/page.tsx';
import { SubscribeBanner } from '../sign-up/subscribe-banner.tsx';
import { TRENDING_DAYS } from './load-trending.ts';
import { NEIGHBOURS_STYLE, Neighbours } from './neighbours.tsx';
import { toDescription, toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';
import { SORTING_PATH, TRENDING_PATH, toPapersPath } from './paper-selection.ts';

interface TrendingPageProps extends Selection {
  readonly publication: Publication;
  readonly lists: readonly ListId[];
  /** The UTC day of now. */
  readonly today: Day;
}

/** The papers that gather votes the fastest. */
export const TrendingPage: FC<TrendingPageProps> = ({ publication, lists, matches, total, today }) => {
  const cards = toPageCards(matches, { lists, day: today, today });
  const summaryNote = findSummaryNote(cards);
  return (
    <SitePage
      publication={publication}
      heading="Trending papers"
      preview={{ path: TRENDING_PATH, description: toDescription(cards) }}
      section="trending"
      feeds={[toTrendingFeed()]}
      style={NEIGHBOURS_STYLE + CARD_STYLE}
    >
      <p class="lead">
        {total === 0
          ? `No papers were listed in the last ${TRENDING_DAYS} days.`
          : `The papers from ${toPublicNames(lists)} that gather votes the fastest, from the last ${TRENDING_DAYS} days.`}
      </p>
      <p class="faint">
        <a href={SORTING_PATH}>How papers are sorted</a>
      </p>
      {cards.length > 0 && <PaperCards cards={cards} />}
      <Neighbours
        label="Pages"
        next={
          total > cards.length
            ? { href: toPapersPath({ day: today, days: TRENDING_DAYS }, 2), text: 'More papers' }
            : undefined
        }
      />
      {summaryNote && <p class="faint">{summaryNote}</p>}
      <SubscribeBanner site={{ publication }} />
    </SitePage>
  );
};
