import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { createSecretKeyring, createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { handleRequestsEnvSchema } from './env.ts';
import { createHandleRequestsHandler } from './handler.ts';
import { createHandleRequestsPorts } from './ports.ts';

const env = parseEnvironment(handleRequestsEnvSchema, process.env);
const telemetry = createLambdaTelemetry('handle-requests', env, process.env);
const keyring = createSecretKeyring({
  client: createSecretsClient(),
  secretId: env.KEYS_SECRET,
  clock: systemClock,
  telemetry,
});
const clients = {
  documents: createDocumentClient(),
  ses: createSesClient(),
  keyring,
  clock: systemClock,
  telemetry,
};

export const handler = telemetry.published(
  createHandleRequestsHandler(createHandleRequestsPorts(env, clients)),
);
