import { type Context, Hono } from 'hono';
import type { Child, FC } from 'hono/jsx';
import type { ListCalendar } from '../../domain/lists/list-calendar.ts';
import { findChosenList } from '../../domain/lists/list-choice.ts';
import type { ShownDay } from '../../domain/lists/list-days.ts';
import type { ListCondition } from '../../domain/lists/list-state.ts';
import { type Day, type Instant, utcDayOf } from '../../domain/time/time.ts';
import { toQuietText } from '../../presentation/list-wording.ts';
import { toPapersPath } from '../../presentation/papers-path.ts';
import type { Publication } from '../../presentation/publication.ts';
import { capitalise, toListing, toLongDay, toWeekdayName } from '../../presentation/wording.ts';
import { allowCaching } from '../parts/caching.ts';
import { showNothingHere } from '../parts/nothing-here.tsx';
import { SitePage } from '../parts/page.tsx';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import type { WebAppPorts } from '../ports.ts';
import { DayStrip, STRIP_STYLE } from './day-strip.tsx';
import {
  groupStatuses,
  isWell,
  type ListStatus,
  loadListStatuses,
  type Overall,
  type StatusGroup,
  type StatusPorts,
  toOverall,
} from './list-statuses.ts';

/** The page of the lists: how new their papers are, and when the next ones are due. `?list=arxiv/cs.CL` shows one list alone. */
export function createStatusRoutes(
  ports: StatusPorts & Pick<WebAppPorts, 'publication' | 'localNotes'>,
): Hono {
  const app = new Hono();
  app.get('/status', async (c) => {
    const asked = c.req.query('list') || undefined;
    const id = asked === undefined ? undefined : findChosenList(asked, ports.lists);
    if (asked !== undefined && id === undefined) return showUnknownList(c, ports);
    const statuses = await loadListStatuses(ports);
    const only = statuses.find(({ list }) => list.id === id);
    allowCaching(c, 'current');
    const { publication, clock } = ports;
    const note = ports.localNotes?.lists();
    return c.html(
      <StatusPage
        publication={publication}
        statuses={statuses}
        only={only}
        note={note}
        today={utcDayOf(clock.now())}
      />,
    );
  });
  return app;
}

function showUnknownList(c: Context, site: { readonly publication: Publication }) {
  allowCaching(c, 'current');
  return showNothingHere(
    c,
    site,
    'There is no such list',
    <p>
      We do not read a list with this name. <a href="/status">See the status of all lists</a>
    </p>,
  );
}

function toSummary(overall: Overall, only: ListStatus | undefined): string {
  switch (overall) {
    case 'ok':
      return 'No papers are missing.';
    case 'late':
      return 'Papers may be missing. They come as soon as we can read them.';
    case 'down':
      return `We cannot read ${only ? 'this' : 'any'} list at the moment. We keep trying.`;
    default:
      return overall satisfies never;
  }
}

/** Describes the status of a list: `Up to date. Nothing announced today, US holiday (Thanksgiving)`. */
function toConditionText(condition: ListCondition, today: Day): string {
  switch (condition.state) {
    case 'fresh':
      return 'Up to date';
    case 'quiet':
      return `Up to date. ${capitalise(toQuietText(condition, today))}`;
    case 'partial':
      return 'Only partly read. Papers may be missing';
    case 'stale':
      return 'Late. New papers are due but have not arrived';
    case 'broken':
      return 'Cannot be read. Papers may be missing';
    default:
      return condition satisfies never;
  }
}

interface StatusPageProps {
  readonly publication: Publication;
  readonly statuses: readonly ListStatus[];
  /** The one list of the page. Undefined for all lists. */
  readonly only: ListStatus | undefined;
  readonly note: Child;
  /** Today, in UTC, because all times of the page are in UTC. A list may have another day in its own zone. */
  readonly today: Day;
}

const StatusPage: FC<StatusPageProps> = ({ publication, statuses, only, note, today }) => {
  const shown = only ? [only] : statuses;
  const summary = shown.length > 0 ? toSummary(toOverall(shown), only) : 'No lists are read here.';
  const { groups, others } = groupStatuses(shown);
  return (
    <SitePage
      publication={publication}
      heading="Status of the lists"
      section="status"
      metadata={{ path: '/status', description: summary }}
      style={`${STYLE}${STRIP_STYLE}`}
    >
      <p class="lead">{summary}</p>
      {note}
      {groups.map((group) => (
        <GroupSection key={group[0].list.id} group={group} today={today} />
      ))}
      {others.length > 0 && <OtherLists statuses={others} today={today} />}
      <p class="faint">
        {only && (
          <>
            <a href="/status">All lists</a>.{' '}
          </>
        )}
        All times are UTC. Programs read <a href="/v1/status">the same as JSON</a>.
      </p>
      <SubscribeBanner site={{ publication }} lists={only ? [only.list.id] : []} />
    </SitePage>
  );
};

