import type { Queue } from '../../ports/queues.ts';
import { meterCalls } from '../meter.ts';
import { createQueue, createSqsClient } from './queue.ts';

/** Returns a queue whose calls count for the work that is measured. */
export function createMeteredQueue<Message>(queueUrl: string, client = createSqsClient()): Queue<Message> {
  meterCalls(client, 'sqs');
  return createQueue(client, queueUrl);
}
