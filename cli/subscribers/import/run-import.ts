import { loadSettings } from '../../../infra/settings/load-settings.ts';
import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createQueue, createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { IMPORT_GROUP, type WebRequest } from '../../../shared/messages.ts';
import type { CommandContext } from '../../command.ts';
import { announceTarget } from '../../confirm.ts';
import { createKeysSecret } from '../../deployment/adapters/keys-secret.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import { openDeployment } from '../../deployment/open-deployment.ts';
import { openCsvFile } from '../csv/csv-file.ts';
import { importFile } from './import-file.ts';
import { type ImportArguments, parseImportOptions } from './import-options.ts';
import type { ImportPorts } from './import-subscribers.ts';

/** Imports a CSV file into a deployment, prints what became of its rows, and returns the exit code. */
export async function runImport(
  given: ImportArguments & { readonly path: string; readonly settings: string; readonly dryRun?: true },
  context: CommandContext,
): Promise<number> {
  const { consentText, maxAsked } = parseImportOptions(given);
  const isDryRun = given.dryRun ?? false;
  const settings = loadSettings(given.settings);
  const file = await openCsvFile(given.path);
  const { target, outputs } = await openDeployment(settings);
  if (!isDryRun) announceTarget(context, target);
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
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
  const queue = createQueue<WebRequest>(createSqsClient(), RequestsQueueUrl, IMPORT_GROUP);
  return {
    subscribers: {
      load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
      save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    },
    requests: { enqueue: (requests) => permitted('sqs:SendMessage', () => queue.enqueue(requests)) },
  };
}
