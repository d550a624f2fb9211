import { type Context, Hono } from 'hono';
import type { FC } from 'hono/jsx';
import { localDayOf } from '../../domain/local-day.ts';
import { pause } from '../../domain/pause.ts';
import { resubscribe } from '../../domain/sign-up.ts';
import { endWith, type Subscriber } from '../../domain/subscriber.ts';
import { addDays } from '../../domain/time.ts';
import { toLongDay } from '../../mail/wording.ts';
import { changeSubscriber } from '../../subscribers/change-subscriber.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import type { WebAppPorts } from '../ports.ts';
import { firstOf } from './fields.tsx';
import { LESS_OFTEN, RESUBSCRIBE_TEXT, withFewerMails } from './manage-actions.ts';
import { readForm } from './read-form.ts';
import { showInvalidLink, showPage } from './show-page.tsx';
import { verifyLink } from './verify-link.ts';

const PATH = `${SUBSCRIBER_PATHS.unsubscribe}/:token`;
const PAUSE_DAYS = 30;

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
        <Action name="unsubscribe" words="Unsubscribe" isMain />
        <Alternatives />
      </>,
    );
  });
  app.post(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'unsubscribe');
    if (!id) return showInvalidLink(c, ports);
    switch (firstOf(await readForm(c), 'action')) {
      case 'pause':
        return pauseFor(c, ports, id);
      case 'less-often':
        return mailLess(c, ports, id);
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
            <Action name="resubscribe" words={RESUBSCRIBE_TEXT} />
          </>,
        );
    }
  });
  return app;
}

async function pauseFor(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  const now = ports.clock.now();
  const untilOf = ({ timeZone }: Subscriber) => addDays(localDayOf(now, timeZone), PAUSE_DAYS);
  const paused = await changeSubscriber(ports.subscribers, id, (one) => pause(one, untilOf(one), now));
  const until = paused?.status === 'paused' ? paused.pausedUntil : undefined;
  const words = until
    ? `No digests come until ${toLongDay(until)}. Then they begin again by themselves.`
    : 'No digests come to you, so there is nothing to pause.';
  return showPage(
    c,
    ports,
    until ? 'Paused' : 'Nothing to pause',
    <>
      <p>{words}</p>
      <Action name="unsubscribe" words="Unsubscribe for good" />
    </>,
  );
}

async function mailLess(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  let isChange = false;
  await changeSubscriber(ports.subscribers, id, (one) => {
    const changed = withFewerMails(one);
    isChange = changed !== undefined;
    return changed;
  });
  return showPage(c, ports, 'Fewer mails', <p>{isChange ? LESS_OFTEN.done : LESS_OFTEN.unchanged}</p>);
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
      <Action name="unsubscribe" words="Unsubscribe" />
    </>,
  );
}

const Alternatives: FC = () => (
  <>
    <h2>Or less of it</h2>
    <Action name="pause" words={`Pause for ${PAUSE_DAYS} days`} />
    <Action name="less-often" words="Get fewer mails: each comes one step less often" />
  </>
);

const Action: FC<{ name: string; words: string; isMain?: boolean }> = ({ name, words, isMain }) => (
  <form method="post">
    <button class={isMain ? 'main' : undefined} type="submit" name="action" value={name}>
      {words}
    </button>
  </form>
);
