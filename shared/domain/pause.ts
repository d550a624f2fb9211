import { InvalidInputError } from './errors.ts';
import { type ChangeCause, type Subscriber, type SubscriberStatus, withStatus } from './subscriber.ts';
import { addDays, type Day, type Instant, localDayOf } from './time.ts';

/** The longest pause with an end, in days. */
const LONGEST_PAUSE_DAYS = 366;

type Pausable = Pick<Subscriber, 'status' | 'pausedUntil' | 'timeZone'>;

/**
 * The status at a moment: a pause with an end is over by itself once that day begins where the subscriber lives. Nobody has to
 * write the profile for that.
 */
export function statusAt({ status, pausedUntil, timeZone }: Pausable, now: Instant): SubscriberStatus {
  const isOver = status === 'paused' && pausedUntil !== undefined && localDayOf(now, timeZone) >= pausedUntil;
  return isOver ? 'confirmed' : status;
}

/** Whether a digest may be due, now or by itself some day: such a subscriber stays in the cohorts of its preferences. */
export function mayBeDue({ status, pausedUntil }: Pick<Subscriber, 'status' | 'pausedUntil'>): boolean {
  return status === 'confirmed' || (status === 'paused' && pausedUntil !== undefined);
}

/**
 * The subscriber without digests until a day begins, or until somebody resumes them; undefined for one who is mailed nothing
 * anyway.
 *
 * @throws InvalidInputError for a day that is not after today, or more than a year ahead
 */
export function pause(
  subscriber: Subscriber,
  until: Day | undefined,
  cause: ChangeCause,
): Subscriber | undefined {
  const { status, timeZone } = subscriber;
  if (status !== 'confirmed' && status !== 'paused') return undefined;
  const today = localDayOf(cause.at, timeZone);
  const first = addDays(today, 1);
  const last = addDays(today, LONGEST_PAUSE_DAYS);
  if (until !== undefined && (until < first || until > last)) {
    throw new InvalidInputError(`a pause until ${until}: expected a day from ${first} to ${last}`);
  }
  return { ...withStatus(subscriber, 'paused', cause), pausedUntil: until };
}

/** The subscriber with digests again; undefined for one who is not paused. */
export function resume(subscriber: Subscriber, cause: ChangeCause): Subscriber | undefined {
  if (subscriber.status !== 'paused') return undefined;
  return { ...withStatus(subscriber, 'confirmed', cause), pausedUntil: undefined };
}
