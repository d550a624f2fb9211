import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { createSecretKeyring, createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { createQueueOnDemand } from '../../shared/adapters/sqs/queue-on-demand.ts';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import type { DigestsMessage } from '../../shared/ports/queues.ts';
import { sendDigestsEnvSchema } from './env.ts';
import { createSendDigestsHandler } from './handler.ts';
import { prepareMemory } from './memory.ts';
import { createSendDigestsPorts } from './ports.ts';

prepareMemory();

const env = parseEnvironment(sendDigestsEnvSchema, process.env);
const telemetry = createLambdaTelemetry('send-digests', env, process.env);
const keyring = createSecretKeyring({
  client: createSecretsClient(),
  secretId: env.KEYS_SECRET,
  clock: systemClock,
  telemetry,
});
// Only a batch that has to wait goes back to its queue.
const digestsQueue = createQueueOnDemand<DigestsMessage>(async () => {
  const { createMeteredQueue } = await import('../../shared/adapters/sqs/metered-queue.ts');
  return createMeteredQueue(env.DIGESTS_QUEUE_URL);
});
const clients = {
  documents: createDocumentClient(),
  ses: createSesClient(),
  digestsQueue,
  keyring,
  clock: systemClock,
  timer: systemTimer,
  telemetry,
};

export const handler = telemetry.published(createSendDigestsHandler(createSendDigestsPorts(env, clients)));
