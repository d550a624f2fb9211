import { Hono } from 'hono';
import type { Child, FC } from 'hono/jsx';
import type { ListState } from '../../domain/lists/list-state.ts';
import { DEFAULT_MAX_PAPERS } from '../../domain/subscribers/subscriber.ts';
import {
  addDays,
  type Day,
  earliestOf,
  type Instant,
  isoWeekdayOf,
  utcDayOf,
} from '../../domain/time/time.ts';
import { findSummaryNote } from '../../presentation/card-content.ts';
import { SORTING_PATH, toPapersPath } from '../../presentation/papers-path.ts';
import { toCountText, toDayName, toLongDay, toWeekdayName } from '../../presentation/wording.ts';
import { allowCaching } from '../parts/caching.ts';
import { toPublicNames } from '../parts/list-names.ts';
import { NextDigest } from '../parts/next-digest.tsx';
import { SitePage } from '../parts/page.tsx';
import { dayImage } from '../parts/sharing.tsx';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import { toListFeeds, toTrendingFeed } from '../paths/feed-links.ts';
import type { WebAppPorts } from '../ports.ts';
import { type ListStatus, loadListStatuses } from '../status/list-statuses.ts';
import {
  findNeighbours,
  loadPapers,
  type PageOfPapers,
  type PaperPagePorts,
  withStatesReadOnce,
} from './load-papers.ts';
import { JumpForm, NEIGHBOURS_STYLE, Neighbours } from './neighbours.tsx';
import { toPageCards } from './page-cards.ts';
import { CARD_STYLE, PaperCards } from './paper-cards.tsx';

type FrontPorts = PaperPagePorts &
  Pick<WebAppPorts, 'publication' | 'defaults' | 'sourceStates' | 'localNotes'>;

/** The front page: the best papers of the newest day, as many as a digest has. */
export function createFrontRoutes(ports: FrontPorts): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const papers = await loadFront(ports);
    // Without papers, a cached page would hide the first ones for a minute.
    if (papers.day !== undefined) allowCaching(c, 'current');
    return c.html(<FrontPage site={ports} {...papers} note={ports.localNotes?.home()} />);
  });
  return app;
}

/** The papers of the newest day, and the status of the lists. */
interface FrontPapers {
  /** Today, in UTC. */
  readonly today: Day;
  /** The newest day with papers. Undefined if the last month has none. */
  readonly day: Day | undefined;
  readonly papers: PageOfPapers | undefined;
  readonly previous: Day | undefined;
  readonly lists: readonly ListStatus[];
}

async function loadFront(site: FrontPorts): Promise<FrontPapers> {
  const ports = withStatesReadOnce(site);
  const today = utcDayOf(ports.clock.now());
  const lists = await loadListStatuses(ports);
  const day = lists
    .flatMap(({ newestDay }) => newestDay ?? [])
    .sort()
    .at(-1);
  if (day === undefined) return { today, day, papers: undefined, previous: undefined, lists };
  const [papers, { previous }] = await Promise.all([
    loadPapers(ports, { day, days: 1, lists: [], query: '' }, { page: 1, seen: [] }),
    findNeighbours(ports, { day, lists: [] }),
  ]);
  return { today, day, papers, previous, lists };
}

type FrontPageProps = FrontPapers & {
  readonly site: FrontPorts;
  readonly note: Child;
};

