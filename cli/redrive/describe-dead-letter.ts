import type { Instant } from '../../shared/domain/time/time.ts';
import { parseSesEvent } from '../../shared/feedback/parse-ses-event.ts';
import {
  cohortMessageSchema,
  digestsMessageSchema,
  type QueueName,
  type WebRequest,
  webRequestSchema,
} from '../../shared/ports/queues.ts';
import { toCountText } from '../../shared/presentation/wording.ts';

/** Describes a dead letter, without addresses and tokens. */
export function describeDeadLetter(queue: QueueName, body: string, now: Instant): string {
  try {
    return DESCRIBE[queue](JSON.parse(body), now);
  } catch {
    // The body may hold anything, so it is not printed.
    return 'a message that cannot be read';
  }
}

const REQUESTS: Readonly<Record<WebRequest['kind'], string>> = {
  'sign-up': 'a sign-up',
  'manage-link': 'a request for a link by mail',
  'data-link': 'a request for a link by mail',
  moved: 'a mail to an earlier address about a change of address',
};

const DESCRIBE: Readonly<Record<QueueName, (message: unknown, now: Instant) => string>> = {
  cohorts(message) {
    const { edition } = cohortMessageSchema.parse(message);
    return `the ${edition.cadence} edition of ${edition.period} for ${edition.cohort}`;
  },
  digests(message) {
    const { edition, batch, subscriberIds } = digestsMessageSchema.parse(message);
    const digests = toCountText(subscriberIds.length, 'digest');
    return `batch ${batch} of the ${edition.cadence} edition of ${edition.period} for ${edition.cohort}: ${digests}`;
  },
  feedback(message, now) {
    const feedback = parseSesEvent(message, now);
    if (feedback.kind === 'unknown') return `an event of SES: ${feedback.what}`;
    return `an event of SES: ${feedback.kind}, of ${feedback.at}`;
  },
  requests: (message) => REQUESTS[webRequestSchema.parse(message).kind],
};
