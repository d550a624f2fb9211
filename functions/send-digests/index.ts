import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { createSecretKeyring, createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { sendDigestsEnvSchema } from './env.ts';
import { createSendDigestsHandler } from './handler.ts';
import { createSendDigestsPorts } from './ports.ts';

const env = parseEnvironment(sendDigestsEnvSchema, process.env);
const telemetry = createLambdaTelemetry('send-digests', env, process.env);
const keyring = createSecretKeyring({
  client: createSecretsClient(),
  secretId: env.KEYS_SECRET,
  clock: systemClock,
  telemetry,
});
const clients = {
  documents: createDocumentClient(),
  sqs: createSqsClient(),
  ses: createSesClient(),
  keyring,
  clock: systemClock,
  timer: systemTimer,
  telemetry,
};

export const handler = telemetry.published(createSendDigestsHandler(createSendDigestsPorts(env, clients)));
