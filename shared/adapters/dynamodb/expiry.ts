import { DELIVERY_RETENTION_DAYS } from '../../domain/retention.ts';
import { addMs, type Clock, type Instant, MS_PER_DAY, toEpochMs } from '../../domain/time/time.ts';
import { TTL_ATTRIBUTE } from './table-schema.ts';

/** Returns the time `days` later in seconds since 1970, as DynamoDB's time to live needs it. */
export function toExpiry(from: Instant, days: number): number {
  return Math.floor(toEpochMs(addMs(from, days * MS_PER_DAY)) / 1000);
}

/** Returns the attribute by which DynamoDB deletes an item of the `Deliveries` table: `{ expiresAt: 1776844800 }`. */
export function expiryOf(clock: Clock): Readonly<Record<typeof TTL_ATTRIBUTE, number>> {
  return { [TTL_ATTRIBUTE]: toExpiry(clock.now(), DELIVERY_RETENTION_DAYS) };
}
