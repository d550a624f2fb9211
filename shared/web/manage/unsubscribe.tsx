import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { FC } from 'hono/jsx';
import { maskAddress } from '../../domain/subscribers/address.ts';
import { hasMoved } from '../../domain/subscribers/move.ts';
import { isPausedUntil, pause, statusAt } from '../../domain/subscribers/pause.ts';
import {
  mayGetLink,
  mayUndoUnsubscribe,
  UNDO_MINUTES,
  undoUnsubscribe,
} from '../../domain/subscribers/sign-up.ts';
import { hasEnded, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import { addDays, type Day, type Instant, localDayOf } from '../../domain/time/time.ts';
import { toPauseSentence } from '../../presentation/subscription-wording.ts';
import { changeSubscriber, findProfile, profileAfter } from '../../subscribers/change-subscriber.ts';
import { unsubscribe } from '../../subscribers/unsubscribe.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { Address, toAddressText } from '../parts/address.tsx';
import { ActionButton, type FormValues, firstOf } from '../parts/fields.tsx';
import { showErased, showInvalidLink, showPage } from '../parts/notices.tsx';
import { readForm } from '../parts/read-form.ts';
import { MAX_BODY_BYTES } from '../parts/request.ts';
import type { WebAppPorts } from '../ports.ts';
import { findLeaver } from '../verify-link.ts';
import { LESS_OFTEN, RESUBSCRIBE_TEXT, toUnchangedNotice, versionsIn, withFewerMails } from './actions.ts';
import { LessOftenButton } from './leaving.tsx';
import { askToConfirm } from './mail-requests.tsx';

const PATH = `${SUBSCRIBER_PATHS.unsubscribe}/:token`;

/**
 * The page behind `List-Unsubscribe` and the link at the end of a digest. A `GET` changes nothing, because programs follow
 * links. A `POST` without an action is the one click of mail programs. It works with any body and without a cookie, and is
 * never redirected. A repeat gets the same answer, even after the profile is erased. Queued digests are stopped, too.
 *
 * The link works for months, and mails are forwarded. So it can stop mails at any time. It can start them again only within
 * minutes. After that, a mail asks the owner of the address to confirm.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8058
 */
export function createUnsubscribeRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const id = await findLeaver(c, ports);
    if (!id) return showInvalidLink(c, ports);
    const subscriber = await findProfile(ports.subscribers, id);
    if (!subscriber) return showErased(c, ports);
    if (subscriber === 'unreadable') return showUnreadable(c, ports);
    if (hasMoved(subscriber)) return showMoved(c, ports);
    if (hasEnded(subscriber)) {
      const heading = subscriber.status === 'unsubscribed' ? 'You are unsubscribed' : 'You get no digests';
      return showPage(
        c,
        ports,
        heading,
        <>
          <p>We send no more digests to {maskAddress(toAddressText(subscriber.address))}.</p>
          <UndoOrLink subscriber={subscriber} now={ports.clock.now()} />
        </>,
      );
    }
    return showPage(
      c,
      ports,
      'Unsubscribe',
      <>
        <p>
          This stops all digests of {ports.publication.name} to{' '}
          <Address address={maskAddress(toAddressText(subscriber.address))} />, starting now. If this is not
          your address, somebody forwarded the email to you. In that case, close this page.
        </p>
        <ActionButton name="unsubscribe" words="Unsubscribe" isMain />
        <Alternatives subscriber={subscriber} now={ports.clock.now()} />
      </>,
    );
  });
  const act = async (c: Context, form: FormValues) => {
    const id = await findLeaver(c, ports);
    if (!id) return showInvalidLink(c, ports);
    const action = firstOf(form, 'action');
    switch (action) {
      case 'pause':
        return pauseInstead(c, ports, id, action);
      case 'less-often':
        return mailLessInstead(c, ports, id, action, form);
      case 'resubscribe':
      case 'pause-instead':
      case 'less-often-instead':
        return takeBack(c, ports, id, action, form);
      default:
        return leave(c, ports, id);
    }
  };
  // No form of ours is that large, so the body is one of a mail program, and does not matter.
  const ignoreLargeBody = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => act(c, {}) });
  app.post(PATH, ignoreLargeBody, async (c) => act(c, await readForm(c)));
  return app;
}

