import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { toPeerAddress } from '../../shared/adapters/lambda/web-handler.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { apiEnvSchema } from './env.ts';
import { createApiHandler } from './handler.ts';
import { createKeyringOnDemand } from './on-demand.ts';
import { createApiPorts } from './ports.ts';

const env = parseEnvironment(apiEnvSchema, process.env);
const telemetry = createLambdaTelemetry('api', env, process.env);
const loadKeyring = () => import('../../shared/adapters/secrets/keyring.ts');
const keyring = createKeyringOnDemand(async () => {
  const { createSecretKeyring, createSecretsClient } = await loadKeyring();
  return createSecretKeyring({
    client: createSecretsClient(),
    secretId: env.KEYS_SECRET,
    clock: systemClock,
    telemetry,
  });
});
const clients = {
  documents: createDocumentClient(),
  keyring,
  clock: systemClock,
  telemetry,
  peerAddress: toPeerAddress,
};

export const handler = telemetry.published(createApiHandler(createApiPorts(env, clients), env.EDGE));
