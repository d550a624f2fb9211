import * as z from 'zod';
import { addMs, type Instant, MS_PER_DAY } from './time.ts';

/** Mails asking to confirm that a mailbox gets without answering one. The count lapses after {@link UNANSWERED_LAPSE_DAYS}. */
export const MAX_UNANSWERED = 3;

/** Days after the last mail that asked to confirm: then the unanswered ones no longer count, and nothing is kept about the mailbox. */
export const UNANSWERED_LAPSE_DAYS = 30;

/** A mailbox gets one mail that was asked for on the web in so long. */
const SPACING_MS = MS_PER_DAY;

/** Within this time after it took a request its worker may still be alive: it has 30 seconds. */
const IN_FLIGHT_MS = 2 * 60_000;

/** What is remembered of the mails to one mailbox that somebody asked for on the web. */
export const mailAllowanceSchema = z.object({
  /** The request that was answered last. */
  requestId: z.string(),
  takenAt: z.iso.datetime({ precision: 3 }),
  /** Whether its mail went out, or may have. */
  isUsed: z.boolean(),
  /** Requests to confirm in a row that nobody answered. */
  unanswered: z.int().nonnegative(),
  /** When the last of them was taken; missing in records of earlier versions. */
  askedAt: z.iso.datetime({ precision: 3 }).optional(),
});

export type MailAllowance = z.infer<typeof mailAllowanceSchema>;

/** When an allowance was taken that was given back: any request may be answered at once. */
export const NEVER_TAKEN: Instant = '1970-01-01T00:00:00.000Z';

/** A request for a mail. */
export interface MailRequest {
  readonly id: string;
  /** Whether its mail asks the reader to confirm: only such mails count as unanswered. */
  readonly asksToConfirm: boolean;
  /**
   * Whether its mail goes out whatever the mailbox got today. The operator asks, or the owner's own link, which has a limit of
   * its own. @default false
   */
  readonly isUnspaced?: boolean;
}

/**
 * Returns what to remember once a request may be answered by mail. `refused` means that it may not: another request was
 * answered within the last 24 hours, this one was answered before, or three mails that asked to confirm went unanswered within
 * the last 30 days. `in-flight` means that another worker may be about to answer it; if that one died, the next attempt takes over.
 */
export function takeAllowance(
  known: MailAllowance | undefined,
  request: MailRequest,
  at: Instant,
): MailAllowance | 'refused' | 'in-flight' {
  if (known?.requestId === request.id) {
    if (known.isUsed) return 'refused';
    return known.takenAt > addMs(at, -IN_FLIGHT_MS) ? 'in-flight' : { ...known, takenAt: at };
  }
  const { takenAt = '' } = known ?? {};
  if (!request.isUnspaced && takenAt > addMs(at, -SPACING_MS)) return 'refused';
  const { unanswered, askedAt } = unansweredAt(known, at);
  if (request.asksToConfirm && unanswered >= MAX_UNANSWERED) return 'refused';
  const taken = { requestId: request.id, takenAt: at, isUsed: false };
  return request.asksToConfirm
    ? { ...taken, unanswered: unanswered + 1, askedAt: at }
    : { ...taken, unanswered, ...(askedAt !== undefined && { askedAt }) };
}

/** How many requests to confirm count as unanswered at a moment, and when the last of them was taken. */
function unansweredAt(
  known: MailAllowance | undefined,
  at: Instant,
): Pick<MailAllowance, 'unanswered' | 'askedAt'> {
  const { unanswered = 0, takenAt = NEVER_TAKEN, askedAt = takenAt } = known ?? {};
  const isLapsed = askedAt <= addMs(at, -UNANSWERED_LAPSE_DAYS * MS_PER_DAY);
  return isLapsed || unanswered === 0 ? { unanswered: 0 } : { unanswered, askedAt };
}
