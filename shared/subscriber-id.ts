import { createHmac } from 'node:crypto';
import { normaliseAddress } from './domain/subscriber.ts';

const ID_BYTES = 16;

/**
 * The id of the subscriber with this address: a keyed hash of the normalised address, 22 characters of base64url. One
 * address is always one subscriber, and an id in a log says nothing about the address. The key never rotates.
 */
export function toSubscriberId(address: string, key: string): string {
  const hash = createHmac('sha256', key).update(normaliseAddress(address)).digest();
  return hash.subarray(0, ID_BYTES).toString('base64url');
}
