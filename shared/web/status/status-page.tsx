import { Hono } from 'hono';
import type { Child, FC } from 'hono/jsx';
import type { ListCalendar } from '../../domain/list-calendar.ts';
import type { ListState } from '../../domain/list-state.ts';
import { type Clock, type Instant, utcDayOf } from '../../domain/time.ts';
import type { Publication } from '../../mail/publication.ts';
import { toListing, toLongDay, toWeekdayName } from '../../mail/wording.ts';
import type { PaperPagePorts } from '../papers/load-papers.ts';
import { toPapersPath } from '../papers/paper-selection.ts';
import { allowCaching } from '../parts/caching.ts';
import { SitePage } from '../parts/page.tsx';
import { type ListStatus, loadListStatuses, type Overall, toOverall } from './list-statuses.ts';

/** The page of the lists: how new their papers are, and when the next ones are due. */
export function createStatusRoutes(
  ports: PaperPagePorts & { readonly publication: Publication; readonly clock: Clock },
): Hono {
  const app = new Hono({ strict: false });
  app.get('/status', async (c) => {
    const statuses = await loadListStatuses(ports);
    allowCaching(c, 'current');
    return c.html(<StatusPage publication={ports.publication} statuses={statuses} />);
  });
  return app;
}

const OVERALL_TEXTS: Readonly<Record<Overall, string>> = {
  ok: 'No papers are missing.',
  late: 'Papers may be missing. They come as soon as we can read them.',
  down: 'We cannot read any list at the moment. We keep trying.',
};

const STATE_TEXTS: Readonly<Record<ListState, string>> = {
  fresh: 'Up to date',
  quiet: 'Up to date. Nothing new was due',
  partial: 'Only partly read. Papers may be missing',
  stale: 'Late. New papers are due but have not arrived',
  broken: 'Cannot be read. Papers may be missing',
};

const StatusPage: FC<{ publication: Publication; statuses: readonly ListStatus[] }> = ({
  publication,
  statuses,
}) => {
  const summary = statuses.length > 0 ? OVERALL_TEXTS[toOverall(statuses)] : 'No lists are read here.';
  return (
    <SitePage
      publication={publication}
      heading="Status of the lists"
      section="status"
      preview={{ path: '/status', description: summary }}
      style={STYLE}
    >
      <p class="lead">{summary}</p>
      {statuses.map((status) => (
        <ListSection key={status.list.id} status={status} />
      ))}
      <p class="faint">
        All times are UTC. Programs read <a href="/v1/status">the same as JSON</a>.
      </p>
    </SitePage>
  );
};

const ListSection: FC<{ status: ListStatus }> = ({ status }) => {
  const { list, state, lastReadAt, lastNewAt, newestDay, overdueSince, nextDueAt } = status;
  const id = `list-${list.id}`;
  const isAlarming = state !== 'fresh' && state !== 'quiet';
  return (
    <section class="list" aria-labelledby={id}>
      <h2 id={id}>
        <a href={list.url}>{list.name}</a>
      </h2>
      <p class={isAlarming ? 'alarming' : undefined}>
        <strong>{STATE_TEXTS[state]}.</strong>
      </p>
      <dl>
        <Fact name="Last new paper">{lastNewAt ? toTimeText(lastNewAt) : 'none yet'}</Fact>
        {newestDay && (
          <Fact name="Newest day">
            <a href={toPapersPath({ day: newestDay, lists: [list.id] })}>{toLongDay(newestDay)}</a>
          </Fact>
        )}
        <Fact name="Last read">{lastReadAt ? toTimeText(lastReadAt) : 'not yet'}</Fact>
        {overdueSince && <Fact name="Due since">{toTimeText(overdueSince)}</Fact>}
        <Fact name="Next due">
          {nextDueAt && `${toTimeText(nextDueAt)}. `}
          {toCalendarText(list.calendar)}
        </Fact>
      </dl>
    </section>
  );
};

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

/** Says on which weekdays papers come: `No papers come on Saturdays and Sundays.` */
function toCalendarText({ weekdays }: ListCalendar): string {
  const free = WEEK.filter((weekday) => !weekdays.includes(weekday));
  if (weekdays.length === 0) return 'Papers come irregularly.';
  if (free.length === 0) return 'Papers come every day.';
  const plural = (weekday: number) => `${toWeekdayName(weekday)}s`;
  return free.length <= weekdays.length
    ? `No papers come on ${toListing(free.map(plural))}.`
    : `Papers come on ${toListing([...weekdays].sort().map(plural))}.`;
}

const STYLE = `
.list dl { display: block; margin: .5rem 0 0; }
.list dl div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0 1rem; padding: .2rem 0; }
.list dt { color: var(--faint); }
.list dd { margin: 0; }
.alarming { color: var(--accent); }
@media (max-width: 30rem) { .list dl div { grid-template-columns: minmax(0, 1fr); } }
`;
