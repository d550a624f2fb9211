import { DeleteSuppressedDestinationCommand, NotFoundException, SESv2Client } from '@aws-sdk/client-sesv2';
import type { DataOutputs } from '../../../infra/outputs.ts';
import { loadSettings } from '../../../infra/settings/load-settings.ts';
import { createBudgetRepository } from '../../../shared/adapters/dynamodb/budget-repository.ts';
import { createDeliveryHistory } from '../../../shared/adapters/dynamodb/delivery-history.ts';
import { createEditionRepository } from '../../../shared/adapters/dynamodb/edition-repository.ts';
import { createMailAllowanceRepository } from '../../../shared/adapters/dynamodb/mail-allowance-repository.ts';
import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../../shared/adapters/dynamodb/suppression-repository.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import type { ErasableSubscriberRepository } from '../../../shared/ports/subscribers.ts';
import type { SuppressionList } from '../../../shared/subscribers/by-hand.ts';
import type { HeldDataPorts } from '../../../shared/subscribers/held-data.ts';
import { commandClientOptions, permitted } from '../../deployment/aws-call.ts';
import { openData, type Target } from '../../deployment/find-deployment.ts';
import { createKeysSecret } from '../../deployment/keys-secret.ts';

export interface ByHandPorts extends HeldDataPorts {
  readonly suppression: SuppressionList;
}

/**
 * Opens what the commands for one subscriber need of a deployment.
 *
 * @throws CommandError if it is not deployed
 */
export async function openByHand(settingsFile: string): Promise<{
  readonly target: Target;
  readonly ports: ByHandPorts;
}> {
  const settings = loadSettings(settingsFile);
  const { target, outputs } = await openData(settings);
  return { target, ports: await openPorts(outputs, settings.leftRetentionDays) };
}

/** Opens the tables and the keys of a deployment, and the suppression list of its account. */
export async function openPorts(outputs: DataOutputs, leftRetentionDays: number): Promise<ByHandPorts> {
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
  const documents = createDocumentClient();
  const subscribers = { documents, name: outputs.SubscribersTable };
  // A record that cannot be read is erased like any other, and shown as one that is left out.
  const deliveries = { documents, name: outputs.DeliveriesTable, onUnreadable: () => {} };
  const allowances = createMailAllowanceRepository({ ...subscribers, onUnreadable: () => {} });
  const budgets = createBudgetRepository(subscribers);
  const editions = createEditionRepository(deliveries, systemClock);
  const history = createDeliveryHistory(deliveries);
  const suppressions = createSuppressionRepository(subscribers);
  return {
    subscribers: withPermissions(createSubscriberRepository(subscribers, systemClock, leftRetentionDays)),
    suppressions: { load: (id) => permitted('dynamodb:GetItem', () => suppressions.load(id)) },
    allowances: {
      ...allowances,
      load: (mailbox) => permitted('dynamodb:GetItem', () => allowances.load(mailbox)),
      erase: (mailbox) => permitted('dynamodb:DeleteItem', () => allowances.erase(mailbox)),
    },
    budgets: { forget: (budget) => permitted('dynamodb:DeleteItem', () => budgets.forget(budget)) },
    editions: {
      eraseFromBatch: (origin, id) =>
        permitted('dynamodb:UpdateItem', () => editions.eraseFromBatch(origin, id)),
    },
    history: {
      loadAll: (id) => permitted('dynamodb:Query', () => history.loadAll(id)),
      erase: (id, record) => permitted('dynamodb:DeleteItem', () => history.erase(id, record)),
    },
    suppression: createSuppressionList(new SESv2Client(commandClientOptions())),
    keyring: { load: async () => keys },
    clock: systemClock,
  };
}

function withPermissions(repository: ErasableSubscriberRepository): ErasableSubscriberRepository {
  return {
    load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
    save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    erase: (id) => permitted('dynamodb:DeleteItem', () => repository.erase(id)),
    endUnreadable: (id, cause) => permitted('dynamodb:UpdateItem', () => repository.endUnreadable(id, cause)),
  };
}

/** The suppression list of the account at SES. */
export function createSuppressionList(client: SESv2Client): SuppressionList {
  return {
    async remove(address) {
      try {
        await permitted('ses:DeleteSuppressedDestination', () =>
          client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: address })),
        );
        return true;
      } catch (error) {
        if (error instanceof NotFoundException) return false;
        throw error;
      }
    },
  };
}
