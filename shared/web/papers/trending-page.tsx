import type { FC } from 'hono/jsx';
import type { Day } from '../../domain/time/time.ts';
import { findSummaryNote } from '../../presentation/card-content.ts';
import { SORTING_PATH, toFurtherPath } from '../../presentation/papers-path.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toPublicNames } from '../parts/list-names.ts';
import { SitePage } from '../parts/page.tsx';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import { toTrendingFeed } from '../paths/feed-links.ts';
import { TRENDING_DAYS, type Trending } from './load-trending.ts';
import { NEIGHBOURS_STYLE, Neighbours } from './neighbours.tsx';
import { toDescription, toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';
import { TRENDING_PATH } from './periods.ts';

interface TrendingPageProps extends Trending {
  readonly publication: Publication;
  /** Today, in UTC. */
  readonly today: Day;
}

/** The papers with the most votes for their age. */
export const TrendingPage: FC<TrendingPageProps> = ({ publication, counted, matches, total, today }) => {
  const cards = toPageCards(matches, { lists: counted, day: today, today });
  const summaryNote = findSummaryNote(cards);
  return (
    <SitePage
      publication={publication}
      heading="Trending papers"
      metadata={{ path: TRENDING_PATH, description: toDescription(cards) }}
      section="trending"
      feeds={[toTrendingFeed()]}
      style={NEIGHBOURS_STYLE + CARD_STYLE}
    >
      <p class="lead">{toLead(counted, total)}</p>
      <p class="faint">
        <a href={SORTING_PATH}>How papers are sorted</a>
      </p>
      {cards.length > 0 && <PaperCards cards={cards} />}
      <Neighbours
        label="Pages"
        next={
          total > cards.length
            ? {
                href: toFurtherPath(
                  { day: today, days: TRENDING_DAYS, lists: counted },
                  matches.map(({ paper }) => paper.id).sort(),
                  2,
                ),
                text: `More papers from these ${TRENDING_DAYS} days`,
              }
            : undefined
        }
      />
      {summaryNote && <p class="faint">{summaryNote}</p>}
      <SubscribeBanner site={{ publication }} />
    </SitePage>
  );
};

function toLead(counted: Trending['counted'], total: number): string {
  if (counted.length === 0) return 'No votes are counted for the papers of these lists, so none is trending.';
  return total === 0
    ? `No papers were listed in the last ${TRENDING_DAYS} days.`
    : `The papers from ${toPublicNames(counted)} with the most votes for their age, from the last ${TRENDING_DAYS} days.`;
}
