import { type Clock, MS_PER_DAY, toEpochMs } from '../../domain/time.ts';
import { DELIVERY_RETENTION_DAYS, TTL_ATTRIBUTE } from '../../table-schema.ts';

/** The attribute that lets an item of the `Deliveries` table be forgotten in time: `{ expiresAt: 1776844800 }`, seconds. */
export function expiryOf(clock: Clock): Readonly<Record<typeof TTL_ATTRIBUTE, number>> {
  const expiresAtMs = toEpochMs(clock.now()) + DELIVERY_RETENTION_DAYS * MS_PER_DAY;
  return { [TTL_ATTRIBUTE]: Math.floor(expiresAtMs / 1000) };
}
