import { decodeWords } from 'postal-mime';
import type { Clock } from '../../shared/domain/time/time.ts';
import type { SesAccount } from './account.ts';
import type { EventQueue } from './event.ts';
import { eventsOf, toEventMail } from './make-events.ts';
import { newSesId, toDeliveredMessage, valuesOf } from './message.ts';
import type { MessageStore, StoredMessage } from './message-store.ts';
import type { SendRawEmailRequest } from './protocol.ts';
import { checkSubmission, type SendPolicy } from './submission.ts';

/** What `sendRawEmail` needs. */
export interface SendPorts {
  readonly policy: SendPolicy;
  readonly account: SesAccount;
  readonly store: MessageStore;
  readonly events: EventQueue;
  /** Receives each message once it is stored. @default none */
  readonly onMail?: ((message: StoredMessage) => void) | undefined;
  readonly clock: Clock;
}

/**
 * Accepts a message: checks it, counts it against rate and quota, stores it, and publishes the events that its configuration
 * set asks for. A refused message changes nothing.
 *
 * @throws SesError if SES would refuse it
 */
export async function sendRawEmail(request: SendRawEmailRequest, ports: SendPorts): Promise<StoredMessage> {
  const { policy, account, store, events, onMail, clock } = ports;
  const submission = checkSubmission(request, policy);
  account.admit(submission.destinations.length);

  const at = clock.now();
  const messageId = newSesId(at);
  const { source, destinations, tags, message, configurationSet } = submission;
  const stored = await store.save(
    {
      messageId,
      acceptedAt: at,
      source,
      destinations,
      tags,
      configurationSetName: configurationSet?.name,
      subject: decodeWords(valuesOf(message.fields, 'Subject')[0] ?? ''),
    },
    toDeliveredMessage(message, messageId, at),
  );
  onMail?.(stored);

  const mail = toEventMail(submission, { messageId, at });
  const wanted = configurationSet?.eventTypes ?? [];
  events.add(eventsOf(mail, clock.now()).filter(({ eventType }) => wanted.includes(eventType)));
  return stored;
}
