import type { Context } from 'hono';
import type { FC } from 'hono/jsx';
import { localDayOf } from '../../domain/local-day.ts';
import { pause } from '../../domain/pause.ts';
import { mayTakeBack, resubscribe, TAKE_BACK_MINUTES } from '../../domain/sign-up.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { addDays } from '../../domain/time.ts';
import { toLongDay } from '../../mail/wording.ts';
import { changeSubscriber } from '../../subscribers/change-subscriber.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { showPage } from '../parts/notices.tsx';
import type { WebAppPorts } from '../ports.ts';
import { LESS_OFTEN, RESUBSCRIBE_TEXT, withFewerMails } from './buttons.tsx';

const PAUSE_DAYS = 30;

/** The words of the buttons by which somebody who has left comes back to less; they are the text that is agreed to. */
const INSTEAD = {
  'pause-instead': `Pause for ${PAUSE_DAYS} days instead, then send me digests again`,
  'less-often-instead': 'Send me digests again, each one step less often',
} as const;

/** What can be done instead of leaving. */
export const Alternatives: FC = () => (
  <>
    <h2>Or get fewer mails</h2>
    <ActionButton name="pause" words={`Pause for ${PAUSE_DAYS} days`} />
    <ActionButton name="less-often" words={LESS_OFTEN.words} />
  </>
);

/** The buttons by which somebody who has just unsubscribed takes it back, as a whole or in part. */
export const TakeBack: FC = () => (
  <>
    <h2>Unsubscribed by mistake?</h2>
    <p>These buttons work for {TAKE_BACK_MINUTES} minutes.</p>
    <ActionButton name="resubscribe" words={RESUBSCRIBE_TEXT} />
    {Object.entries(INSTEAD).map(([name, words]) => (
      <ActionButton key={name} name={name} words={words} />
    ))}
  </>
);

/** Pauses for thirty days whoever is mailed; by `pause-instead` whoever left, too. */
export async function pauseInstead(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  action: 'pause' | 'pause-instead',
) {
  const now = ports.clock.now();
  const untilOf = ({ timeZone }: Subscriber) => addDays(localDayOf(now, timeZone), PAUSE_DAYS);
  const paused = await changeSubscriber(ports.subscribers, id, (one) => {
    const mailed = action === 'pause' ? one : comeBack(c, ports, one, INSTEAD[action]);
    return pause(mailed, untilOf(one), { at: now, by: 'link' });
  });
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
      <ActionButton name="unsubscribe" words="Unsubscribe for good" />
    </>,
  );
}

/** Every mail one step less often for whoever is mailed; by `less-often-instead` for whoever left, too. */
export async function mailLessInstead(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  action: 'less-often' | 'less-often-instead',
) {
  let isChange = false;
  await changeSubscriber(ports.subscribers, id, (one) => {
    const changed = withFewerMails(action === 'less-often' ? one : comeBack(c, ports, one, INSTEAD[action]));
    isChange = changed !== undefined;
    return changed;
  });
  return showPage(c, ports, 'Fewer mails', <p>{isChange ? LESS_OFTEN.done : LESS_OFTEN.unchanged}</p>);
}

/** The subscriber mailed again if the unsubscription can still be taken back; anybody else as they are. */
function comeBack(
  c: Context,
  { clock, clientAddress }: WebAppPorts,
  subscriber: Subscriber,
  text: string,
): Subscriber {
  const now = clock.now();
  if (!mayTakeBack(subscriber, now)) return subscriber;
  const consent = { at: now, from: clientAddress(c) ?? 'unknown', text };
  return resubscribe(subscriber, consent, 'link') ?? subscriber;
}
