import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type QueueName, queueNames } from '../../local/emulators/sqs.ts';
import type { System } from '../../local/system.ts';

const LOOK_AGAIN_MS = 20;

/** Puts text on a queue as somebody else might. */
export async function putOnQueue({ aws }: System, queue: QueueName, body: string): Promise<void> {
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrls[queue], MessageBody: body }));
}

/** Has messages that fail come again after so many seconds. */
export async function setVisibilityTimeout({ aws }: System, seconds: number): Promise<void> {
  const Attributes = { VisibilityTimeout: String(seconds) };
  for (const queue of queueNames) {
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: aws.queueUrls[queue], Attributes }));
  }
}

/** Works off all queues, with the messages that failed coming again at once, until nothing is left on them. */
export async function drainWithRedelivery(system: System): Promise<void> {
  await setVisibilityTimeout(system, 0);
  await system.drain();
  while (queueNames.some((queue) => system.aws.backlog(queue).length > 0)) {
    await delay(LOOK_AGAIN_MS);
    await system.drain();
  }
}
