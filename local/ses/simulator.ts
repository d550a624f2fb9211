import { domainOf } from '../../shared/domain/address.ts';

/** What becomes of a message at one recipient, in the order of its events. */
export type Fate = 'delivered' | 'bounced' | 'out-of-office' | 'complained' | 'suppressed';

const FATES: Readonly<Record<string, readonly Fate[]>> = {
  success: ['delivered'],
  bounce: ['bounced'],
  ooto: ['delivered', 'out-of-office'],
  complaint: ['delivered', 'complained'],
  suppressionlist: ['suppressed'],
};

/** Whether a bare address belongs to the mailbox simulator. */
export function isSimulator(address: string): boolean {
  return domainOf(address) === 'simulator.amazonses.com';
}

/**
 * What becomes of a message to a bare address. The mailbox simulator's addresses do what their names say, with a label
 * too (`bounce+anything@…`); every other address gets its mail.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
 */
export function fatesOf(address: string): readonly Fate[] {
  const mailbox = address.toLowerCase().split(/[+@]/, 1)[0] ?? '';
  const fates = isSimulator(address) && Object.hasOwn(FATES, mailbox) ? FATES[mailbox] : undefined;
  return fates ?? ['delivered'];
}
