import type { FC } from 'hono/jsx';
import { nextDigestAt } from '../../domain/next-digest.ts';
import { DEFAULT_SORT } from '../../domain/sort.ts';
import { localDayOf } from '../../domain/time.ts';
import { toTimeZoneText } from '../../domain/time-zone-names.ts';
import { toDayName } from '../../mail/wording.ts';
import { DEFAULT_MAX_PAPERS } from '../../subscribers/ask-for-mail.ts';
import type { WebAppPorts } from '../ports.ts';

interface NextDigestProps {
  readonly site: Pick<WebAppPorts, 'defaults' | 'clock'>;
  /** That of the reader. @default unknown, so that the page says the time in UTC, and its script in local time */
  readonly timeZone?: string | undefined;
}

/** When a reader who signs up now with the usual choices gets the first digest: `Saturday 28 November, 08:00 (UTC)`. */
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
        {toDayName(day, day)}, {String(hour).padStart(2, '0')}:00 ({toTimeZoneText(zone)})
      </span>
      .
    </>
  );
};
