import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { handleFeedbackEnvSchema } from './env.ts';
import { createHandleFeedbackHandler } from './handler.ts';
import { createHandleFeedbackPorts } from './ports.ts';

const env = parseEnvironment(handleFeedbackEnvSchema, process.env);
const telemetry = createLambdaTelemetry('handle-feedback', env, process.env);
const clients = { documents: createDocumentClient(), clock: systemClock, telemetry };

export const handler = telemetry.published(
  createHandleFeedbackHandler(createHandleFeedbackPorts(env, clients)),
);
