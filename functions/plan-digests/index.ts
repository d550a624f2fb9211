import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { planDigestsEnvSchema } from './env.ts';
import { createPlanDigestsHandler } from './handler.ts';
import { createPlanDigestsPorts } from './ports.ts';

const env = parseEnvironment(planDigestsEnvSchema, process.env);
const telemetry = createLambdaTelemetry('plan-digests', env, process.env);
const clients = { documents: createDocumentClient(), sqs: createSqsClient(), clock: systemClock, telemetry };

export const handler = telemetry.published(createPlanDigestsHandler(createPlanDigestsPorts(env, clients)));
