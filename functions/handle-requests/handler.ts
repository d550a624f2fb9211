import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { webRequestSchema } from '../../shared/ports/queues.ts';
import { type AnswerRequestPorts, answerRequest } from '../../shared/subscribers/answer-request.ts';

/** The handler of the requests queue: each message is something asked for on the web that is answered by mail. */
export function createHandleRequestsHandler(ports: AnswerRequestPorts): SqsHandler {
  return createSqsHandler(webRequestSchema, (request) => answerRequest(ports, request), ports.telemetry);
}
