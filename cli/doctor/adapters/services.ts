import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetConfigurationSetEventDestinationsCommand,
  GetEmailIdentityCommand,
  type MailFromAttributes,
  NotFoundException,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { createCohortRepository } from '../../../shared/adapters/dynamodb/cohort-repository.ts';
import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../../shared/adapters/dynamodb/suppression-repository.ts';
import type { Table } from '../../../shared/adapters/dynamodb/table.ts';
import { cohortIndexes } from '../../../shared/adapters/dynamodb/table-schema.ts';
import { type Cohort, INSTANT_COHORT, toCohortKey } from '../../../shared/domain/digests/cohort.ts';
import { loadOnFirstUse } from '../../../shared/domain/once.ts';
import type { Clock } from '../../../shared/domain/time/time.ts';
import { permitted } from '../../deployment/aws-call.ts';
import type {
  Cohorts,
  EventSource,
  Functions,
  MailService,
  ProbeRepository,
  Queues,
  SenderIdentity,
  TopicSubscription,
  Topics,
} from '../ports.ts';

/** SES by its second API. A missing field counts as the worse value. */
export function createMailService(client: SESv2Client): MailService {
  return {
    async loadAccount() {
      const account = await permitted('ses:GetAccount', () => client.send(new GetAccountCommand()));
      const quota = account.SendQuota ?? {};
      return {
        hasProductionAccess: account.ProductionAccessEnabled ?? false,
        isSendingEnabled: account.SendingEnabled ?? false,
        enforcement: account.EnforcementStatus ?? 'unknown',
        max24HourSend: quota.Max24HourSend ?? 0,
        accountRatePerSec: quota.MaxSendRate ?? 0,
        sentLast24Hours: quota.SentLast24Hours ?? 0,
        suppressed: account.SuppressionAttributes?.SuppressedReasons ?? [],
      };
    },

    async loadIdentity(name) {
      const identity = await permitted('ses:GetEmailIdentity', () =>
        orUndefined(client.send(new GetEmailIdentityCommand({ EmailIdentity: name }))),
      );
      const { SigningEnabled = false, Status = 'NOT_STARTED' } = identity?.DkimAttributes ?? {};
      return (
        identity && {
          isVerified: identity.VerifiedForSendingStatus ?? false,
          dkim: { isSigning: SigningEnabled, status: Status },
          ...toMailFrom(identity.MailFromAttributes),
        }
      );
    },

    async loadConfigurationSet(name) {
      const set = await permitted('ses:GetConfigurationSet', () =>
        orUndefined(client.send(new GetConfigurationSetCommand({ ConfigurationSetName: name }))),
      );
      return (
        set && {
          isSendingEnabled: set.SendingOptions?.SendingEnabled ?? true,
          suppressed: set.SuppressionOptions?.SuppressedReasons,
        }
      );
    },

    async loadEventDestinations(configurationSet) {
      const answer = await permitted('ses:GetConfigurationSetEventDestinations', () =>
        orUndefined(
          client.send(
            new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName: configurationSet }),
          ),
        ),
      );
      return (answer?.EventDestinations ?? []).map(({ Enabled, SnsDestination, MatchingEventTypes }) => ({
        isEnabled: Enabled ?? false,
        topicArn: SnsDestination?.TopicArn,
        events: MatchingEventTypes ?? [],
      }));
    },
  };
}

function toMailFrom(attributes: MailFromAttributes | undefined): Pick<SenderIdentity, 'mailFrom'> {
  const { MailFromDomain, MailFromDomainStatus, BehaviorOnMxFailure } = attributes ?? {};
  if (!MailFromDomain) return {};
  return {
    mailFrom: {
      domain: MailFromDomain,
      status: MailFromDomainStatus ?? 'unknown',
      isRequired: BehaviorOnMxFailure === 'REJECT_MESSAGE',
    },
  };
}

async function orUndefined<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** Topics of SNS. A subscription has an ARN after it is confirmed, and only a word before. */
export function createTopics(client: SNSClient): Topics {
  return {
    loadSubscriptions: (topicArn) =>
      permitted('sns:ListSubscriptionsByTopic', async () => {
        const found: TopicSubscription[] = [];
        for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
          for (const { Protocol = '', Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? [])
            found.push({
              protocol: Protocol,
              endpoint: Endpoint,
              isConfirmed: SubscriptionArn.startsWith('arn:'),
            });
        }
        return found;
      }),
  };
}

