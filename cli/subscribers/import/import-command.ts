import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createQueue, createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import type { WebRequest } from '../../../shared/messages.ts';
import { createStacks, createStacksClient } from '../../deployment/adapters/cloudformation.ts';
import { createKeysSecret } from '../../deployment/adapters/keys-secret.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import { findDeployment } from '../../deployment/find-deployment.ts';
import { readSettings } from '../../deployment/read-settings.ts';
import type { SubscribersContext } from '../context.ts';
import { openCsvFile } from '../csv/csv-file.ts';
import { importFile } from './import-file.ts';
import { IMPORT_USAGE, readImportArguments } from './import-options.ts';
import type { ImportPorts } from './import-subscribers.ts';

/** Imports a CSV file into a deployment, prints what became of its rows, and returns the exit code. */
export async function importCommand(args: readonly string[], context: SubscribersContext): Promise<number> {
  const given = readImportArguments(args);
  if (!given) {
    context.print(IMPORT_USAGE);
    return 0;
  }
  const settings = readSettings(given.settings);
  const file = await openCsvFile(given.path);
  const outputs = await findDeployment(createStacks(createStacksClient()), settings);
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
  const { consent: consentText, isDryRun, maxAsked } = given;
  return importFile(
    openPorts(outputs),
    file,
    {
      consentText,
      defaults: settings.defaults,
      idKey: keys.idKey,
      now: systemClock.now(),
      limits: { isDryRun, maxAsked },
    },
    context,
  );
}

function openPorts({
  SubscribersTable,
  RequestsQueueUrl,
}: Readonly<Record<'SubscribersTable' | 'RequestsQueueUrl', string>>): ImportPorts {
  const repository = createSubscriberRepository(
    { documents: createDocumentClient(), name: SubscribersTable },
    systemClock,
  );
  const queue = createQueue<WebRequest>(createSqsClient(), RequestsQueueUrl);
  return {
    subscribers: {
      load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
      save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    },
    requests: { enqueue: (requests) => permitted('sqs:SendMessage', () => queue.enqueue(requests)) },
  };
}
