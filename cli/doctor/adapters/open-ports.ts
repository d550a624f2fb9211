import { randomBytes } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DataOutputs } from '../../../infra/outputs.ts';
import type { Settings } from '../../../infra/settings/schema.ts';
import { stackNamesOf } from '../../../infra/stack-names.ts';
import type { ClientOptions } from '../../../shared/adapters/client-options.ts';
import { createPlannerRepository } from '../../../shared/adapters/dynamodb/planner-repository.ts';
import { createSourceStateRepository } from '../../../shared/adapters/dynamodb/source-state-repository.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { commandClientOptions } from '../../deployment/adapters/client-options.ts';
import { createStacks, createStacksClient } from '../../deployment/adapters/cloudformation.ts';
import { createKeysSecret } from '../../deployment/adapters/keys-secret.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { DoctorPorts } from '../ports.ts';
import { createDns } from './dns.ts';
import { createFunctions } from './functions.ts';
import { createMailService } from './mail-service.ts';
import { createCohorts, createProbes } from './people.ts';
import { createQueues } from './queues.ts';
import { createTopics } from './topics.ts';
import { createWeb } from './web.ts';

/**
 * The account of the current credentials.
 *
 * @param signal gives up what is asked of the pages
 */
export function openPorts(
  stage: Settings['stage'],
  { PapersTable, SubscribersTable, KeysSecret }: DataOutputs,
  signal: AbortSignal,
  options?: ClientOptions,
): DoctorPorts {
  const documents = createDocumentClient(options);
  const papers = createSourceStateRepository({ documents, name: PapersTable });
  const subscribers = { documents, name: SubscribersTable };
  const planner = createPlannerRepository(subscribers);
  const stacks = createStacks(createStacksClient(options));
  const { pipeline } = stackNamesOf(stage);
  const secret = createKeysSecret(createSecretsClient(options), KeysSecret);
  return {
    mail: createMailService(new SESv2Client(commandClientOptions(options))),
    topics: createTopics(new SNSClient(commandClientOptions(options))),
    queues: createQueues(createSqsClient(options)),
    functions: createFunctions(new LambdaClient(commandClientOptions(options))),
    stack: { loadChangedAt: async () => (await stacks.load(pipeline))?.changedAt ?? systemClock.now() },
    dns: createDns(),
    web: createWeb({ signal }),
    sourceStates: { load: (list) => permitted('dynamodb:GetItem', () => papers.load(list)) },
    planner: { load: () => permitted('dynamodb:GetItem', () => planner.load()) },
    cohorts: createCohorts(subscribers),
    probes: createProbes(subscribers, systemClock),
    keyring: { load: async () => (await secret.load()).keys },
    clock: systemClock,
    newNonce: () => randomBytes(8).toString('hex'),
  };
}
