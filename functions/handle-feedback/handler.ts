import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import * as z from '../../shared/domain/zod.ts';
import { type FeedbackPorts, handleFeedback } from '../../shared/feedback/handle-feedback.ts';
import { parseSesEvent } from '../../shared/feedback/parse-ses-event.ts';

/** Returns the handler of the feedback queue. Each message is one event of SES about a mail. */
export function createHandleFeedbackHandler(ports: FeedbackPorts): SqsHandler {
  return createSqsHandler(
    z.unknown(),
    (message) => handleFeedback(ports, parseSesEvent(message, ports.clock.now())),
    ports.telemetry,
  );
}
