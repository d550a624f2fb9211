import type { FC } from 'hono/jsx';
import { nextDigestAt } from '../../domain/digests/next-digest.ts';
import { UnavailableError } from '../../domain/errors.ts';
import { DEFAULT_SORT } from '../../domain/papers/sort.ts';
import { periodOf } from '../../domain/subscribers/cadence.ts';
import { DEFAULT_MAX_PAPERS, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import { addDays, type Instant, localDayOf } from '../../domain/time/time.ts';
import { toDayName, toZonedHourText } from '../../presentation/wording.ts';
import type { WebAppPorts } from '../ports.ts';

interface NextDigestProps {
  readonly site: Pick<WebAppPorts, 'defaults' | 'clock'>;
  /** The reader's time zone. @default unknown: the page says the time in UTC, and its script in local time */
  readonly timeZone?: string | undefined;
}

/** When a reader who signs up now with the default choices gets the first digest: `Saturday 28 November, 08:00 (UTC)`. */
export const NextDigest: FC<NextDigestProps> = ({ site: { defaults, clock }, timeZone }) => {
  const { cadence, hour, lists } = defaults;
  const zone = timeZone ?? 'UTC';
  const subscription = {
    id: 's1',
    lists: [...lists],
    query: '',
    maxPapers: DEFAULT_MAX_PAPERS,
    sort: DEFAULT_SORT,
  };
  const subscriber = { subscriptions: [{ ...subscription, cadence }], timeZone: zone, hour, weekday: 1 };
  const at = nextDigestAt(subscriber, clock.now());
  if (at === 'when-new' || at === undefined) return <>Next digest: as soon as new papers arrive.</>;
  const day = localDayOf(at, zone);
  return (
    <>
      Next digest:{' '}
      <span {...(timeZone === undefined && { 'data-next': cadence, 'data-hour': String(hour) })}>
        {toDayName(day, day)}, {toZonedHourText(hour, zone)}
      </span>
      .
    </>
  );
};

/**
 * Returns when the next digest of a subscriber is due, as `nextDigestAt` does. Undefined also while the ledger cannot be read.
 * The digest of today may be sent already: by hand, before a change of the hour, or before the reader left and joined again. That of
 * tomorrow may be sent if the reader moved to a time zone further west. Then the next one is due later.
 */
export async function loadNextDigestAt(
  history: WebAppPorts['history'],
  subscriber: Subscriber,
  now: Instant,
): Promise<Instant | 'when-new' | undefined> {
  const planned = nextDigestAt(subscriber, now);
  if (planned === undefined || planned === 'when-new') return planned;
  const today = localDayOf(now, subscriber.timeZone);
  const keys = [...new Set(subscriber.subscriptions.map(({ cadence }) => cadence))].flatMap((cadence) => {
    if (cadence === 'instant') return [];
    const periods = new Set([today, addDays(today, 1)].map((day) => periodOf(cadence, day)));
    return [...periods].map((period) => ({ subscriberId: subscriber.id, cadence, period }));
  });
  const recorded = await history.loadRecorded(keys).catch((error: unknown) => {
    // Without the ledger, the reader can still subscribe, pause and leave.
    if (error instanceof UnavailableError) return undefined;
    throw error;
  });
  return recorded && nextDigestAt(subscriber, now, recorded);
}
