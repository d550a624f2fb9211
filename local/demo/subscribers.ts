import { Temporal } from 'temporal-polyfill';
import type { Subscriber, Subscription } from '../../shared/domain/subscriber.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';

type Wish = Pick<Subscription, 'query' | 'cadence' | 'maxPapers'>;

/**
 * Three subscribers in three time zones, each with a cadence of their own, all of whom are due at the given moment: a
 * whole hour of UTC.
 */
export function createDemoSubscribers(dueAt: Instant, idKey: string): readonly Subscriber[] {
  const subscribe = (
    name: string,
    timeZone: string,
    format: Subscriber['format'],
    wishes: readonly Wish[],
  ): Subscriber => {
    const local = Temporal.Instant.from(dueAt).toZonedDateTimeISO(timeZone);
    return createNewSubscriber(
      {
        address: `${name}@readers.example`,
        status: 'confirmed',
        timeZone,
        hour: local.hour,
        weekday: local.dayOfWeek,
        format,
        wishes: wishes.map((wish) => ({ lists: ['hf-daily'], ...wish })),
        consent: { at: dueAt, from: 'the demo', text: 'A subscriber made up for the demo.' },
        cause: { at: dueAt, by: 'operator' },
      },
      idKey,
    );
  };
  return [
    subscribe('ada', 'Europe/Berlin', 'html', [{ query: '', cadence: 'daily', maxPapers: 10 }]),
    subscribe('ben', 'America/New_York', 'html', [
      { query: 'reasoning', cadence: 'weekly', maxPapers: 5 },
      { query: 'video', cadence: 'weekly', maxPapers: 5 },
    ]),
    subscribe('chandra', 'Asia/Kolkata', 'text', [{ query: 'agents', cadence: 'instant', maxPapers: 5 }]),
  ];
}
