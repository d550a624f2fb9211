import * as z from 'zod';
import { addMs, type Instant, MS_PER_DAY } from './time.ts';

/** Requests to confirm that may go unanswered, ever, until their mailbox answers one. */
export const MAX_UNANSWERED = 3;

/** A mailbox gets one mail that was asked for on the web in so long. */
const SPACING_MS = MS_PER_DAY;

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

/** A request for a mail. */
export interface MailRequest {
  readonly id: string;
  /** Whether its mail asks the reader to confirm: only such mails count as unanswered. */
  readonly asksToConfirm: boolean;
}

/**
 * What is remembered once a request may be answered by mail; undefined where it may not: another one was answered within the
 * last 24 hours, this one was, or three mails that asked to confirm went unanswered. A request whose mail did not go out may
 * be taken up again.
 */
export function takeAllowance(
  known: MailAllowance | undefined,
  request: MailRequest,
  at: Instant,
): MailAllowance | undefined {
  const { unanswered = 0, requestId, takenAt = '', isUsed } = known ?? {};
  if (requestId === request.id) return isUsed ? undefined : known;
  if (takenAt > addMs(at, -SPACING_MS)) return undefined;
  if (request.asksToConfirm && unanswered >= MAX_UNANSWERED) return undefined;
  return {
    requestId: request.id,
    takenAt: at,
    isUsed: false,
    unanswered: request.asksToConfirm ? unanswered + 1 : unanswered,
  };
}
