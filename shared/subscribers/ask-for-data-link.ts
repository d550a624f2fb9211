import { randomUUID } from 'node:crypto';
import type { Subscriber } from '../domain/subscriber.ts';
import { type AskForMailPorts, askForMail } from './ask-for-mail.ts';
import { dataLinkBudgetOf } from './web-budgets.ts';

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
  const isWithin = await ports.budgets.spend(dataLinkBudgetOf(id, ports.clock.now()));
  const request = { kind: 'data-link', id: randomUUID(), address } as const;
  return isWithin && (await askForMail(ports, clientAddress, request)) ? 'asked' : 'too-many';
}
