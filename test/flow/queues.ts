import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { System } from '../../local/system.ts';
import { type QueueName, queueNames } from '../../shared/ports/queues.ts';

const LOOK_AGAIN_MS = 20;

/** Puts text on a queue, as another program might. */
export async function putOnQueue({ aws }: System, queue: QueueName, body: string): Promise<void> {
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrls[queue], MessageBody: body }));
}

/** Sets after how many seconds failed messages are redelivered. */
export async function setVisibilityTimeout({ aws }: System, seconds: number): Promise<void> {
  const Attributes = { VisibilityTimeout: String(seconds) };
  for (const queue of queueNames) {
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: aws.queueUrls[queue], Attributes }));
  }
}

/** Empties all queues. Failed messages are redelivered immediately. */
export async function drainWithRedelivery(system: System): Promise<void> {
  await setVisibilityTimeout(system, 0);
  await system.drain();
  while (queueNames.some((queue) => system.aws.backlog(queue).length > 0)) {
    await delay(LOOK_AGAIN_MS);
    await system.drain();
  }
}
