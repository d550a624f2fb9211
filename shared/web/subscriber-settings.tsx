import type { FC } from 'hono/jsx';
import { toListName } from '../domain/list.ts';
import type { Subscriber } from '../domain/subscriber.ts';

/** What a subscriber asked for, in words, and a way to end it. */
export const SubscriberSettings: FC<{ subscriber: Subscriber }> = ({ subscriber }) => {
  const { address, status, timeZone, hour, subscriptions } = subscriber;
  return (
    <>
      <dl>
        <dt>Address</dt>
        <dd>{address}</dd>
        <dt>Status</dt>
        <dd>{status}</dd>
        <dt>Delivery</dt>
        <dd>
          {String(hour).padStart(2, '0')}:00, {timeZone.replaceAll('_', ' ')}
        </dd>
      </dl>
      {subscriptions.map(({ id, lists, query, cadence, maxPapers }) => (
        <section key={id}>
          <h2>{lists.map(toListName).join(', ')}</h2>
          <p>
            {query ? `Papers that match ${query}` : 'Every paper'}, {cadence}, at most {maxPapers} a digest
          </p>
        </section>
      ))}
      {status === 'confirmed' && (
        <form method="post">
          <button type="submit">Unsubscribe from all</button>
        </form>
      )}
    </>
  );
};
