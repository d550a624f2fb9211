import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { type FanOutPorts, fanOut } from '../../shared/pipeline/fan-out.ts';
import { cohortMessageSchema } from '../../shared/ports/queues.ts';

/**
 * Returns the handler of the cohorts queue. Each message names one edition to enumerate. A message that is delivered again after a
 * crash does one page, and a new message continues. So crashes in a large cohort do not add up to a dead letter.
 */
export function createFanOutDigestsHandler(ports: FanOutPorts): SqsHandler {
  return createSqsHandler(
    cohortMessageSchema,
    (message, { receives, remainingMs }) => fanOut(ports, message, receives > 1 ? () => 0 : remainingMs),
    ports.telemetry,
  );
}
