import { randomBytes } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DataOutputs } from '../../infra/outputs.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import { createPlannerRepository } from '../../shared/adapters/dynamodb/planner-repository.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { type CommandContext, EXIT_INTERRUPTED, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { commandClientOptions, withPermissions } from '../deployment/aws-call.ts';
import { createStacks, createStacksClient, openDeployment } from '../deployment/find-deployment.ts';
import { createKeysSecret } from '../deployment/keys-secret.ts';
import { createDns, createWeb } from './adapters/network.ts';
import {
  createCohorts,
  createFunctions,
  createMailService,
  createProbes,
  createQueues,
  createTopics,
} from './adapters/services.ts';
import { createChecks } from './checks.ts';
import { diagnose, toDeploymentName, toJson, toText } from './diagnosis.ts';
import type { DoctorPorts } from './ports.ts';

/** Checks a deployment, prints what was found, and returns the exit code. */
export async function runDoctor(
  options: { readonly settings: string; readonly json?: true },
  { print, printError, onInterrupt }: Pick<CommandContext, 'print' | 'printError' | 'onInterrupt'>,
): Promise<number> {
  const settings = loadSettings(options.settings);
  printError(`Checking stage ${settings.stage} …`);
  const { outputs } = await openDeployment(settings);
  // What was made for a check is removed before the command ends.
  const signal = onInterrupt();
  const diagnosis = await diagnose(createChecks({ settings, outputs }, openPorts(settings, outputs, signal)));
  if (signal.aborted) return EXIT_INTERRUPTED;
  const name = toDeploymentName(settings.stage, outputs.FeedbackTopic);
  print(options.json ? toJson(name, diagnosis) : toText(name, diagnosis, options.settings));
  return diagnosis.worst === 'fail' ? EXIT_TROUBLE : EXIT_OK;
}

/**
 * The account of the current credentials.
 *
 * @param signal gives up what is asked of the pages
 */
export function openPorts(
  { stage, leftRetentionDays }: Pick<Settings, 'stage' | 'leftRetentionDays'>,
  { PapersTable, SubscribersTable, KeysSecret }: DataOutputs,
  signal: AbortSignal,
  options?: ClientOptions,
): DoctorPorts {
  const documents = createDocumentClient(options);
  const subscribers = { documents, name: SubscribersTable };
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
    sourceStates: withPermissions(createSourceStateRepository({ documents, name: PapersTable }), {
      load: 'dynamodb:GetItem',
    }),
    planner: withPermissions(createPlannerRepository(subscribers), { load: 'dynamodb:GetItem' }),
    cohorts: createCohorts(subscribers),
    probes: createProbes(subscribers, systemClock, leftRetentionDays),
    keyring: { load: async () => (await secret.load()).keys },
    clock: systemClock,
    newNonce: () => randomBytes(8).toString('hex'),
  };
}
