import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { type FanOutPorts, fanOut } from '../../shared/pipeline/fan-out.ts';
import { cohortMessageSchema } from '../../shared/ports/queues.ts';

/**
 * Returns the handler of the cohorts queue. Each message names one edition to fan out. If a message comes back after a crash, its
 * invocation does one page and queues a new message. So crashes in a large cohort do not add up to a dead letter.
 */
export function createFanOutDigestsHandler(ports: FanOutPorts): SqsHandler {
  return createSqsHandler(
    cohortMessageSchema,
    (message, { receives, remainingMs }) => fanOut(ports, message, receives > 1 ? () => 0 : remainingMs),
    ports.telemetry,
  );
}