const FrontPage: FC<FrontPageProps> = ({ site, today, day, papers, previous, lists, note }) => {
  const names = toPublicNames(site.lists);
  const best = papers?.matches.slice(0, DEFAULT_MAX_PAPERS) ?? [];
  const cards = toPageCards(best, { lists: site.lists, day: day ?? today, today });
  const summaryNote = findSummaryNote(cards);
  // `npm start` reads the first papers within seconds, even if none are due.
  const isStarting = day === undefined && note !== undefined;
  return (
    <SitePage
      publication={site.publication}
      heading={toHeading(day, today)}
      title={site.publication.name}
      section="today"
      dateline={toLongDay(today)}
      feeds={[toTrendingFeed(), ...toListFeeds(site.lists)]}
      metadata={{
        path: '/',
        description: `New papers from ${names} on your topics, by email, at the hour you choose.`,
        image: day === undefined ? undefined : dayImage(day, toLongDay(day)),
      }}
      style={NEIGHBOURS_STYLE + CARD_STYLE + LEAD_STYLE}
    >
      {day !== undefined && papers ? (
        <>
          <p class="lead">
            {cards.length < papers.total ? `The best ${cards.length} of ` : ''}
            <a href={toPapersPath({ day })}>{toCountText(papers.total, 'paper')}</a> from{' '}
            {toPublicNames([...papers.counts.keys()])}
          </p>
          <p class="faint">
            Trending papers first. <a href={SORTING_PATH}>How papers are sorted</a>
          </p>
        </>
      ) : (
        <p class="lead">
          The first papers from {names} appear here as soon as they are read.
          {isStarting && ' Load this page again in a few seconds.'}
        </p>
      )}
      <Freshness lists={lists} saysNext={day !== today && !isStarting} />
      <SubscribeBanner site={site} next={<NextDigest site={site} />} />
      {cards.length > 0 && <PaperCards cards={cards} />}
      <Neighbours
        label="Other days"
        previous={
          previous === undefined
            ? undefined
            : { href: toPapersPath({ day: previous }), text: toDayName(previous, today) }
        }
        others={
          day !== undefined && papers && cards.length < papers.total
            ? [
                {
                  href: toPapersPath({ day }),
                  text: `All ${toCountText(papers.total, 'paper')} from this day`,
                },
              ]
            : []
        }
      />
      {summaryNote && <p class="faint">{summaryNote}</p>}
      <JumpForm />
      {note}
    </SitePage>
  );
};

/** The first paper is the lead story. Its title is larger than the heading of the page. */
const LEAD_STYLE = `
h1 { font-size: 1.25rem; }
.cards > li:first-child h2 { font-size: clamp(1.5rem, 5vw, 1.875rem); line-height: 1.2; letter-spacing: -.2px; }
@media print { .cards > li:first-child { column-span: all; } }
`;

/** `Today’s papers`, `Friday’s papers`, `Papers from Friday 2 January 2026`. */
function toHeading(day: Day | undefined, today: Day): string {
  if (day === undefined) return 'No papers yet';
  if (day === today) return 'Today’s papers';
  return day > addDays(today, -7)
    ? `${toWeekdayName(isoWeekdayOf(day))}’s papers`
    : `Papers from ${toLongDay(day)}`;
}

/** Says which lists are late, or with `saysNext` when papers are due next. */
const Freshness: FC<{ lists: readonly ListStatus[]; saysNext: boolean }> = ({ lists, saysNext }) => {
  const namesOf = (statuses: readonly ListStatus[]) => toPublicNames(statuses.map(({ list }) => list.id));
  const namesIn = (state: ListState) => namesOf(lists.filter((status) => status.state === state));
  const [broken, partial] = [namesIn('broken'), namesIn('partial')];
  const late = lists.filter(({ state, overdueSince }) => state === 'stale' && overdueSince !== undefined);
  const overdue = earliestOf(late.map(({ overdueSince }) => overdueSince));
  const next = earliestOf(lists.map(({ nextDueAt }) => nextDueAt));
  const alarms = [
    broken && `We cannot read ${broken} at the moment, so papers may be missing.`,
    partial && `We could read only a part of ${partial}, so papers may be missing.`,
    overdue && `New papers from ${namesOf(late)} are late. They were due on ${toTimeText(overdue)}.`,
  ].filter(Boolean);
  if (alarms.length > 0) {
    return (
      <p class="faint">
        {alarms.join(' ')} <a href="/status">Status of the lists</a>
      </p>
    );
  }
  return !saysNext || next === undefined ? null : (
    <p class="faint">The next papers are due on {toTimeText(next)}.</p>
  );
};

/** `Monday 30 November, 12:00 UTC` */
function toTimeText(at: Instant): string {
  const day = utcDayOf(at);
  return `${toDayName(day, day)}, ${at.slice(11, 16)} UTC`;
}
