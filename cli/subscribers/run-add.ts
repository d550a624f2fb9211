import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { toTodaysName } from '../../shared/domain/time-zone-names.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { createKeysSecret } from '../deployment/adapters/keys-secret.ts';
import { permitted } from '../deployment/adapters/permitted.ts';
import { openData } from '../deployment/open-deployment.ts';
import { addSubscriber } from './add.ts';
import { type AddArguments, parseWishes } from './add-options.ts';

/** Adds a subscriber to a deployment, prints what they will get, and returns the exit code. */
export async function runAdd(
  given: AddArguments & { readonly settings: string; readonly dryRun?: true },
  context: Pick<CommandContext, 'print' | 'printError'>,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const wishes = parseWishes(given, settings);
  const { target, outputs } = await openData(settings);
  const isDryRun = given.dryRun ?? false;
  if (!isDryRun) announceTarget(context, target);
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
  const table = { documents: createDocumentClient(), name: outputs.SubscribersTable };
  const repository = createSubscriberRepository(table, systemClock);
  const ports = {
    subscribers: {
      load: (id: Subscriber['id']) => permitted('dynamodb:GetItem', () => repository.load(id)),
      save: (subscriber: Subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    },
    clock: systemClock,
    idKey: keys.idKey,
  };
  context.print(toText(await addSubscriber(ports, wishes, isDryRun), isDryRun));
  return 0;
}

/** Who was added, and when they are sent what. */
export function toText(subscriber: Subscriber, isDryRun: boolean): string {
  const { address, hour, timeZone, subscriptions } = subscriber;
  const wishes = subscriptions.map(({ lists, query, cadence }) => {
    const at = cadence === 'instant' ? '' : `, ${String(hour).padStart(2, '0')}:00 ${toTodaysName(timeZone)}`;
    return `  ${cadence}${at}: ${lists.join(', ')}${query ? `, papers that match ${query}` : ', every paper'}`;
  });
  return [`${isDryRun ? 'Would add' : 'Added'} ${address} (${subscriber.id}), confirmed:`, ...wishes].join(
    '\n',
  );
}