/** Queues of SQS. Their numbers are approximate. Delayed messages count as waiting. */
export function createQueues(client: SQSClient): Queues {
  return {
    async load(url) {
      const { Attributes = {} } = await permitted('sqs:GetQueueAttributes', () =>
        client.send(
          new GetQueueAttributesCommand({
            QueueUrl: url,
            AttributeNames: [
              'QueueArn',
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesDelayed',
              'ApproximateNumberOfMessagesNotVisible',
            ],
          }),
        ),
      );
      const count = (name: keyof typeof Attributes) => Number(Attributes[name] ?? 0);
      return {
        arn: Attributes.QueueArn ?? '',
        waiting: count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesDelayed'),
        inFlight: count('ApproximateNumberOfMessagesNotVisible'),
      };
    },
  };
}

/** The functions of Lambda. */
export function createFunctions(client: LambdaClient): Functions {
  return {
    loadEventSources: (functionName) =>
      permitted('lambda:ListEventSourceMappings', async () => {
        const found: EventSource[] = [];
        const pages = paginateListEventSourceMappings({ client }, { FunctionName: functionName });
        for await (const { EventSourceMappings = [] } of pages) {
          for (const {
            UUID = '',
            EventSourceArn = '',
            State = 'unknown',
            ScalingConfig,
          } of EventSourceMappings)
            found.push({
              id: UUID,
              queueArn: EventSourceArn,
              state: State,
              maxConcurrency: ScalingConfig?.MaximumConcurrency,
            });
        }
        return found;
      }),

    loadConcurrency: () =>
      permitted('lambda:GetAccountSettings', async () => {
        const { AccountLimit: limit } = await client.send(new GetAccountSettingsCommand({}));
        return {
          account: limit?.ConcurrentExecutions ?? 0,
          unreserved: limit?.UnreservedConcurrentExecutions ?? 0,
        };
      }),

    loadReserved: (functionName) =>
      permitted('lambda:GetFunctionConcurrency', async () => {
        const command = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
        return (await client.send(command)).ReservedConcurrentExecutions;
      }),
  };
}

const COHORTS_AT_ONCE = 8;

/**
 * Cohorts and their sizes, counted once. An unreadable one is reported and left out. It reads the indexes of the fan-out, so it needs no
 * scan and reads no profile.
 */
export function createCohorts(table: Table): Cohorts {
  return {
    countAll: loadOnFirstUse(() =>
      permitted('dynamodb:Query', async () => {
        const faults: string[] = [];
        const onUnreadable = ({ message }: Error) => void faults.push(message);
        const cohorts = await createCohortRepository({ ...table, onUnreadable }).loadAll();
        const sizes = await pMap(
          [...cohorts, INSTANT_COHORT],
          async (cohort) => ({ cohort, members: await countMembers(table, cohort) }),
          { concurrency: COHORTS_AT_ONCE },
        );
        return { sizes, faults };
      }),
    ),
  };
}

/**
 * Profiles in the `Subscribers` table that a check creates. Erasing one also removes its suppression, so no trace stays.
 *
 * @param leftRetentionDays how long a probe is kept if it unsubscribed and erasing it failed
 */
export function createProbes(table: Table, clock: Clock, leftRetentionDays: number): ProbeRepository {
  const repository = createSubscriberRepository(table, clock, leftRetentionDays);
  const suppressions = createSuppressionRepository(table);
  return {
    load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
    save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    erase: (id) =>
      permitted('dynamodb:DeleteItem', async () => {
        await repository.erase(id);
        await suppressions.erase(id);
      }),
  };
}

async function countMembers(table: Table, cohort: Cohort): Promise<number> {
  const index = cohortIndexes[cohort.cadence];
  let members = 0;
  const pages = paginateQuery(
    { client: table.documents },
    {
      TableName: table.name,
      IndexName: index.name,
      KeyConditionExpression: '#cohort = :cohort',
      ExpressionAttributeNames: { '#cohort': index.attribute },
      ExpressionAttributeValues: { ':cohort': toCohortKey(cohort) },
      Select: 'COUNT',
    },
  );
  for await (const { Count = 0 } of pages) members += Count;
  return members;
}
