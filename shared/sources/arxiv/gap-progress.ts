import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  earliestOf,
  type Instant,
  latestOf,
  MS_PER_DAY,
  MS_PER_HOUR,
  msBetween,
  utcDayOf,
} from '../../domain/time/time.ts';
import { type Gap, gapPartsOf, type Part, toSpans } from './gap.ts';

/** Returns a gap that goes on at another page. Without a token it begins at the start of its first part. */
export function withToken(
  { token: _, tokenDay: __, retryAt: ___, pages = 0, ...gap }: Gap,
  token: string | undefined,
  tokenDay?: Day,
): Gap {
  return token === undefined ? gap : { ...gap, token, tokenDay, pages: pages + 1 };
}

/**
 * Returns a gap whose first part was read to its end. Undefined if nothing is left. The request worked, so a part that fails after it is
 * asked for again soon.
 */
export function withoutFirstPart(gap: Gap): Gap | undefined {
  const [, ...others] = gapPartsOf(gap);
  return withParts({ ...gap, failingSince: undefined, retryAt: undefined }, others);
}

/** Returns a gap with other parts. After its last part, a gap that was split has all that changed since then. Undefined if nothing is left. */
function withParts(gap: Gap, [first, ...others]: readonly Part[]): Gap | undefined {
  const { retryAt } = gap;
  const { splitOn, ...rest } = withToken(gap, undefined);
  if (first) return { ...rest, retryAt, parts: [first, ...others], splitOn };
  return splitOn === undefined ? undefined : { ...rest, retryAt, parts: [{ from: splitOn }] };
}

/** After an hour of failures, a gap waits for a quarter of an hour. After a day of them, it waits for six hours. */
const SHARE_WAITED = 1 / 4;

/** A later time comes from a clock that was wrong. */
export const LONGEST_RETRY_WAIT_MS = MS_PER_DAY;

/** A shorter outage is more likely than a page that never works. */
const SPLIT_AFTER_MS = MS_PER_HOUR;

interface FailureOptions {
  readonly now: Instant;
  /** The shortest time until the next request. @default 0 */
  readonly leastMs?: number | undefined;
  /** A gap that fails again is split if it has failed for this long. @default an hour */
  readonly splitAfterMs?: number | undefined;
}

/**
 * Returns a gap after a failed request.
 *
 * - The longer it fails without a part that works, the fewer requests it gets. So a gap that never works gets about fifty requests in
 *   the thirty days, and one that works again is read soon.
 * - If it fails for an hour, it is split into parts. From then on a part that fails goes to the end, in pieces down to single days. So a
 *   bad day does not hold up the others for long.
 */
export function afterFailure(
  gap: Gap,
  { now, leastMs = 0, splitAfterMs = SPLIT_AFTER_MS }: FailureOptions,
): Gap {
  // A clock that was wrong may have stored a time that is still to come.
  const failingSince = gap.failingSince !== undefined && gap.failingSince < now ? gap.failingSince : now;
  const failedMs = msBetween(failingSince, now);
  const waitMs = Math.max(leastMs, Math.round(Math.min(failedMs * SHARE_WAITED, LONGEST_RETRY_WAIT_MS)));
  const isLong = gap.failingSince !== undefined && failedMs >= splitAfterMs;
  return {
    ...(isLong || gap.splitOn !== undefined ? withFirstPartLast(gap, utcDayOf(now)) : gap),
    failingSince,
    retryAt: addMs(now, waitMs),
  };
}

/** Returns a gap whose first part comes last, in pieces if it has more than a day. A part that is alone and has one day stays as it is. */
function withFirstPartLast(gap: Gap, today: Day): Gap {
  const [first, ...others] = gapPartsOf(gap);
  const pieces = split(first, today);
  const [next, ...later] = [...others, ...pieces];
  if (!next || later.length === 0) return gap;
  const splitOn = gap.splitOn ?? (pieces.length > 1 ? today : undefined);
  return { ...withToken(gap, undefined), parts: [next, ...later], splitOn };
}

/** A long part has few pieces, because each of all categories may have some in one stored item. */
const MAX_PIECES = 8;

function split({ from, until }: Part, today: Day): readonly Part[] {
  const days = daysFrom(from, until ?? addDays(today, -1));
  const size = Math.ceil(days.length / MAX_PIECES);
  const closed = days.flatMap((day, at) =>
    at % size === 0 ? [{ from: day, until: days[Math.min(at + size, days.length) - 1] }] : [],
  );
  return until === undefined ? [...closed, { from: today > from ? today : from }] : closed;
}

/** Gaps that have failed for this long wait equally long, and become one. */
const SAME_WAIT_AFTER_MS = MS_PER_DAY;

/**
 * Returns the gaps with at most one of those of a category that have failed for a day. Otherwise a month without OAI-PMH would leave a gap
 * for each day of each category, which is more than one stored item holds.
 */
export function joinLongFailing(gaps: readonly Gap[], now: Instant): readonly Gap[] {
  const isLong = ({ failingSince = now }: Gap) => msBetween(failingSince, now) >= SAME_WAIT_AFTER_MS;
  const joined = new Map<string, Gap>();
  for (const gap of gaps.filter(isLong)) {
    const key = `${gap.category} ${gap.isNew ?? false}`;
    const known = joined.get(key);
    joined.set(key, known ? join(known, gap) : gap);
  }
  return [...joined.values(), ...gaps.filter((gap) => !isLong(gap))];
}

function join(a: Gap, b: Gap): Gap {
  const [first, ...others] = toSpans([...gapPartsOf(a), ...gapPartsOf(b)]);
  return {
    ...withToken(a, undefined),
    from: earliestOf([a.from, b.from]),
    until: latestOf([a.until, b.until]),
    askAt: undefined,
    parts: first && [first, ...others],
    splitOn: earliestOf([a.splitOn, b.splitOn]),
    failingSince: earliestOf([a.failingSince, b.failingSince]),
    // A gap without a time is due now.
    retryAt: a.retryAt && b.retryAt && earliestOf([a.retryAt, b.retryAt]),
  };
}

/** What is left of a gap, and the days that are too old by now. */
interface Aged {
  readonly left: Gap | undefined;
  readonly givenUp: Pick<Gap, 'category' | 'from' | 'until'> | undefined;
}

/** Gives up the days of a gap before the earliest one that is still of interest. */
export function giveUpBefore(gap: Gap, earliest: Day): Aged {
  const { category, from, until } = gap;
  if (until < earliest) return { left: undefined, givenUp: gap };
  if (from >= earliest) return { left: gap, givenUp: undefined };
  const eve = addDays(earliest, -1);
  const parts = gapPartsOf(gap);
  const isOld = (part: Part) => part.from < eve;
  const recent = parts
    .filter((part) => part.until === undefined || part.until >= eve)
    .map((part) => (isOld(part) ? { ...part, from: eve } : part));
  const aged = { ...gap, from: earliest };
  return {
    left: gap.parts ? withParts(aged, recent) : aged,
    givenUp: parts.some(isOld) ? { category, from, until: eve } : undefined,
  };
}
