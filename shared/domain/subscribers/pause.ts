import { InvalidInputError } from '../errors.ts';
import { addDays, type Day, type Instant, localDayOf } from '../time/time.ts';
import {
  type ChangeCause,
  isSubscribed,
  type Subscriber,
  type SubscriberStatus,
  withStatus,
} from './subscriber.ts';

/** The longest pause with an end, in days. */
const LONGEST_PAUSE_DAYS = 366;

type Pausable = Pick<Subscriber, 'status' | 'pausedUntil' | 'timeZone'>;

/**
 * Returns the status at an instant. A pause with an end is over when that day begins in the subscriber's time zone. The profile is not
 * written for that.
 */
export function statusAt({ status, pausedUntil, timeZone }: Pausable, now: Instant): SubscriberStatus {
  const isOver = status === 'paused' && pausedUntil !== undefined && localDayOf(now, timeZone) >= pausedUntil;
  return isOver ? 'confirmed' : status;
}

/** Returns whether a subscriber gets no digests before a day, because of a pause. */
export function isPausedUntil(subscriber: Pausable, day: Day, now: Instant): boolean {
  const { pausedUntil = day } = subscriber;
  return statusAt(subscriber, now) === 'paused' && pausedUntil >= day;
}

/** Returns whether a digest may be due, now or after the end of a pause. Such a subscriber stays in its cohorts. */
export function mayBeDue({ status, pausedUntil }: Pick<Subscriber, 'status' | 'pausedUntil'>): boolean {
  return status === 'confirmed' || (status === 'paused' && pausedUntil !== undefined);
}

/** Returns the first and the last day until which a subscriber can pause. */
export function findPauseRange({ timeZone }: Pick<Subscriber, 'timeZone'>, now: Instant) {
  const today = localDayOf(now, timeZone);
  return { first: addDays(today, 1), last: addDays(today, LONGEST_PAUSE_DAYS) };
}

/**
 * Returns the subscriber paused until a day begins, or without an end. Undefined for a subscriber who gets no digests, or who is already
 * paused like that.
 *
 * @throws InvalidInputError if the day is not after today, or more than a year ahead
 */
export function pause(
  subscriber: Subscriber,
  until: Day | undefined,
  cause: ChangeCause,
): Subscriber | undefined {
  if (!isSubscribed(subscriber)) return undefined;
  const { first, last } = findPauseRange(subscriber, cause.at);
  if (until !== undefined && (until < first || until > last)) {
    throw new InvalidInputError(`a pause until ${until}: expected a day from ${first} to ${last}`, {
      path: ['until'],
    });
  }
  if (subscriber.status === 'paused' && subscriber.pausedUntil === until) return undefined;
  return { ...withStatus(subscriber, 'paused', cause), pausedUntil: until };
}

/** Returns the subscriber without the pause. Undefined for one who is not paused. */
export function resume(subscriber: Subscriber, cause: ChangeCause): Subscriber | undefined {
  if (subscriber.status !== 'paused') return undefined;
  return { ...withStatus(subscriber, 'confirmed', cause), pausedUntil: undefined };
}
