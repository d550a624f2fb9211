import { type Context, Hono } from 'hono';
import { resubscribe } from '../../domain/sign-up.ts';
import { endWith, type Subscriber } from '../../domain/subscriber.ts';
import { changeSubscriber } from '../../subscribers/change-subscriber.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import type { WebAppPorts } from '../ports.ts';
import { ActionButton } from './action-button.tsx';
import { firstOf } from './fields.tsx';
import { Alternatives, AlternativesAfter, mailLessInstead, pauseInstead } from './instead-of-leaving.tsx';
import { RESUBSCRIBE_TEXT } from './manage-actions.ts';
import { readForm } from './read-form.ts';
import { showInvalidLink, showPage } from './show-page.tsx';
import { verifyLink } from './verify-link.ts';

const PATH = `${SUBSCRIBER_PATHS.unsubscribe}/:token`;

/**
 * The page behind `List-Unsubscribe` and the link at the end of a digest. A `GET` changes nothing, because programs follow
 * links. A `POST` without more is the one click of mail programs: whatever its body, without a cookie, never redirected,
 * the same when it is repeated and when there is nobody any more. It holds for digests already queued, too.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8058
 */
export function createUnsubscribeRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    if (!(await verifyLink(ports, c, 'unsubscribe'))) return showInvalidLink(c, ports);
    return showPage(
      c,
      ports,
      'Unsubscribe',
      <>
        <p>You will get no more digests, at once.</p>
        <ActionButton name="unsubscribe" words="Unsubscribe" isMain />
        <Alternatives />
      </>,
    );
  });
  app.post(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'unsubscribe');
    if (!id) return showInvalidLink(c, ports);
    const action = firstOf(await readForm(c), 'action');
    switch (action) {
      case 'pause':
      case 'pause-instead':
        return pauseInstead(c, ports, id, action);
      case 'less-often':
      case 'less-often-instead':
        return mailLessInstead(c, ports, id, action);
      case 'resubscribe':
        return bringBack(c, ports, id);
      default:
        await changeSubscriber(ports.subscribers, id, (one) => endWith(one, 'unsubscribed'));
        return showPage(
          c,
          ports,
          'You are unsubscribed',
          <>
            <p>No more digests will be sent to you.</p>
            <ActionButton name="resubscribe" words={RESUBSCRIBE_TEXT} />
            <AlternativesAfter />
          </>,
        );
    }
  });
  return app;
}

async function bringBack(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  const consent = {
    at: ports.clock.now(),
    from: ports.clientAddress(c) ?? 'unknown',
    text: RESUBSCRIBE_TEXT,
  };
  await changeSubscriber(ports.subscribers, id, (one) => resubscribe(one, consent));
  return showPage(
    c,
    ports,
    'Welcome back',
    <>
      <p>Digests come again as they did before.</p>
      <ActionButton name="unsubscribe" words="Unsubscribe" />
    </>,
  );
}
