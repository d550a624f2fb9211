import type { FC } from 'hono/jsx';
import type { Paper } from '../../../domain/papers/paper.ts';
import { type Day, type Instant, toEpochMs, utcDayOf } from '../../../domain/time/time.ts';
import { toCountText, toShortDay } from '../../../presentation/wording.ts';

type VoteCounts = Paper['voteCounts'];

/** The units of the drawing. A page stretches it to its own width. */
const WIDTH = 100;
const HEIGHT = 100;
/** Room for half a dot, in units: at the sides and at the top. */
const MARGIN_X = 0.6;
const MARGIN_Y = 5;

/** The votes of a paper over time as a line. Nothing if there are fewer than two counts. */
export const VotesChart: FC<{ voteCounts: VoteCounts; today: Day }> = ({ voteCounts, today }) => {
  const [first, ...others] = voteCounts;
  const last = others.at(-1);
  if (!first || !last) return null;
  const points = toPoints(voteCounts);
  const isOneDay = utcDayOf(first.at) === utcDayOf(last.at);
  const toCaption = (at: Instant) =>
    isOneDay ? `${toMoment(at, today)} UTC` : toShortDay(utcDayOf(at), today);
  const line = points.map(({ x, y }) => `${x} ${y}`).join('L');
  const dots = points.map(({ x, y }) => `M${x} ${y}h0`).join('');
  return (
    <figure class="votes-chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={toDescription(voteCounts, today)}
      >
        <path class="base" d={`M0 ${HEIGHT}H${WIDTH}`} />
        <path class="line" d={`M${line}`} />
        <path class="dots" d={dots} />
      </svg>
      <figcaption>
        <span>
          {toCountText(first.upvotes, 'vote')} on {toCaption(first.at)}
        </span>
        <span>
          {toCountText(last.upvotes, 'vote')} on {toCaption(last.at)}
        </span>
      </figcaption>
    </figure>
  );
};

/** Returns where each count is drawn. The base line is zero votes, and time runs to the right. */
function toPoints(voteCounts: VoteCounts): readonly { readonly x: number; readonly y: number }[] {
  const times = voteCounts.map(({ at }) => toEpochMs(at));
  const start = Math.min(...times);
  const length = Math.max(...times) - start || 1;
  const most = Math.max(1, ...voteCounts.map(({ upvotes }) => upvotes));
  return voteCounts.map(({ upvotes }, n) => ({
    x: round(MARGIN_X + (((times[n] ?? start) - start) / length) * (WIDTH - 2 * MARGIN_X)),
    y: round(HEIGHT - (upvotes / most) * (HEIGHT - MARGIN_Y)),
  }));
}

function round(units: number): number {
  return Number(units.toFixed(1));
}

/** `Votes: 3 on 5 Jan at 08:00, 12 on 6 Jan at 08:00 (UTC)` */
function toDescription(voteCounts: VoteCounts, today: Day): string {
  const counts = voteCounts.map(({ at, upvotes }) => `${upvotes} on ${toMoment(at, today)}`);
  return `Votes: ${counts.join(', ')} (UTC)`;
}

function toMoment(at: Instant, today: Day): string {
  return `${toShortDay(utcDayOf(at), today)} at ${at.slice(11, 16)}`;
}

/** The style of {@link VotesChart}. The dots stay round, however the drawing is stretched. */
export const VOTES_CHART_STYLE = `
.votes-chart { margin: .5rem 0 0; }
.votes-chart svg { display: block; width: 100%; height: 5rem; overflow: visible; }
.votes-chart path { fill: none; vector-effect: non-scaling-stroke; }
.votes-chart .base { stroke: var(--line); stroke-width: 1; }
.votes-chart .line { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.votes-chart .dots { stroke: var(--accent); stroke-width: 7; stroke-linecap: round; }
.votes-chart figcaption { display: flex; justify-content: space-between; gap: 1rem; padding-top: .3rem; color: var(--faint); font-size: .8125rem; }
`;
