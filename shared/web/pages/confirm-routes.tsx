import { type Context, Hono } from 'hono';
import type { FC } from 'hono/jsx';
import { findSignUp } from '../../domain/sign-up.ts';
import type { SignUp, Subscriber } from '../../domain/subscriber.ts';
import { signingKeyOf } from '../../keys.ts';
import { confirmSubscriber } from '../../subscribers/confirm-subscriber.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import type { WebAppPorts } from '../ports.ts';
import { mailedAtOf, signToken } from '../tokens.ts';
import { showInvalidConfirmation, showPage } from './show-page.tsx';
import { tokenOf, verifyLink } from './verify-link.ts';
import { WishText } from './wish-text.tsx';

const PATH = `${SUBSCRIBER_PATHS.confirm}/:token`;

/** The page behind the link of a mail that asks to confirm. Programs follow links, so the link itself changes nothing. */
export function createConfirmRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'confirm');
    if (!id) return showInvalidConfirmation(c, ports);
    const subscriber = await ports.subscribers.load(id);
    if (subscriber && isSubscribed(subscriber)) return showSubscribed(c, ports, subscriber);
    const signUp = subscriber && findSignUp(subscriber, mailedAtOf(tokenOf(c)));
    if (!signUp) return showNothing(c, ports);
    return showPage(
      c,
      ports,
      'Confirm your subscription',
      <>
        <p>{subscriber.address} will be sent:</p>
        <Wishes of={signUp} weekday={subscriber.weekday} />
        <form method="post">
          <button class="main" type="submit">
            Yes, subscribe me
          </button>
        </form>
        <p class="hint">If you did not ask for this, close the page: nothing is sent.</p>
      </>,
    );
  });
  app.post(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'confirm');
    if (!id) return showInvalidConfirmation(c, ports);
    const from = ports.clientAddress(c) ?? 'unknown';
    const subscriber = await confirmSubscriber(ports, id, from, mailedAtOf(tokenOf(c)));
    return subscriber ? showSubscribed(c, ports, subscriber) : showNothing(c, ports);
  });
  return app;
}

function isSubscribed({ status }: Subscriber): boolean {
  return status === 'confirmed' || status === 'paused';
}

const Wishes: FC<{ of: Pick<SignUp, 'subscriptions' | 'timeZone' | 'hour'>; weekday: number }> = ({
  of,
  weekday,
}) => (
  <ul>
    {of.subscriptions.map((wish) => (
      <li key={wish.id}>
        <WishText wish={wish} at={{ ...of, weekday }} />
      </li>
    ))}
  </ul>
);

async function showSubscribed(c: Context, ports: WebAppPorts, subscriber: Subscriber) {
  const now = ports.clock.now();
  const { linkKeys } = await ports.keyring.load();
  const token = signToken('manage', subscriber.id, signingKeyOf(linkKeys, now), now);
  return showPage(
    c,
    ports,
    'You are subscribed',
    <>
      <p>{subscriber.address} will be sent:</p>
      <Wishes of={subscriber} weekday={subscriber.weekday} />
      <p>
        <a href={`${SUBSCRIBER_PATHS.manage}/${token}`}>Change it, add to it, or see what it would bring</a>
      </p>
    </>,
  );
}

function showNothing(c: Context, ports: WebAppPorts) {
  return showPage(
    c,
    ports,
    'Nothing waits to be confirmed',
    <p>
      This sign-up was followed by another one, given up or forgotten. Use the link of your newest mail, or{' '}
      <a href="/">sign up again</a>.
    </p>,
    410,
  );
}
