import {
  createBounceEvent,
  createEventMail,
  createSesEvent,
  toEnvelope,
} from '../../factories/ses-events.ts';
import type { Random } from '../../simulation/seeded-random.ts';
import type { DeliveredMail } from './account.ts';

/** Returns the bodies of the events about a mail: a `Send`, then its result. Each is in an envelope or raw. */
export function toSesEvents(
  { messageId, to, tags, at }: DeliveredMail,
  isBounced: boolean,
  random: Random,
): readonly string[] {
  const listed = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]]));
  const mail = createEventMail({ timestamp: at, messageId, destination: [to], tags: listed });
  const sent = createSesEvent({ eventType: 'Send', mail, send: {}, delivery: undefined });
  const end = isBounced
    ? { ...createBounceEvent('Permanent', 'General', { emailAddress: to }), mail }
    : createSesEvent({
        mail,
        delivery: { timestamp: at, recipients: [to], smtpResponse: '250 2.6.0 Message received' },
      });
  return [sent, end].map((event) => JSON.stringify(random() < 0.5 ? toEnvelope(event) : event));
}
