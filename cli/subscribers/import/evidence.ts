import { isIP } from 'node:net';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import type { Subscriber } from '../../../shared/domain/subscriber.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { type Cells, quote } from '../csv/cells.ts';
import { parseToldTime } from './told-time.ts';

/** When and from where somebody agreed, and signed up before. */
type Evidence = Omit<Subscriber['consent'], 'text'>;

/**
 * The evidence of a consent in a row of another tool: when it was confirmed, and from which IP address or by what; undefined
 * where one of the two is missing, for then nothing could be shown to whoever asks.
 *
 * @throws InvalidInputError where it cannot be read
 */
export function readEvidence(cells: Cells, now: Instant): Evidence | undefined {
  const { confirmedAt, confirmedFrom, source, requestedAt, requestedFrom } = cells;
  const from = confirmedFrom ?? source;
  if (confirmedAt === undefined || from === undefined) return undefined;
  if (confirmedFrom !== undefined && isIP(confirmedFrom) === 0)
    throw new InvalidInputError(`${quote(confirmedFrom)} is no IP address: expected the one that confirmed`);
  return {
    at: parseToldTime(confirmedAt, now),
    from,
    ...(requestedAt !== undefined && { requestedAt: parseToldTime(requestedAt, now) }),
    ...(requestedFrom !== undefined && { requestedFrom }),
  };
}
