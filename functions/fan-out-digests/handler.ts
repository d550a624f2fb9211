import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { type FanOutPorts, fanOut } from '../../shared/pipeline/fan-out.ts';
import { cohortMessageSchema } from '../../shared/ports/queues.ts';

/**
 * The handler of the cohorts queue: each message names one edition to enumerate. A message that comes back after a crash does
 * one page, and a new message goes on. So crashes in a large cohort do not add up to a dead letter.
 */
export function createFanOutDigestsHandler(ports: FanOutPorts): SqsHandler {
  return createSqsHandler(
    cohortMessageSchema,
    (message, { receives, remainingMs }) => fanOut(ports, message, receives > 1 ? () => 0 : remainingMs),
    ports.telemetry,
  );
}
