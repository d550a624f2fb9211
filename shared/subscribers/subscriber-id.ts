import { createHmac } from 'node:crypto';
import { normaliseAddress, toMailbox, typedAddressSchema } from '../domain/address.ts';
import { InvalidInputError } from '../domain/errors.ts';

const ID_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{22}$/;

/**
 * The id of the subscriber with this address: a keyed hash of the normalised address, 22 characters of base64url. One
 * address is always one subscriber, and an id in a log says nothing about the address. The key never rotates.
 */
export function toSubscriberId(address: string, key: string): string {
  return hash(normaliseAddress(address), key);
}

/** Somebody whom an operator names: by address, or by id alone. */
export interface NamedSubscriber {
  readonly id: string;
  /** The address as it was given. */
  readonly address?: string;
}

/** What mail programs put before a subject. */
const SUBJECT = /^(?:(?:re|fwd?|aw|wg|tr|rv)\s*:\s*)*unsubscribe\s+(\S+)$/i;

/**
 * Whom a text names: an address, the id of a subscriber, or the subject `unsubscribe <id>` of a mail that asks to stop.
 *
 * @throws InvalidInputError for any other text
 */
export function parseNamedSubscriber(text: string, key: string): NamedSubscriber {
  const named = text.trim();
  if (named.includes('@')) {
    const { data: address, error } = typedAddressSchema.safeParse(named);
    if (address !== undefined) return { id: toSubscriberId(address, key), address };
    throw new InvalidInputError(`"${text}": ${error.issues.map(({ message }) => message).join('; ')}`);
  }
  const id = SUBJECT.exec(named)?.[1] ?? named;
  if (!ID.test(id))
    throw new InvalidInputError(
      `"${text}" names nobody: expected an address, an id of 22 characters, or the subject "unsubscribe <id>"`,
    );
  return { id };
}

/** The id under which the mails to one mailbox are counted, whatever way its address is written; like no subscriber's id. */
export function toMailboxId(address: string, key: string): string {
  return hash(`mailbox\n${toMailbox(address)}`, key);
}

/** The id under which the requests of one part of the network are counted, like no other id. */
export function toNetworkId(network: string, key: string): string {
  return hash(`network\n${network}`, key);
}

function hash(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, ID_BYTES).toString('base64url');
}
