import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { maskAddress } from '../../domain/address.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { askForMail } from '../../subscribers/ask-for-mail.ts';
import { showCheckYourMail, showPage, showTooMany } from '../parts/notices.tsx';
import type { WebAppPorts } from '../ports.ts';

/**
 * Mails the owner of the address and asks whether digests should start again. Nobody is mailed who complained: only the operator
 * can restore them.
 *
 * @param text the words of the button, to which they agree
 */
export async function askToConfirm(c: Context, ports: WebAppPorts, subscriber: Subscriber, text: string) {
  const { address, status, timeZone, hour, subscriptions } = subscriber;
  if (status === 'complained') {
    const { fromAddress, replyTo = fromAddress } = ports.publication;
    return showPage(
      c,
      ports,
      'This link cannot start digests again',
      <p>
        A mail to this address was marked as spam. To get digests again, write to{' '}
        <a href={`mailto:${replyTo}`}>{replyTo}</a>.
      </p>,
      409,
    );
  }
  const from = ports.clientAddress(c);
  const signUp = { at: ports.clock.now(), from: from ?? 'unknown', text, timeZone, hour, subscriptions };
  const request = { kind: 'sign-up', id: randomUUID(), address, signUp, isByLink: true } as const;
  const isAccepted = await askForMail(ports, from, request);
  return isAccepted
    ? showCheckYourMail(c, ports, 'sign-up', maskAddress(address))
    : showTooMany(c, ports, 'sign-up');
}
