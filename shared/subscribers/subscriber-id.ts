import { InvalidInputError } from '../domain/errors.ts';
import { normaliseAddress, toMailbox } from '../domain/subscribers/address.ts';
import { typedAddressSchema } from '../domain/subscribers/typed-address.ts';
import { createHmacSigner } from '../hmac.ts';

const ID_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{22}$/;

/**
 * Returns the id of the subscriber with this address: a keyed hash of the normalised address, 22 characters of base64url. So one
 * address is always one subscriber, and an id in a log does not reveal the address. The key never rotates.
 */
export function toSubscriberId(address: string, key: string): string {
  return hash(normaliseAddress(address), key);
}

/** How an operator names a subscriber. The address is as it was given. */
type SubscriberName = { readonly address: string } | { readonly id: string };

/** A subscriber that an operator names: by address, or only by id. */
export interface NamedSubscriber {
  readonly id: string;
  /** The address as it was given. */
  readonly address?: string;
}

/** The subject `unsubscribe <id>`, after prefixes that mail programs add. */
const SUBJECT = /^(?:(?:re|fwd?|aw|wg|tr|rv)\s*:\s*)*unsubscribe\s+(\S+)$/i;

/**
 * Parses the name of a subscriber: an address, an id, or the subject `unsubscribe <id>` of a mail that asks to stop. It needs no key, so
 * a command can refuse a wrong name before it opens a deployment.
 *
 * @throws InvalidInputError for any other text
 */
export function parseSubscriberName(text: string): SubscriberName {
  const named = text.trim();
  if (named.includes('@')) {
    const { data: address, error } = typedAddressSchema.safeParse(named);
    if (address !== undefined) return { address };
    throw new InvalidInputError(`"${text}": ${error.issues.map(({ message }) => message).join('; ')}`);
  }
  const id = SUBJECT.exec(named)?.[1] ?? named;
  if (!ID.test(id))
    throw new InvalidInputError(
      `"${text}" names nobody: expected an address, an id of 22 characters, or the subject "unsubscribe <id>"`,
    );
  return { id };
}

/** Returns the subscriber with a name. */
export function toNamedSubscriber(name: SubscriberName, key: string): NamedSubscriber {
  return 'address' in name ? { id: toSubscriberId(name.address, key), address: name.address } : name;
}

/**
 * Returns the id of a mailbox, under which its mails are counted. It is the same for every spelling of the address, and never a
 * subscriber's id.
 */
export function toMailboxId(address: string, key: string): string {
  return hash(`mailbox\n${toMailbox(address)}`, key);
}

/** Returns the id of a part of the network, under which its requests are counted. It equals no other id. */
export function toNetworkId(network: string, key: string): string {
  return hash(`network\n${network}`, key);
}

function hash(text: string, key: string): string {
  return createHmacSigner(Buffer.from(key))(text).subarray(0, ID_BYTES).toString('base64url');
}
