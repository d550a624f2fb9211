import type { FC } from 'hono/jsx';
import { nextDigestAt } from '../../domain/next-digest.ts';
import { DEFAULT_SORT } from '../../domain/sort.ts';
import { localDayOf } from '../../domain/time.ts';
import { toDayName } from '../../mail/wording.ts';
import { DEFAULT_MAX_PAPERS } from '../../subscribers/ask-for-mail.ts';
import type { WebAppPorts } from '../ports.ts';

interface NextDigestProps {
  readonly site: Pick<WebAppPorts, 'defaults' | 'clock' | 'lists'>;
}

const TIME_ZONE = 'UTC';

/**
 * When a reader who signs up now gets the first digest: `Saturday 28 November, 08:00 (UTC)`. The script of the page shows it in local
 * time.
 */
export const NextDigest: FC<NextDigestProps> = ({ site: { defaults, clock, lists } }) => {
  const { cadence, hour } = defaults;
  const subscription = {
    id: 's1',
    lists: [...lists],
    query: '',
    maxPapers: DEFAULT_MAX_PAPERS,
    sort: DEFAULT_SORT,
  };
  const subscriber = { subscriptions: [{ ...subscription, cadence }], timeZone: TIME_ZONE, hour, weekday: 1 };
  const at = nextDigestAt(subscriber, clock.now());
  if (at === 'when-new' || at === undefined) return <>Next digest: as soon as new papers arrive.</>;
  const day = localDayOf(at, TIME_ZONE);
  return (
    <>
      Next digest:{' '}
      <span data-next={cadence} data-hour={String(hour)}>
        {toDayName(day, day)}, {String(hour).padStart(2, '0')}:00 ({TIME_ZONE})
      </span>
      .
    </>
  );
};
