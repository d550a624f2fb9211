import { createHmac } from 'node:crypto';
import { normaliseAddress, toMailbox } from '../domain/address.ts';

const ID_BYTES = 16;

/**
 * The id of the subscriber with this address: a keyed hash of the normalised address, 22 characters of base64url. One
 * address is always one subscriber, and an id in a log says nothing about the address. The key never rotates.
 */
export function toSubscriberId(address: string, key: string): string {
  return hash(normaliseAddress(address), key);
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
