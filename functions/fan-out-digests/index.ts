import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { fanOutDigestsEnvSchema } from './env.ts';
import { createFanOutDigestsHandler } from './handler.ts';
import { createFanOutDigestsPorts } from './ports.ts';

const env = parseEnvironment(fanOutDigestsEnvSchema, process.env);
const telemetry = createLambdaTelemetry('fan-out-digests', env, process.env);
const clients = {
  documents: createDocumentClient(),
  sqs: createSqsClient(),
  clock: systemClock,
  timer: systemTimer,
  telemetry,
};

export const handler = telemetry.published(
  createFanOutDigestsHandler(createFanOutDigestsPorts(env, clients)),
);
