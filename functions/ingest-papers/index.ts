import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { ingestPapersEnvSchema } from './env.ts';
import { createIngestPapersHandler } from './handler.ts';
import { createIngestPapersPorts } from './ports.ts';

const env = parseEnvironment(ingestPapersEnvSchema, process.env);
const telemetry = createLambdaTelemetry('ingest-papers', env, process.env);
const clients = { documents: createDocumentClient(), clock: systemClock, telemetry };

export const handler = telemetry.published(createIngestPapersHandler(createIngestPapersPorts(env, clients)));
