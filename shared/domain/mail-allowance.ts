import * as z from 'zod';
import { addMs, type Instant, MS_PER_DAY } from './time.ts';

/** Requests to confirm that may go unanswered, ever, until their mailbox answers one. */
export const MAX_UNANSWERED = 3;

/** A mailbox gets one mail that was asked for on the web in so long. */
const SPACING_MS = MS_PER_DAY;

/** Within this time after it took a request its worker may still be alive: it has 30 seconds. */
const IN_HAND_MS = 2 * 60_000;

/** What is remembered of the mails to one mailbox that somebody asked for on the web. */
export const mailAllowanceSchema = z.object({
  /** The request that was answered last. */
  requestId: z.string(),
  takenAt: z.iso.datetime({ precision: 3 }),
  /** Whether its mail went out, or may have. */
  isUsed: z.boolean(),
  /** Requests to confirm in a row that nobody answered. */
  unanswered: z.int().nonnegative(),
});

export type MailAllowance = z.infer<typeof mailAllowanceSchema>;

/** When an allowance was taken that was given back: any request may be answered at once. */
export const NEVER_TAKEN: Instant = '1970-01-01T00:00:00.000Z';

/** A request for a mail. */
export interface MailRequest {
  readonly id: string;
  /** Whether its mail asks the reader to confirm: only such mails count as unanswered. */
  readonly asksToConfirm: boolean;
}

/**
 * What is remembered once a request may be answered by mail. `refused` where it may not: another one was answered within the
 * last 24 hours, this one was, or three mails that asked to confirm went unanswered. `in-hand` where another worker may be
 * about to answer it; one that died is followed by whoever takes the request up again.
 */
export function takeAllowance(
  known: MailAllowance | undefined,
  request: MailRequest,
  at: Instant,
): MailAllowance | 'refused' | 'in-hand' {
  if (known?.requestId === request.id) {
    if (known.isUsed) return 'refused';
    return known.takenAt > addMs(at, -IN_HAND_MS) ? 'in-hand' : { ...known, takenAt: at };
  }
  const { unanswered = 0, takenAt = '' } = known ?? {};
  if (takenAt > addMs(at, -SPACING_MS)) return 'refused';
  if (request.asksToConfirm && unanswered >= MAX_UNANSWERED) return 'refused';
  return {
    requestId: request.id,
    takenAt: at,
    isUsed: false,
    unanswered: request.asksToConfirm ? unanswered + 1 : unanswered,
  };
}
