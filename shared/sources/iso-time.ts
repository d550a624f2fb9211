import * as z from 'zod';
import { type Instant, toInstant } from '../domain/time.ts';

const isoTimeSchema = z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()]);

/**
 * The instant that an ISO 8601 text of a feed means, or undefined where it is none: `2026-01-02` and
 * `2026-01-02T02:00:00+02:00` are `2026-01-02T00:00:00.000Z`. A time without a zone is one of UTC.
 */
export function readInstant(text: string | undefined): Instant | undefined {
  const read = isoTimeSchema.safeParse(text?.trim());
  if (!read.success) return undefined;
  const hasZone = !read.data.includes('T') || /(Z|[+-]\d{2}:?\d{2})$/.test(read.data);
  const atMs = Date.parse(hasZone ? read.data : `${read.data}Z`);
  if (Number.isNaN(atMs)) return undefined;
  const instant = toInstant(atMs);
  // An offset may push the time out of the years 0 to 9999.
  return /^\d/.test(instant) ? instant : undefined;
}
