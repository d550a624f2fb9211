import type { Instant } from '../../shared/domain/time.ts';
import { parseSesEvent } from '../../shared/feedback/parse-ses-event.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import { cohortMessageSchema, digestsMessageSchema, webRequestSchema } from '../../shared/ports/queues.ts';
import type { DeadLetters } from './dead-letters.ts';

/** The queues, by the names that operators give them. */
export const queueNames = ['cohorts', 'digests', 'feedback', 'requests'] as const;

export type QueueName = (typeof queueNames)[number];

/** What is known of the dead letters of one queue. */
export interface QueueReport {
  readonly queue: QueueName;
  readonly count: number;
  /** When the oldest of the described letters was first queued. */
  readonly oldestAt?: Instant | undefined;
  /** What some of them stand for, ten at most. */
  readonly letters: readonly string[];
}

/** Describes the dead letters of a queue, and leaves them where they are. */
export async function describeQueue(
  queue: QueueName,
  deadLetters: DeadLetters,
  now: Instant,
): Promise<QueueReport> {
  const count = await deadLetters.count();
  const letters = count === 0 ? [] : await deadLetters.look();
  return {
    queue,
    count: Math.max(count, letters.length),
    oldestAt: letters.map(({ sentAt }) => sentAt).sort()[0],
    letters: letters.map(({ body }) => describeLetter(queue, body, now)),
  };
}

/** What a dead letter stands for, in words that hold no address and no token. */
export function describeLetter(queue: QueueName, body: string, now: Instant): string {
  try {
    return DESCRIBE[queue](JSON.parse(body), now);
  } catch {
    // The body is not repeated: it may hold anything.
    return 'a message that cannot be read';
  }
}

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
  requests: (message) =>
    webRequestSchema.parse(message).kind === 'sign-up' ? 'a sign-up' : 'a request for a link by mail',
};

/** The reports as text. */
export function toText(reports: readonly QueueReport[]): string {
  return reports.flatMap(toLines).join('\n');
}

function toLines({ queue, count, oldestAt, letters }: QueueReport): readonly string[] {
  if (count === 0) return [`${queue}: no dead letters`];
  const more = count - letters.length;
  const ofWhich = more > 0 ? `, the oldest of these ${letters.length}` : ', the oldest';
  return [
    `${queue}: ${toCountText(count, 'dead letter')}${oldestAt ? `${ofWhich} of ${oldestAt}` : ''}`,
    ...letters.map((letter) => `  ${letter}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
