import { addMs, CLOCK_SKEW_MS, EPOCH, type Instant, MS_PER_DAY } from '../time/time.ts';
import { instantSchema } from '../time/time-schemas.ts';
import * as z from '../zod.ts';

/** The maximum number of unanswered mails to confirm that a mailbox gets. The count expires after {@link UNANSWERED_LAPSE_DAYS}. */
export const MAX_UNANSWERED = 3;

/** Days after the last mail to confirm until the unanswered ones no longer count. Then the record of the mailbox expires. */
export const UNANSWERED_LAPSE_DAYS = 30;

const LAPSE_MS = UNANSWERED_LAPSE_DAYS * MS_PER_DAY;

/** The time between two mails to one mailbox that were requested on the web. */
export const SPACING_MS = MS_PER_DAY;

/** How long after a worker took a request it may still be alive. It runs for 30 seconds at most. */
const IN_FLIGHT_MS = 2 * 60_000;

/** The record of mails to one mailbox that were requested on the web. */
export const mailAllowanceSchema = z.object({
  /** The request that was answered last. */
  requestId: z.string(),
  takenAt: instantSchema,
  /** Whether its mail went out, or may have. */
  isUsed: z.boolean(),
  /** Unanswered mails to confirm in a row. */
  unanswered: z.int().check(z.nonnegative()),
  /** When the last of them was taken. Missing in records of earlier versions. */
  askedAt: z.optional(instantSchema),
  /** When the mail was taken from which the next pause counts. Missing if it was the last one. */
  spacedAt: z.optional(instantSchema),
});

export type MailAllowance = z.infer<typeof mailAllowanceSchema>;

/** The time of a released allowance. The next request may be answered immediately. */
export const NEVER_TAKEN: Instant = EPOCH;

/** A request for a mail. */
export interface MailRequest {
  readonly id: string;
  /** Whether its mail asks the reader to confirm: only such mails count as unanswered. */
  readonly asksToConfirm: boolean;
  /**
   * Whether its mail ignores the time since the last mail, and starts no pause. True for requests of the operator, for data links, and
   * for mails about a change of address. The last two have limits of their own. @default false
   */
  readonly isUnspaced?: boolean;
}

/**
 * Returns the new record if a request may be answered by mail.
 *
 * - `refused` means that a mail went out within 24 hours, or answered this request within 30 days. A later import may ask again with
 *   the same id. It also means that three mails to confirm were not answered within 30 days. A mail to confirm no longer counts after
 *   its reader confirmed. Then the next request gets a mail immediately, even a stranger's.
 * - `in-flight` means that another worker may be answering it. If that worker died, a later attempt succeeds.
 *
 * A record from the future comes from a wrong clock. It only stops a second mail for its own request.
 */
export function takeAllowance(
  stored: MailAllowance | undefined,
  request: MailRequest,
  at: Instant,
): MailAllowance | 'refused' | 'in-flight' {
  const isSame = stored?.requestId === request.id;
  if (isSame && stored.isUsed && stored.takenAt > addMs(at, -LAPSE_MS)) return 'refused';
  const known = stored && isFromFuture(stored, at) ? undefined : stored;
  if (isSame && known && !known.isUsed) {
    if (known.takenAt > addMs(at, -IN_FLIGHT_MS)) return 'in-flight';
    return { ...known, takenAt: at, ...(request.asksToConfirm && { askedAt: at }) };
  }
  const spacedAt = pauseStartOf(known);
  if (!request.isUnspaced && spacedAt > addMs(at, -SPACING_MS)) return 'refused';
  const { unanswered, askedAt } = unansweredAt(known, at);
  if (request.asksToConfirm && unanswered >= MAX_UNANSWERED) return 'refused';
  const taken = {
    requestId: request.id,
    takenAt: at,
    isUsed: false,
    ...(request.isUnspaced && { spacedAt }),
  };
  return request.asksToConfirm
    ? { ...taken, unanswered: unanswered + 1, askedAt: at }
    : { ...taken, unanswered, ...(askedAt !== undefined && { askedAt }) };
}

/** Returns whether a worker with a wrong clock wrote the record. */
function isFromFuture({ takenAt, askedAt = takenAt }: MailAllowance, at: Instant): boolean {
  const latest = addMs(at, CLOCK_SKEW_MS);
  return takenAt > latest || askedAt > latest;
}

/** Returns whether the last mail asked to confirm, and its reader did. `takeAllowance` drops `askedAt` from the record of the next mail. */
function isAnswered({ unanswered, askedAt, takenAt }: MailAllowance): boolean {
  return unanswered === 0 && askedAt === takenAt;
}

/** Returns since when the mailbox has to wait for its next mail. It does not wait after its reader confirmed. */
function pauseStartOf(known: MailAllowance | undefined): Instant {
  if (!known || isAnswered(known)) return NEVER_TAKEN;
  return known.spacedAt ?? known.takenAt;
}

/** Returns how many mails to confirm count as unanswered at an instant, and when the last of them was sent. */
function unansweredAt(
  known: MailAllowance | undefined,
  at: Instant,
): Pick<MailAllowance, 'unanswered' | 'askedAt'> {
  const { unanswered = 0, takenAt = NEVER_TAKEN, askedAt = takenAt } = known ?? {};
  const isLapsed = askedAt <= addMs(at, -LAPSE_MS);
  return isLapsed || unanswered === 0 ? { unanswered: 0 } : { unanswered, askedAt };
}
