import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type QueueName, queueNames } from '../../../shared/ports/queues.ts';
import { createResponse, type FakeResponse } from '../../fakes/request-handler.ts';
import type { MemoryQueue } from '../services/memory-queue.ts';
import type { Wire } from './network.ts';

export const queueUrls: Readonly<Record<QueueName, string>> = {
  cohorts: 'http://127.0.0.1:1/0/cohorts',
  digests: 'http://127.0.0.1:1/0/digests',
  feedback: 'http://127.0.0.1:1/0/feedback',
  requests: 'http://127.0.0.1:1/0/requests',
};

const sendBatchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z.array(
    z.object({ Id: z.string(), MessageBody: z.string(), DelaySeconds: z.number().optional() }),
  ),
});

/** Sends a `SendMessageBatch` over the wire. In a partial answer, all entries but the first are accepted. */
export function callSqs(
  wire: Wire,
  queues: Readonly<Record<QueueName, MemoryQueue>>,
  body: string,
): Promise<FakeResponse> {
  const { QueueUrl, Entries } = sendBatchSchema.parse(JSON.parse(body));
  const name = queueNames.find((queueName) => queueUrls[queueName] === QueueUrl);
  if (!name) throw new Error(`there is no queue ${QueueUrl}`);
  const send = (entries: typeof Entries) => {
    for (const { MessageBody, DelaySeconds = 0 } of entries) {
      if (DelaySeconds > 0) queues[name].putOff(MessageBody, DelaySeconds * 1000);
      else queues[name].send(MessageBody);
    }
    return createResponse(200, {
      Successful: entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: Entries.filter((entry) => !entries.includes(entry)).map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        SenderFault: false,
      })),
    });
  };
  return wire.call(
    { service: 'sqs', what: `SendMessageBatch ${name}` },
    {
      perform: () => send(Entries),
      ...(Entries.length > 1 && { performPartly: () => send(Entries.slice(1)) }),
      throttle: () =>
        createResponse(403, {
          __type: 'com.amazonaws.sqs#RequestThrottled',
          message: 'Request is throttled.',
        }),
    },
  );
}
