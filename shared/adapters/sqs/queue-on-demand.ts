import { loadOnFirstUse } from '../../domain/once.ts';
import type { Queue } from '../../ports/queues.ts';

/** Returns a queue that the first message creates, so that a start does not load the client of SQS. */
export function createQueueOnDemand<Message>(create: () => Promise<Queue<Message>>): Queue<Message> {
  const open = loadOnFirstUse(create);
  return { enqueue: async (messages, delaySec) => (await open()).enqueue(messages, delaySec) };
}