/** The version of a profile that was saved only when its subscriber joined and left. */
const FIRST_VERSION_AFTER_LEAVING = 2;

async function leave(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  const now = ports.clock.now();
  const left = await unsubscribe(ports.subscribers, id, { at: now, by: 'link' });
  if ('subscriber' in left && hasMoved(left.subscriber)) return showMoved(c, ports);
  return showPage(
    c,
    ports,
    'You are unsubscribed',
    <>
      <p>We send you no more digests.</p>
      {'subscriber' in left && <UndoOrLink subscriber={left.subscriber} now={now} />}
      {/* The answer does not reveal an erasure. */}
      {left.kind === 'unknown' && <TakeBack version={FIRST_VERSION_AFTER_LEAVING} />}
    </>,
  );
}

/** The page for somebody who moved to another address. That one has links of its own, and this one may be in forwarded mails. */
function showMoved(c: Context, ports: WebAppPorts) {
  return showPage(
    c,
    ports,
    'This address gets no digests',
    <p>You moved to another address. To stop its digests, unsubscribe with a link in its emails.</p>,
  );
}

/** The page for a profile that cannot be read. The reader can still leave. */
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

/** Starts digests again for a reader who has just stopped them by such a link. Any other reader is asked by mail. */
async function takeBack(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  action: 'resubscribe' | 'pause-instead' | 'less-often-instead',
  form: FormValues,
) {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return showErased(c, ports);
  const now = ports.clock.now();
  if (hasEnded(subscriber) && !mayUndoUnsubscribe(subscriber, now))
    return askToConfirm(c, ports, subscriber, RESUBSCRIBE_TEXT);
  if (action === 'pause-instead') return pauseInstead(c, ports, id, action);
  if (action === 'less-often-instead') return mailLessInstead(c, ports, id, action, form);
  const consent = { at: now, from: ports.clientAddress(c) ?? 'unknown', text: RESUBSCRIBE_TEXT };
  const outcome = await changeSubscriber(ports.subscribers, id, (known) => undoUnsubscribe(known, consent));
  const profile = profileAfter(outcome);
  if (!profile) return showErased(c, ports);
  // The time to undo ended meanwhile.
  if (hasEnded(profile)) return askToConfirm(c, ports, profile, RESUBSCRIBE_TEXT);
  const isPaused = statusAt(profile, now) === 'paused';
  return showPage(
    c,
    ports,
    outcome.kind === 'changed' ? 'Welcome back' : 'Nothing changed',
    <>
      <p>{isPaused ? toPauseSentence(profile) : 'You get digests again.'}</p>
      <ActionButton name="unsubscribe" words="Unsubscribe" />
    </>,
  );
}

const PAUSE_DAYS = 30;

/** The labels of the buttons that start fewer digests again. They are the texts that the reader agrees to. */
const INSTEAD = {
  'pause-instead': `Pause for ${PAUSE_DAYS} days instead, then send me digests again`,
  'less-often-instead': 'Send me digests again, but less often',
} as const;

/** What a button says that was pressed twice, or on an old page. */
const BUTTON_OUTDATED =
  'Your subscriptions have changed since you opened this page, so this button changed nothing.';

/** Returns the day on which digests start again after a pause from now. */
function endOfPause({ timeZone }: Subscriber, now: Instant): Day {
  return addDays(localDayOf(now, timeZone), PAUSE_DAYS);
}

/** Buttons for fewer mails instead of unsubscribing. */
const Alternatives: FC<{ subscriber: Subscriber; now: Instant }> = ({ subscriber, now }) => (
  <>
    <h2>Or get fewer emails</h2>
    {statusAt(subscriber, now) === 'paused' && <p>{toPauseSentence(subscriber)}</p>}
    {!isPausedUntil(subscriber, endOfPause(subscriber, now), now) && (
      <ActionButton name="pause" words={`Pause for ${PAUSE_DAYS} days`} />
    )}
    <LessOftenButton version={subscriber.version} />
  </>
);

