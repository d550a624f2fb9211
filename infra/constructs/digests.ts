import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { fanOutDigestsEnvSchema } from '../../functions/fan-out-digests/env.ts';
import type { planDigestsEnvSchema } from '../../functions/plan-digests/env.ts';
import type { sendDigestsEnvSchema } from '../../functions/send-digests/env.ts';
import { cohortIndexes, type TableName } from '../../shared/adapters/dynamodb/table-schema.ts';
import type { WhenUncertain } from '../../shared/domain/digests/delivery-state.ts';
import { SENDING_TIME_MS } from '../../shared/ports/queues.ts';
import type { Publication } from '../../shared/presentation/publication.ts';
import { memoryMb, sendingResources } from '../memory.ts';
import { toListsText } from '../settings/lists-schema.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { grantIndexes, grantKeys, grantTable } from './grants.ts';
import type { MailSender } from './mail-sender.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { QueueWithDlq } from './queue-with-dlq.ts';

export interface DigestsProps {
  readonly defaults: FunctionDefaults;
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly publication: Publication;
  /** Holds the keys that sign the links in digests. */
  readonly keys: Secret;
  readonly mailSender: MailSender;
  /**
   * How many functions may send at the same time, 2 or more. The limit applies at the event source, so messages wait on
   * the queue. A limit on the function would use up their receives.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maxWorkers: number;
  /** What happens to a digest with an unknown send status. */
  readonly whenUncertain: WhenUncertain;
}

/** Every planner tick. A rate would count from the deployment, so this names minutes. */
const PLAN_AT_MINUTES = [0, 15, 30, 45] as const;

/**
 * A worker stops starting mails when its sending time is over. One more minute is enough for the open answers, at 20
 * seconds each. So a batch ends before the time-out, and no claim stays behind.
 */
const SEND_TIMEOUT = Duration.millis(SENDING_TIME_MS).plus(Duration.minutes(1));

/**
 * A failed message comes back after half an hour, so it is dead-lettered after five hours. A delayed message is queued
 * again and uses up no receive. Digests are delayed if the quota is used up, the account is paused or a table is
 * unavailable.
 */
const SEND_RECEIVES = 10;

const COHORT_INDEXES = Object.values(cohortIndexes).map(({ name }) => name);

/**
 * One fan-out queues about 1,000 digests a second, more than most accounts send. Five handle thousands of small
 * cohorts.
 */
const MAX_FAN_OUTS = 5;

/** The functions that plan, fan out and send digests, and the two queues between them. */
export class Digests extends Construct {
  readonly planDigests: NodeFunction;
  readonly fanOutDigests: NodeFunction;
  readonly sendDigests: NodeFunction;
  readonly cohortsQueue: QueueWithDlq;
  readonly digestsQueue: QueueWithDlq;

  constructor(scope: Construct, id: string, props: DigestsProps) {
    super(scope, id);
    // Created from the last step to the first, because each step sends to the queue of the next.
    this.sendDigests = this.#createSendDigests(props);
    this.digestsQueue = new QueueWithDlq(this, 'DigestsQueue', {
      consumer: this.sendDigests,
      maxReceiveCount: SEND_RECEIVES,
      maxConcurrency: props.maxWorkers,
    });
    this.digestsQueue.grantSend(this.sendDigests);
    this.fanOutDigests = this.#createFanOutDigests(props, this.digestsQueue);
    this.cohortsQueue = new QueueWithDlq(this, 'CohortsQueue', {
      consumer: this.fanOutDigests,
      maxConcurrency: Math.min(props.maxWorkers, MAX_FAN_OUTS),
    });
    this.cohortsQueue.grantSend(this.fanOutDigests);
    this.planDigests = this.#createPlanDigests(props, this.cohortsQueue);
    new FunctionSchedule(this, 'Plan', {
      target: this.planDigests,
      description: 'Plans the digests that are due',
      minutes: PLAN_AT_MINUTES,
    });
  }