const GroupSection: FC<{ group: StatusGroup; today: Day }> = ({ group, today }) => {
  const [status] = group;
  const { list, condition, overdueSince, nextDueAt, days } = status;
  const isOne = group.length === 1;
  const id = `list-${list.id}`;
  return (
    <section class="list" aria-labelledby={id}>
      <h2 id={id}>
        {isOne && list.url !== undefined ? (
          <a href={list.url}>{list.name}</a>
        ) : (
          toListing(
            group.map((member) => member.list.name),
            2,
          )
        )}
      </h2>
      <p class={isWell(status) ? undefined : 'alarming'}>
        <strong>{toConditionText(condition, today)}.</strong>
      </p>
      <DayStrip days={isOne ? days : addUp(group)} />
      <dl>
        {isOne && <ListFacts status={status} />}
        {overdueSince && <Fact name="Due since">{toTimeText(overdueSince)}</Fact>}
        <Fact name="Next due">
          {nextDueAt && `${toTimeText(nextDueAt)}. `}
          {toCalendarText(list.calendar)}
        </Fact>
        {!isOne && (
          <Fact name="Lists">
            <StatusLinks statuses={group} />
          </Fact>
        )}
      </dl>
    </section>
  );
};

/** Returns the days of the first list, with the papers of all. */
function addUp(group: StatusGroup): readonly ShownDay[] {
  return group[0].days.map((day, index) => ({
    ...day,
    papers: group.reduce((sum, { days }) => sum + (days[index]?.papers ?? 0), 0),
  }));
}

const ListFacts: FC<{ status: ListStatus }> = ({ status: { list, lastReadAt, lastNewAt, newestDay } }) => (
  <>
    <Fact name="New papers last found">{lastNewAt ? toTimeText(lastNewAt) : 'none yet'}</Fact>
    {newestDay && (
      <Fact name="Newest day">
        <a href={toPapersPath({ day: newestDay, lists: [list.id] })}>{toLongDay(newestDay)}</a>
      </Fact>
    )}
    <Fact name="Last read">{lastReadAt ? toTimeText(lastReadAt) : 'not yet'}</Fact>
  </>
);

const OtherLists: FC<{ statuses: readonly ListStatus[]; today: Day }> = ({ statuses, today }) => {
  const textOf = ({ condition }: ListStatus) => toConditionText(condition, today);
  const texts = [...new Set(statuses.map(textOf))];
  return (
    <section class="list" aria-labelledby="others">
      <h2 id="others">Other lists</h2>
      {texts.map((text) => (
        <p key={text}>
          <strong>{text}:</strong>{' '}
          <StatusLinks statuses={statuses.filter((status) => textOf(status) === text)} />
        </p>
      ))}
    </section>
  );
};

/** The names of lists, each with a link to the page of its status. */
const StatusLinks: FC<{ statuses: readonly ListStatus[] }> = ({ statuses }) => (
  <>
    {statuses.map(({ list }, index) => (
      <>
        {index > 0 && ', '}
        <a href={`/status?list=${list.id}`}>{list.name}</a>
      </>
    ))}
  </>
);

const Fact: FC<{ name: string; children?: Child }> = ({ name, children }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** `Monday 5 January 2026, 12:00` */
function toTimeText(at: Instant): string {
  return `${toLongDay(utcDayOf(at))}, ${at.slice(11, 16)}`;
}

const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** Says on which weekdays papers are due: `None are due on Saturdays and Sundays.` Some lists have papers on other days, too. */
function toCalendarText({ weekdays }: ListCalendar): string {
  const free = WEEK.filter((weekday) => !weekdays.includes(weekday));
  if (weekdays.length === 0) return 'Papers come irregularly.';
  if (free.length === 0) return 'Papers come every day.';
  const plural = (weekday: number) => `${toWeekdayName(weekday)}s`;
  return free.length <= weekdays.length
    ? `None are due on ${toListing(free.map(plural))}.`
    : `They are due on ${toListing([...weekdays].sort().map(plural))}.`;
}

const STYLE = `
.list dl { display: block; margin: .5rem 0 0; }
.list dl div { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr); gap: 0 1rem; padding: .2rem 0; }
.list dt { color: var(--faint); }
.list dd { margin: 0; }
.alarming { color: var(--accent); }
@media (max-width: 30rem) { .list dl div { grid-template-columns: minmax(0, 1fr); } }
`;
