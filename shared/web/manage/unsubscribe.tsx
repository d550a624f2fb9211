import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { maskAddress } from '../../domain/address.ts';
import { UnreadableError } from '../../domain/errors.ts';
import { mayTakeBack, resubscribe } from '../../domain/sign-up.ts';
import { hasEnded, type Subscriber } from '../../domain/subscriber.ts';
import { changeSubscriber } from '../../subscribers/change-subscriber.ts';
import { unsubscribe } from '../../subscribers/unsubscribe.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { type FormValues, firstOf } from '../parts/fields.tsx';
import { showErased, showInvalidLink, showPage } from '../parts/notices.tsx';
import { readForm } from '../parts/read-form.ts';
import type { WebAppPorts } from '../ports.ts';
import { MAX_BODY_BYTES } from '../v1/read-body.ts';
import { verifyLink } from '../verify-link.ts';
import { askToConfirm } from './ask-to-confirm.tsx';
import { RESUBSCRIBE_TEXT } from './buttons.tsx';
import { Alternatives, mailLessInstead, pauseInstead, TakeBack } from './instead-of-leaving.tsx';

const PATH = `${SUBSCRIBER_PATHS.unsubscribe}/:token`;

/**
 * The page behind `List-Unsubscribe` and the link at the end of a digest. A `GET` changes nothing, because programs follow
 * links. A `POST` without more is the one click of mail programs: whatever its body, without a cookie, never redirected,
 * the same when it is repeated and when there is nobody any more. It holds for digests already queued, too.
 *
 * The link never expires and mails are forwarded. So it can stop mails at any time, but start them again only within minutes
 * after it stopped them; later a mail asks the owner of the address to confirm.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8058
 */
export function createUnsubscribeRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'unsubscribe');
    if (!id) return showInvalidLink(c, ports);
    const subscriber = await findProfile(ports, id);
    if (!subscriber) return showErased(c, ports);
    if (subscriber === 'unreadable') return showUnreadable(c, ports);
    if (hasEnded(subscriber)) {
      const words = <p>No more digests are sent to {maskAddress(subscriber.address)}.</p>;
      const page = mayTakeBack(subscriber, ports.clock.now()) ? [words, <TakeBack />] : words;
      return showPage(c, ports, 'You are unsubscribed', page);
    }
    return showPage(
      c,
      ports,
      'Unsubscribe',
      <>
        <p>
          This stops all digests of {ports.publication.name} to{' '}
          <strong class="address">{maskAddress(subscriber.address)}</strong>, starting now. If that is not
          your address, this mail was forwarded to you: close the page.
        </p>
        <ActionButton name="unsubscribe" words="Unsubscribe" isMain />
        <Alternatives />
      </>,
    );
  });
  const act = async (c: Context, form: FormValues) => {
    const id = await verifyLink(ports, c, 'unsubscribe');
    if (!id) return showInvalidLink(c, ports);
    const action = firstOf(form, 'action');
    switch (action) {
      case 'pause':
        return pauseInstead(c, ports, id, action);
      case 'less-often':
        return mailLessInstead(c, ports, id, action);
      case 'resubscribe':
      case 'pause-instead':
      case 'less-often-instead':
        return takeBack(c, ports, id, action);
      default:
        return leave(c, ports, id);
    }
  };
  // No form of ours is so large, so the body is one of a mail program, and does not matter.
  const ignoreLargeBody = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => act(c, {}) });
  app.post(PATH, ignoreLargeBody, async (c) => act(c, await readForm(c)));
  return app;
}

async function leave(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  const { kind } = await unsubscribe(ports.subscribers, id, { at: ports.clock.now(), by: 'link' });
  return showPage(
    c,
    ports,
    'You are unsubscribed',
    <>
      <p>No more digests will be sent to you.</p>
      {kind !== 'unreadable' && <TakeBack />}
    </>,
  );
}

/** The page of a profile that cannot be read: somebody can leave all the same. */
function showUnreadable(c: Context, ports: WebAppPorts) {
  return showPage(
    c,
    ports,
    'Unsubscribe',
    <>
      <p>This stops all digests of {ports.publication.name} to you, starting now.</p>
      <ActionButton name="unsubscribe" words="Unsubscribe" isMain />
    </>,
  );
}

/** The profile; `unreadable` if it does not fit its schema. */
async function findProfile({ subscribers }: WebAppPorts, id: Subscriber['id']) {
  try {
    return await subscribers.load(id);
  } catch (error) {
    if (error instanceof UnreadableError) return 'unreadable';
    throw error;
  }
}

/** Starts digests again for somebody who has just stopped them by such a link; anybody else is asked by mail. */
async function takeBack(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  action: 'resubscribe' | 'pause-instead' | 'less-often-instead',
) {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return showErased(c, ports);
  const now = ports.clock.now();
  if (hasEnded(subscriber) && !mayTakeBack(subscriber, now))
    return askToConfirm(c, ports, subscriber, RESUBSCRIBE_TEXT);
  if (action === 'pause-instead') return pauseInstead(c, ports, id, action);
  if (action === 'less-often-instead') return mailLessInstead(c, ports, id, action);

  const consent = { at: now, from: ports.clientAddress(c) ?? 'unknown', text: RESUBSCRIBE_TEXT };
  const stands = await changeSubscriber(ports.subscribers, id, (one) =>
    mayTakeBack(one, now) ? resubscribe(one, consent, 'link') : undefined,
  );
  const isPaused = stands?.status === 'paused';
  return showPage(
    c,
    ports,
    isPaused ? 'Nothing was changed' : 'Welcome back',
    <>
      <p>{isPaused ? 'Your digests are paused.' : 'Digests come again as they did before.'}</p>
      <ActionButton name="unsubscribe" words="Unsubscribe" />
    </>,
  );
}
