import type { Context } from 'hono';
import type { FC } from 'hono/jsx';
import { statusAt } from '../../domain/subscribers/pause.ts';
import type { Subscriber, Subscription } from '../../domain/subscribers/subscriber.ts';
import { type Instant, localDayOf } from '../../domain/time/time.ts';
import { toLongDay, toZonedHourText } from '../../presentation/wording.ts';
import { findEarlierDigests } from '../../subscribers/confirm-subscriber.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { Address } from '../parts/address.tsx';
import { loadNextDigestAt } from '../parts/next-digest.tsx';
import { showPage } from '../parts/notices.tsx';
import { QueryAdvice } from '../parts/query-field.tsx';
import { SubscriptionText } from '../parts/subscription-fields.tsx';
import { toSearchPath } from '../paths/search-path.ts';
import type { WebAppPorts } from '../ports.ts';
import { signManageToken } from '../verify-link.ts';

/** What each subscription brings, and when. */
export const SubscriptionList: FC<{
  subscriptions: readonly Subscription[];
  at: Pick<Subscriber, 'timeZone' | 'hour' | 'weekday'>;
}> = ({ subscriptions, at }) => (
  <ul>
    {subscriptions.map((subscription) => (
      <li key={subscription.id}>
        <SubscriptionText subscription={subscription} at={at} />
      </li>
    ))}
  </ul>
);

/** Shows what a subscriber gets, and when first. If an earlier address gets digests, too, it says how to end them. */
export async function showSubscribed(c: Context, ports: WebAppPorts, subscriber: Subscriber) {
  const earlier = await findEarlierDigests(ports, subscriber);
  if (earlier === 'unfinished') return showUnfinished(c, ports, subscriber);
  const token = await signManageToken(ports, subscriber.id);
  const papersNow = findPapersNow(subscriber);
  const first = await findFirstDigest(ports, subscriber, ports.clock.now());
  return showPage(
    c,
    ports,
    'You are subscribed',
    <>
      <p>
        <Address address={subscriber.address} /> gets:
      </p>
      <SubscriptionList subscriptions={subscriber.subscriptions} at={subscriber} />
      <QueryAdvice of={subscriber.subscriptions} lists={ports.lists} />
      <p>{first}</p>
      {earlier && (
        <p>
          Your earlier address gets digests, too. To end them, unsubscribe with a link in one of those emails.
        </p>
      )}
      {papersNow !== undefined && (
        <p>
          <a class="target" href={papersNow}>
            Read the newest papers that match
          </a>
        </p>
      )}
      <p>
        <a class="target" href={`${SUBSCRIBER_PATHS.manage}/${token}`}>
          Change or preview your subscriptions
        </a>
      </p>
      <p>
        <a class="target" href="/">
          Read today’s papers
        </a>
      </p>
    </>,
  );
}

/** Shows that the earlier address still gets digests, because a step failed, with a button that ends them. */
function showUnfinished(c: Context, ports: WebAppPorts, { address }: Subscriber) {
  return showPage(
    c,
    ports,
    'One step is left',
    <>
      <p>
        <Address address={address} /> is subscribed, but your earlier address still gets digests, too.
      </p>
      <form method="post">
        <button class="main" type="submit">
          End the digests to my earlier address
        </button>
      </form>
    </>,
  );
}

/** Returns the path of the newest papers that a subscription finds. Undefined if there are several subscriptions. */
function findPapersNow({ subscriptions: [first, ...others] }: Subscriber): string | undefined {
  if (!first || others.length > 0) return undefined;
  return toSearchPath({ query: first.query, lists: first.lists, sort: 'date', isVerbatim: true });
}

/** Says when the first digest comes: `Your first digest comes on Tuesday 6 January 2026 at 08:00 (Europe/Berlin), …`. */
async function findFirstDigest({ history }: WebAppPorts, subscriber: Subscriber, now: Instant) {
  if (statusAt(subscriber, now) === 'paused') return 'Your digests are paused.';
  const at = await loadNextDigestAt(history, subscriber, now);
  if (at === 'when-new') return 'Your first digest comes as soon as new papers match.';
  const { timeZone, hour } = subscriber;
  const time = toZonedHourText(hour, timeZone);
  if (at === undefined)
    return `Your first digest comes at your next delivery time, at ${time}, if papers match.`;
  return `Your first digest comes on ${toLongDay(localDayOf(at, timeZone))} at ${time}, if papers match.`;
}

/** Answers a link whose sign-up is not waiting. */
export function showNothing(c: Context, ports: WebAppPorts) {
  return showPage(
    c,
    ports,
    'There is nothing to confirm',
    <p>
      This link was already used, or its sign-up no longer exists. You can{' '}
      <a href="/sign-up">sign up again</a>.
    </p>,
    { status: 410 },
  );
}
