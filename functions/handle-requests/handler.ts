import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { webRequestSchema } from '../../shared/ports/queues.ts';
import { type AnswerRequestPorts, answerRequest } from '../../shared/subscribers/answer-request.ts';

/** Returns the handler of the requests queue. Each message asks for one mail. */
export function createHandleRequestsHandler(ports: AnswerRequestPorts): SqsHandler {
  return createSqsHandler(webRequestSchema, (request) => answerRequest(ports, request), ports.telemetry);
}
