import { createDemoSubscribers } from '../../local/demo/run-demo.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { type Instant, MS_PER_HOUR, toEpochMs, toInstant } from '../../shared/domain/time/time.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { ARXIV_LIST } from './settings.ts';

/** Returns the last full hour. Every time zone with whole hours has this hour as a local hour. */
export function lastFullHour(now: Instant): Instant {
  return toInstant(Math.floor(toEpochMs(now) / MS_PER_HOUR) * MS_PER_HOUR);
}

/** The subscribers of the test. None is a real person. */
export interface Readers {
  /** Due for a daily, a weekly and an instant digest, in three time zones. */
  readonly plain: readonly Subscriber[];
  /** Also due. Mails to this address of the mailbox simulator bounce. */
  readonly bouncing: Subscriber;
  /** Paused. They would be due otherwise. */
  readonly paused: Subscriber;
}

/** Creates subscribers who are due at a full hour. */
export function createReaders(dueAt: Instant, idKey: string): Readers {
  const plain = createDemoSubscribers(dueAt, idKey, { hf: ['hf-daily'], arxiv: [ARXIV_LIST] });
  const [daily] = plain;
  if (!daily) throw new Error('the demo has no subscribers');
  const likeDaily = (address: string): Subscriber => ({
    ...daily,
    address,
    id: toSubscriberId(address, idKey),
  });
  return {
    plain,
    bouncing: likeDaily('bounce@simulator.amazonses.com'),
    paused: { ...likeDaily('paused@readers.example'), status: 'paused' },
  };
}
