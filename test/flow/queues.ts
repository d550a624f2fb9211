import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type QueueName, queueNames } from '../../local/emulators/sqs.ts';
import type { System } from '../../local/system.ts';

const MAX_WAIT_MS = 15_000;
const LOOK_AGAIN_MS = 200;

/** Puts text on a queue as somebody else might. */
export async function putOnQueue({ aws }: System, queue: QueueName, body: string): Promise<void> {
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrls[queue], MessageBody: body }));
}

/**
 * Works off all queues, with the messages that failed coming again after a second, until nothing is left on them.
 *
 * @throws Error when something is still there after a while
 */
export async function drainWithRedelivery(system: System): Promise<void> {
  const { aws } = system;
  for (const queue of queueNames) {
    const Attributes = { VisibilityTimeout: '1' };
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: aws.queueUrls[queue], Attributes }));
  }
  const deadline = performance.now() + MAX_WAIT_MS;
  const countLeft = () => queueNames.reduce((sum, queue) => sum + aws.backlog(queue).length, 0);
  await system.drain();
  while (countLeft() > 0) {
    if (performance.now() > deadline) throw new Error(`${countLeft()} messages are still on the queues`);
    await delay(LOOK_AGAIN_MS);
    await system.drain();
  }
}