/** How a subscriber who left gets digests again. Only this unsubscribe can be undone here, not an earlier one. */
const UndoOrLink: FC<{ subscriber: Subscriber; now: Instant }> = ({ subscriber, now }) => {
  if (mayUndoUnsubscribe(subscriber, now)) return <TakeBack version={subscriber.version} />;
  return mayGetLink(subscriber) ? <ManageLink aim="get digests again" /> : null;
};

/** The buttons that undo an unsubscription, as a whole or in part. */
const TakeBack: FC<{ version: number }> = ({ version }) => (
  <>
    <h2>Unsubscribed by mistake?</h2>
    <p>These buttons work for {UNDO_MINUTES} minutes.</p>
    <ActionButton name="resubscribe" words={RESUBSCRIBE_TEXT} />
    <ActionButton name="pause-instead" words={INSTEAD['pause-instead']} />
    <LessOftenButton version={version} name="less-often-instead" words={INSTEAD['less-often-instead']} />
  </>
);

/** Pauses an active subscriber for thirty days, or leaves a longer pause. `pause-instead` also pauses one who left. */
async function pauseInstead(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  action: 'pause' | 'pause-instead',
) {
  const now = ports.clock.now();
  const outcome = await changeSubscriber(ports.subscribers, id, (known) => {
    const mailed = action === 'pause' ? known : comeBack(c, ports, known, INSTEAD[action]);
    const until = endOfPause(known, now);
    if (!isPausedUntil(mailed, until, now)) return pause(mailed, until, { at: now, by: 'link' });
    return mailed === known ? undefined : mailed;
  });
  const profile = profileAfter(outcome);
  if (!profile) return showErased(c, ports);
  const isPaused = profile.status === 'paused';
  return showPage(
    c,
    ports,
    isPaused ? 'Paused' : 'Nothing to pause',
    <>
      <p>{isPaused ? toPauseSentence(profile) : 'You get no digests, so there is nothing to pause.'}</p>
      {isPaused && <ManageLink aim="change this" />}
      <ActionButton name="unsubscribe" words="Unsubscribe for good" />
    </>,
  );
}

/** Makes every mail of an active subscriber one step less frequent. `less-often-instead` does so for one who left, too. */
async function mailLessInstead(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  action: 'less-often' | 'less-often-instead',
  form: FormValues,
) {
  const change = (known: Subscriber) =>
    withFewerMails(action === 'less-often' ? known : comeBack(c, ports, known, INSTEAD[action]));
  const outcome = await changeSubscriber(ports.subscribers, id, change, versionsIn(form));
  const subscriber = outcome.kind === 'conflict' ? outcome.subscriber : profileAfter(outcome);
  if (!subscriber) return showErased(c, ports);
  const unchanged = outcome.kind === 'conflict' ? BUTTON_OUTDATED : toUnchangedNotice(LESS_OFTEN, subscriber);
  const words = outcome.kind === 'changed' ? LESS_OFTEN.done(subscriber, ports.clock.now()) : unchanged;
  return showPage(
    c,
    ports,
    'Fewer emails',
    <>
      <p>{words}</p>
      <ManageLink aim="change this" />
    </>,
  );
}

/** The link of this page must not show the subscriptions, because digests are forwarded. */
const ManageLink: FC<{ aim: string }> = ({ aim }) => (
  <p>
    To {aim}, <a href="/manage-link">get a link to your subscriptions</a>.
  </p>
);

/** Returns the subscriber mailed again if the unsubscription can still be taken back. Anybody else stays as they are. */
function comeBack(
  c: Context,
  { clock, clientAddress }: WebAppPorts,
  subscriber: Subscriber,
  text: string,
): Subscriber {
  const consent = { at: clock.now(), from: clientAddress(c) ?? 'unknown', text };
  return undoUnsubscribe(subscriber, consent) ?? subscriber;
}
