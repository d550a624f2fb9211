import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { cohortMessageSchema } from '../../shared/messages.ts';
import { type FanOutPorts, fanOut } from '../../shared/pipeline/fan-out.ts';

/** The handler of the cohorts queue: each message names one edition to enumerate. */
export function createFanOutDigestsHandler(ports: FanOutPorts): SqsHandler {
  return createSqsHandler(cohortMessageSchema, ({ edition }) => fanOut(ports, edition), ports.telemetry);
}
