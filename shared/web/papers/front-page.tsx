import { Hono } from 'hono';
import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists.ts';
import { type Day, utcDayOf } from '../../domain/time.ts';
import { findSummaryNote } from '../../mail/card-content.ts';
import type { Publication } from '../../mail/publication.ts';
import { toListNames } from '../../mail/subscription-wording.ts';
import { toCountText, toLongDay } from '../../mail/wording.ts';
import { allowCaching } from '../parts/caching.ts';
import { SitePage } from '../parts/page.tsx';
import { dayImage } from '../parts/sharing.tsx';
import type { WebAppOptions } from '../ports.ts';
import { SubscribeBanner } from '../sign-up/subscribe-banner.tsx';
import { findNewestDay, loadPapers, type PageOfPapers, type PaperPagePorts } from './load-papers.ts';
import { toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';
import { SORTING_PATH, toPapersPath } from './paper-selection.ts';

/** The front page: the best papers of the newest day. */
export function createFrontRoutes(
  ports: PaperPagePorts & { readonly publication: Publication },
  { homeNote }: WebAppOptions = {},
): Hono {
  const app = new Hono({ strict: false });
  app.get('/', async (c) => {
    const { publication, lists } = ports;
    const day = await findNewestDay(ports, []);
    const papers =
      day === undefined ? undefined : await loadPapers(ports, { day, days: 1, lists: [], query: '' }, 1);
    allowCaching(c, 'current');
    return c.html(
      <FrontPage
        {...{ publication, lists, papers, day, today: utcDayOf(ports.clock.now()) }}
        note={homeNote?.()}
      />,
    );
  });
  return app;
}

interface FrontPageProps {
  readonly publication: Publication;
  readonly lists: readonly ListId[];
  /** The UTC day of now. */
  readonly today: Day;
  /** The newest day with papers, and its papers. Undefined if the last month has none. */
  readonly day: Day | undefined;
  readonly papers: PageOfPapers | undefined;
  readonly note: Child;
}

const FrontPage: FC<FrontPageProps> = ({ publication, lists, today, day, papers, note }) => {
  const cards = day && papers ? toPageCards(papers.matches, { lists, day, today }) : [];
  const summaryNote = findSummaryNote(cards);
  return (
    <SitePage
      publication={publication}
      heading={day === undefined ? 'No papers yet' : toLongDay(day)}
      title={publication.name}
      section="today"
      preview={{
        path: '/',
        description: `New papers from ${toListNames(lists)} on your topics, by mail, at the hour you choose.`,
        image: day === undefined ? undefined : dayImage(day, toLongDay(day)),
      }}
      style={CARD_STYLE}
    >
      <SubscribeBanner site={{ publication }} />
      {papers && (
        <p>
          {toCountText(papers.total, 'paper')} from {toListNames(lists)}, trending papers first.{' '}
          <a href={SORTING_PATH}>How papers are sorted</a>
        </p>
      )}
      {cards.length > 0 && <PaperCards cards={cards} />}
      {day && papers && papers.pageCount > 1 && (
        <p>
          <a href={toPapersPath({ day })}>All papers from this day</a>
        </p>
      )}
      {summaryNote && <p class="faint">{summaryNote}</p>}
      {note}
    </SitePage>
  );
};