  #createSendDigests(props: DigestsProps) {
    const { defaults, tables, publication, keys, mailSender, maxWorkers, whenUncertain } = props;
    const { arxiv, feed } = defaults.settings.lists;
    const larger = (arxiv && sendingResources.arxiv) ?? (feed && sendingResources.feed);
    const memory = larger ?? { memoryMb: memoryMb['send-digests'] };
    const sendDigests = new NodeFunction<z.input<typeof sendDigestsEnvSchema>>(this, 'SendDigests', {
      defaults,
      folder: 'send-digests',
      description: 'Renders and sends the digests of one batch',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        LISTS: toListsText(defaults.settings.lists),
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        DIGESTS_QUEUE_URL: Lazy.string({ produce: () => this.digestsQueue.queueUrl }),
        MAX_WORKERS: String(maxWorkers),
        WHEN_UNCERTAIN: whenUncertain,
        CONFIGURATION_SET: mailSender.configurationSetName,
        PUBLICATION: Stack.of(this).toJsonString(publication),
        KEYS_SECRET: keys.secretArn,
        MEMORY_MB: String(memory.memoryMb),
      },
      ...memory,
      timeout: SEND_TIMEOUT,
      isRecursive: true,
    });
    grantTable(tables.papers, sendDigests, 'GetItem', 'BatchGetItem', 'Query');
    grantTable(tables.subscribers, sendDigests, 'GetItem', 'BatchGetItem');
    grantTable(tables.deliveries, sendDigests, 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
    grantKeys(keys, sendDigests);
    mailSender.grantSend(sendDigests);
    mailSender.grantReadQuota(sendDigests);
    return sendDigests;
  }

  #createFanOutDigests({ defaults, tables }: DigestsProps, digestsQueue: QueueWithDlq) {
    const fanOutDigests = new NodeFunction<z.input<typeof fanOutDigestsEnvSchema>>(this, 'FanOutDigests', {
      defaults,
      folder: 'fan-out-digests',
      description: 'Queues the batches of one edition',
      environment: {
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        DIGESTS_QUEUE_URL: digestsQueue.queueUrl,
        COHORTS_QUEUE_URL: Lazy.string({ produce: () => this.cohortsQueue.queueUrl }),
        MEMORY_MB: String(memoryMb['fan-out-digests']),
      },
      // A large cohort continues in another invocation. If the function dies, its message comes back after six times
      // this time.
      timeout: Duration.minutes(2),
      isRecursive: true,
    });
    grantTable(tables.subscribers, fanOutDigests, 'DeleteItem');
    grantIndexes(tables.subscribers, fanOutDigests, COHORT_INDEXES);
    grantTable(tables.deliveries, fanOutDigests, 'GetItem', 'PutItem', 'Query');
    digestsQueue.grantSend(fanOutDigests);
    return fanOutDigests;
  }

  #createPlanDigests({ defaults, tables }: DigestsProps, cohortsQueue: QueueWithDlq) {
    const planDigests = new NodeFunction<z.input<typeof planDigestsEnvSchema>>(this, 'PlanDigests', {
      defaults,
      folder: 'plan-digests',
      description: 'Queues the editions that are due',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        LISTS: toListsText(defaults.settings.lists),
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        COHORTS_QUEUE_URL: cohortsQueue.queueUrl,
      },
      // A tick takes a second or two. A catch-up has to end well before the next tick.
      timeout: Duration.minutes(2),
      maxEventAge: Duration.minutes(10),
    });
    grantTable(tables.papers, planDigests, 'GetItem');
    grantTable(tables.subscribers, planDigests, 'GetItem', 'PutItem', 'Query', 'DeleteItem');
    grantIndexes(tables.subscribers, planDigests, COHORT_INDEXES);
    cohortsQueue.grantSend(planDigests);
    return planDigests;
  }
}
