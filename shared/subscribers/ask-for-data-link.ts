import { randomUUID } from 'node:crypto';
import type { Subscriber } from '../domain/subscriber.ts';
import { addMs, MS_PER_DAY } from '../domain/time.ts';
import { type AskForMailPorts, askForMail } from './ask-for-mail.ts';

/** Links to export and erase that one subscriber gets in a day: whoever holds a forwarded digest can ask for them, too. */
const MAX_LINKS = 5;

/**
 * Queues the mail with a fresh link to export and erase, for somebody who holds a link to manage. `unmailable` means that the
 * address is not mailed: it bounced, complained, or was never confirmed.
 *
 * @param clientAddress the IP address of whoever asks
 */
export async function askForDataLink(
  ports: AskForMailPorts,
  { id, address, status }: Pick<Subscriber, 'id' | 'address' | 'status'>,
  clientAddress: string | undefined,
): Promise<'asked' | 'too-many' | 'unmailable'> {
  if (status === 'bounced' || status === 'complained' || status === 'unconfirmed') return 'unmailable';
  const now = ports.clock.now();
  const day = { window: now.slice(0, 10), expiresAt: addMs(now, 2 * MS_PER_DAY) };
  const isWithin = await ports.budgets.spend({ ...day, what: `data-links#${id}`, max: MAX_LINKS });
  const request = { kind: 'data-link', id: randomUUID(), address } as const;
  return isWithin && (await askForMail(ports, clientAddress, request)) ? 'asked' : 'too-many';
}
