import { DeleteSuppressedDestinationCommand, NotFoundException, SESv2Client } from '@aws-sdk/client-sesv2';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DataOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { createBudgetRepository } from '../../shared/adapters/dynamodb/budget-repository.ts';
import { createDeliveryHistory } from '../../shared/adapters/dynamodb/delivery-history.ts';
import { createEditionRepository } from '../../shared/adapters/dynamodb/edition-repository.ts';
import { PROFILE_SORT_KEY, profileKeyOf, subscriberIdOf } from '../../shared/adapters/dynamodb/keys.ts';
import { createMailAllowanceRepository } from '../../shared/adapters/dynamodb/mail-allowance-repository.ts';
import { type Item, readItem, UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../shared/adapters/dynamodb/suppression-repository.ts';
import { batchGetAll, createDocumentClient, type Table } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createQueue, createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { loadOnFirstUse } from '../../shared/domain/once.ts';
import { storedSubscriberSchema } from '../../shared/domain/subscribers/stored-subscriber.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { Queue, QueuedWebRequest } from '../../shared/ports/queues.ts';
import type { ErasableSubscriberRepository, SuppressionRepository } from '../../shared/ports/subscribers.ts';
import type { SuppressionList } from '../../shared/subscribers/operator-changes.ts';
import type { PersonalDataPorts } from '../../shared/subscribers/personal-data.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { commandClientOptions, permitted, withPermissions } from '../deployment/aws-call.ts';
import { openData, openDeployment, type Target } from '../deployment/find-deployment.ts';
import { createKeysSecret } from '../deployment/keys-secret.ts';
import { meterReads, type ReadCost, scanPages } from '../deployment/table-reads.ts';

/** A profile as its table holds it. */
export type StoredProfile =
  | { readonly subscriber: Subscriber; readonly fault?: undefined }
  /** A profile that cannot be read. The fault names its key and no address. */
  | { readonly subscriber?: undefined; readonly fault: string };

/** The profiles of a deployment, in bulk. */
export interface StoredProfiles {
  /** Reads every profile page by page, in no certain order. With `after` it goes on after that id, in the same order. */
  loadAll(after?: Subscriber['id']): AsyncIterable<StoredProfile>;
  /** Reads the profiles of these ids. An unknown id is left out. A profile saved within the last second may be missing. */
  loadMany(ids: readonly Subscriber['id'][]): Promise<ReadonlyMap<Subscriber['id'], StoredProfile>>;
}

/** What the tables of subscribers offer to the commands. */
interface TablePorts {
  readonly subscribers: ErasableSubscriberRepository;
  readonly profiles: StoredProfiles;
  readonly suppressions: Pick<SuppressionRepository, 'load' | 'loadMany'>;
  readonly allowances: PersonalDataPorts['allowances'];
}

/** The subscribers of a deployment, and what belongs to them. */
export interface SubscriberPorts extends PersonalDataPorts, TablePorts {
  readonly suppressions: TablePorts['suppressions'];
  /** The suppression list of the account at Amazon SES. */
  readonly suppression: SuppressionList;
  /** Counts the reads of the tables from now on, and returns a function that says what they cost. */
  readonly meterReads: () => () => ReadCost;
}

/** Where a command that changes something first prints stage, account and region. */
type Announcement = Pick<CommandContext, 'printError'> | undefined;

/**
 * Opens the tables and keys of a deployment. If the account refuses a call, the error names the permission.
 *
 * @throws CommandError if the data stack is not deployed; whatever `findTarget` throws
 */
export async function openSubscribers(
  settings: Settings,
  announceOn?: Announcement,
): Promise<SubscriberPorts> {
  return connect(await openData(settings), settings, announceOn);
}

/**
 * Opens the queue of web requests besides the tables and keys.
 *
 * @param group the message group of all messages. SQS serves other messages first while a group keeps the workers busy.
 * @throws CommandError if a stack is not deployed; whatever `findTarget` throws
 */
export async function openSubscribersAndQueue(
  settings: Settings,
  announceOn?: Announcement,
  group?: string,
): Promise<SubscriberPorts & { readonly requests: Queue<QueuedWebRequest> }> {
  const deployment = await openDeployment(settings);
  const requests = createRequests(createSqsClient(), deployment.outputs.RequestsQueueUrl, group);
  return { ...connect(deployment, settings, announceOn), requests };
}

function connect(
  { target, outputs }: { readonly target: Target; readonly outputs: DataOutputs },
  { leftRetentionDays }: Settings,
  announceOn: Announcement,
): SubscriberPorts {
  if (announceOn) announceTarget(announceOn, target);
  const documents = createDocumentClient();
  const subscribers = { documents, name: outputs.SubscribersTable };
  // A record that cannot be read is erased like any other, and left out of what is shown.
  const deliveries = { documents, name: outputs.DeliveriesTable, onUnreadable: () => {} };
  const secret = createKeysSecret(createSecretsClient(), outputs.KeysSecret);
  return {
    ...createTablePorts(subscribers, leftRetentionDays),
    budgets: withPermissions(createBudgetRepository(subscribers), { forget: 'dynamodb:DeleteItem' }),
    editions: withPermissions(createEditionRepository(deliveries, systemClock), {
      replaceErased: 'dynamodb:UpdateItem',
    }),
    history: withPermissions(createDeliveryHistory(deliveries), {
      loadAll: 'dynamodb:Query',
      erase: 'dynamodb:DeleteItem',
    }),
    suppression: createSuppressionList(new SESv2Client(commandClientOptions())),
    keyring: { load: loadOnFirstUse(async () => (await secret.load()).keys) },
    clock: systemClock,
    meterReads: () => meterReads(documents),
  };
}

/** Returns the items of the `Subscribers` table that concern profiles. */
export function createTablePorts(table: Table, leftRetentionDays: number): TablePorts {
  return {
    subscribers: withPermissions(createSubscriberRepository(table, systemClock, leftRetentionDays), {
      load: 'dynamodb:GetItem',
      save: 'dynamodb:PutItem',
      erase: 'dynamodb:DeleteItem',
      endUnreadable: 'dynamodb:UpdateItem',
    }),
    profiles: createStoredProfiles(table),
    suppressions: withPermissions(createSuppressionRepository(table), {
      load: 'dynamodb:GetItem',
      loadMany: 'dynamodb:BatchGetItem',
    }),
    allowances: withPermissions(createMailAllowanceRepository({ ...table, onUnreadable: () => {} }), {
      load: 'dynamodb:GetItem',
      erase: 'dynamodb:DeleteItem',
    }),
  };
}

/** Returns the queue of web requests. */
export function createRequests(sqs: SQSClient, queueUrl: string, group?: string): Queue<QueuedWebRequest> {
  return withPermissions(createQueue<QueuedWebRequest>(sqs, queueUrl, group), { enqueue: 'sqs:SendMessage' });
}

/** Reads the profiles of the `Subscribers` table, which holds other items too. */
export function createStoredProfiles(table: Table): StoredProfiles {
  return {
    async *loadAll(after) {
      const pages = scanPages(table, {
        FilterExpression: 'sk = :profile',
        ExpressionAttributeValues: { ':profile': PROFILE_SORT_KEY },
        ConsistentRead: true,
        ...(after !== undefined && { ExclusiveStartKey: profileKeyOf(after) }),
      });
      for await (const { items } of pages) yield* items.map((item) => toStoredProfile(table, item));
    },

    async loadMany(ids) {
      const keys = ids.map(profileKeyOf);
      const items = await permitted('dynamodb:BatchGetItem', () => batchGetAll(table, keys));
      return new Map(items.map((item) => [subscriberIdOf(item), toStoredProfile(table, item)]));
    },
  };
}

function toStoredProfile(table: Table, item: Item): StoredProfile {
  try {
    return { subscriber: readItem(table, storedSubscriberSchema, item) };
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    return { fault: error.message };
  }
}

/** Returns the suppression list of the account at Amazon SES. */
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
