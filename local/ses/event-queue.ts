import type { PublishEvent, SesEvent } from './event.ts';

/** Events on their way out, behind the back of the requests that caused them. */
export interface EventQueue {
  /** Adds events; they are published one after the other, in the order in which they were added. */
  add(events: readonly SesEvent[]): void;
  /** Resolves once all events added so far are published or given up. */
  settled(): Promise<void>;
}

/**
 * A queue that publishes as soon as it can. An event that cannot be published is given up, told to `onError`, and the
 * next one is published all the same.
 */
export function createEventQueue(publish: PublishEvent, onError: (error: unknown) => void): EventQueue {
  let last = Promise.resolve();
  return {
    add: (events) => {
      for (const event of events) last = last.then(() => publish(event)).catch(onError);
    },
    settled: () => last,
  };
}
