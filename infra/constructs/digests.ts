import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { fanOutDigestsEnvSchema } from '../../functions/fan-out-digests/env.ts';
import type { planDigestsEnvSchema } from '../../functions/plan-digests/env.ts';
import type { sendDigestsEnvSchema } from '../../functions/send-digests/env.ts';
import { cohortIndexes, type TableName } from '../../shared/adapters/dynamodb/table-schema.ts';
import type { WhenUncertain } from '../../shared/domain/delivery-state.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import { SENDING_TIME_MS } from '../../shared/ports/queues.ts';
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
   * How many functions may send at once, 2 or more. A limit at the event source leaves messages on the queue, where a limit
   * on the function would use up their receives.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maxWorkers: number;
  /** What happens to a digest with an unknown send status. */
  readonly whenUncertain: WhenUncertain;
}

/** Every tick of the planner. By the clock, because a rate would count from the moment of the deployment. */
const PLAN_AT_MINUTES = [0, 15, 30, 45] as const;

/**
 * A worker begins no mail after its time for sending; a minute more is enough for the answers that are still to come, at 20
 * seconds each. So a batch ends by itself, and no claim is left behind by a function that was cut off.
 */
const SEND_TIMEOUT = Duration.millis(SENDING_TIME_MS).plus(Duration.minutes(1));

/**
 * A message that fails comes back after half an hour, so it becomes a dead letter after five hours. A message that is put off uses
 * up no receive, because it is queued anew: the quota is used up, the account is paused, or a table is not available.
 */
const SEND_RECEIVES = 10;

const COHORT_INDEXES = Object.values(cohortIndexes).map(({ name }) => name);

/** One fan-out queues about 1,000 digests a second, more than most accounts send. Five keep up with thousands of small cohorts. */
const MAX_FAN_OUTS = 5;

/** From the planner's tick to the mail: plan, fan out, send, with a queue in front of the second and the third. */
export class Digests extends Construct {
  readonly planDigests: NodeFunction;
  readonly fanOutDigests: NodeFunction;
  readonly sendDigests: NodeFunction;
  readonly cohortsQueue: QueueWithDlq;
  readonly digestsQueue: QueueWithDlq;

  constructor(scope: Construct, id: string, props: DigestsProps) {
    super(scope, id);
    // From the last step to the first, because each puts its messages on the queue of the one behind it.
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
      description: 'Plans the digests that came due',
      minutes: PLAN_AT_MINUTES,
    });
  }

  #createSendDigests(props: DigestsProps) {
    const { defaults, tables, publication, keys, mailSender, maxWorkers, whenUncertain } = props;
    const sendDigests = new NodeFunction<z.input<typeof sendDigestsEnvSchema>>(this, 'SendDigests', {
      defaults,
      folder: 'send-digests',
      description: 'Makes and sends the digests of one batch',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        DIGESTS_QUEUE_URL: Lazy.string({ produce: () => this.digestsQueue.queueUrl }),
        MAX_WORKERS: String(maxWorkers),
        WHEN_UNCERTAIN: whenUncertain,
        CONFIGURATION_SET: mailSender.configurationSetName,
        PUBLICATION: Stack.of(this).toJsonString(publication),
        KEYS_SECRET: keys.secretArn,
      },
      // Holds the papers of up to 35 days, indexed, and renders 50 mails: the one step that is busy itself.
      memorySizeMb: 1024,
      timeout: SEND_TIMEOUT,
      isRecursive: true,
    });
    grantTable(tables.papers, sendDigests, 'GetItem', 'BatchGetItem', 'Query');
    grantTable(tables.subscribers, sendDigests, 'GetItem');
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
      },
      // Holds 1,000 ids at a time. With less memory goes less processor, and a start takes longer than the work.
      memorySizeMb: 512,
      // A large cohort goes on in another invocation. A message whose function died comes again after six times this time.
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
      description: 'Queues the editions that came due',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        COHORTS_QUEUE_URL: cohortsQueue.queueUrl,
      },
      // Works out delivery times for every time zone in use, after an outage for many ticks at once.
      memorySizeMb: 512,
      // A tick takes a second or two; a catch-up has to end well before the next tick.
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
