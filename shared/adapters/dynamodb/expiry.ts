import { DELIVERY_RETENTION_DAYS } from '../../domain/retention.ts';
import { addMs, type Clock, type Instant, MS_PER_DAY, toEpochMs } from '../../domain/time.ts';
import { TTL_ATTRIBUTE } from './table-schema.ts';

/** A moment some days later as DynamoDB's time to live reads it: seconds since 1970. */
export function toExpiry(from: Instant, days: number): number {
  return Math.floor(toEpochMs(addMs(from, days * MS_PER_DAY)) / 1000);
}

/** The attribute that lets an item of the `Deliveries` table be forgotten in time: `{ expiresAt: 1776844800 }`, seconds. */
export function expiryOf(clock: Clock): Readonly<Record<typeof TTL_ATTRIBUTE, number>> {
  return { [TTL_ATTRIBUTE]: toExpiry(clock.now(), DELIVERY_RETENTION_DAYS) };
}
