import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { type SendPorts, sendBatch } from '../../shared/pipeline/sending/send-batch.ts';
import { digestsMessageSchema } from '../../shared/ports/queues.ts';

/** Returns the handler of the digests queue. Each message names the subscribers of one batch. */
export function createSendDigestsHandler(ports: SendPorts): SqsHandler {
  return createSqsHandler(digestsMessageSchema, (message) => sendBatch(ports, message), ports.telemetry);
}
