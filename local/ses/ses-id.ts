import { randomUUID } from 'node:crypto';
import { type Instant, toEpochMs } from '../../shared/domain/time.ts';

/**
 * A new id of a message or a feedback in the shape of SES: milliseconds in hexadecimal, a random UUID, a counter.
 * `0100019b8d3c2a00-2f1c8e52-6a3f-4d61-9c0e-1f9f0f6c7a11-000000`
 */
export function newSesId(at: Instant): string {
  return `0100${toEpochMs(at).toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
}
