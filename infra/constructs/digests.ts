import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { fanOutDigestsEnvSchema } from '../../functions/fan-out-digests/env.ts';
import type { planDigestsEnvSchema } from '../../functions/plan-digests/env.ts';
import type { sendDigestsEnvSchema } from '../../functions/send-digests/env.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import type { TableName } from '../../shared/table-schema.ts';
import { FunctionSchedule } from './function-schedule.ts';
import type { MailSender } from './mail-sender.ts';
import { NodeFunction } from './node-function.ts';
import { QueueWithDlq } from './queue-with-dlq.ts';

export interface DigestsProps {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly publication: Publication;
  /** Signs the links in digests. */
  readonly linkKey: Secret;
  readonly mailSender: MailSender;
  readonly logRetention: RetentionDays;
}

/** Every tick of the planner. By the clock, because a rate would count from the moment of the deployment. */
const PLAN_AT_MINUTES = '0/15';

/**
 * Two workers of five digests each reach about 30 mails a second; SES begins with 14. Two is the least that an event
 * source takes, and a limit there leaves messages on the queue, where a limit on the function would use up their receives.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const SENDERS_AT_ONCE = 2;

/**
 * A batch takes ten rounds of five digests. Even where SES answers each only at the end of its 20 seconds, the batch
 * ends by itself, and no claim is left behind by a function that was cut off.
 */
const SEND_TIMEOUT = Duration.minutes(5);

/**
 * When the daily quota is used up, messages come back, once in half an hour, until the rolling window of 24 hours frees;
 * 60 receives last 30 hours. Whoever was mailed before is not mailed again.
 */
const SEND_RECEIVES = 60;

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
      maxConcurrency: SENDERS_AT_ONCE,
    });
    this.fanOutDigests = this.#createFanOutDigests(props, this.digestsQueue);
    this.cohortsQueue = new QueueWithDlq(this, 'CohortsQueue', { consumer: this.fanOutDigests });
    this.planDigests = this.#createPlanDigests(props, this.cohortsQueue);
    new FunctionSchedule(this, 'Plan', {
      target: this.planDigests,
      description: 'Plans the digests that came due',
      minutes: PLAN_AT_MINUTES,
    });
  }

  #createSendDigests({ tables, publication, linkKey, mailSender, logRetention }: DigestsProps) {
    const sendDigests = new NodeFunction<z.input<typeof sendDigestsEnvSchema>>(this, 'SendDigests', {
      folder: 'send-digests',
      description: 'Makes and sends the digests of one batch',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        CONFIGURATION_SET: mailSender.configurationSetName,
        PUBLICATION: JSON.stringify(publication),
        // A dynamic reference: the template names the secret, and CloudFormation puts its value into the function's
        // configuration. So the function reads one environment, on AWS as on one machine, and needs no right to the secret.
        LINK_KEY: linkKey.secretValue.unsafeUnwrap(),
      },
      // Holds the papers of up to 35 days, indexed, and renders 50 mails: the one step that is busy itself.
      memorySizeMb: 1024,
      timeout: SEND_TIMEOUT,
      logRetention,
    });
    tables.papers.grant(sendDigests, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
    tables.subscribers.grant(sendDigests, 'dynamodb:GetItem');
    tables.deliveries.grant(
      sendDigests,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    mailSender.grantSend(sendDigests);
    return sendDigests;
  }

  #createFanOutDigests({ tables, logRetention }: DigestsProps, digestsQueue: QueueWithDlq) {
    const fanOutDigests = new NodeFunction<z.input<typeof fanOutDigestsEnvSchema>>(this, 'FanOutDigests', {
      folder: 'fan-out-digests',
      description: 'Queues the batches of one edition',
      environment: {
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        DIGESTS_QUEUE_URL: digestsQueue.queueUrl,
      },
      // Holds 50 ids at a time. With less memory goes less processor, and a start takes longer than the work.
      memorySizeMb: 512,
      // At about 50 ms for 50 subscribers, enough for a cohort of 100,000; a larger one goes on from its checkpoint.
      timeout: Duration.minutes(2),
      logRetention,
    });
    tables.subscribers.grant(fanOutDigests, 'dynamodb:Query', 'dynamodb:DeleteItem');
    tables.deliveries.grant(fanOutDigests, 'dynamodb:GetItem', 'dynamodb:PutItem');
    digestsQueue.grantSend(fanOutDigests);
    return fanOutDigests;
  }

  #createPlanDigests({ tables, logRetention }: DigestsProps, cohortsQueue: QueueWithDlq) {
    const planDigests = new NodeFunction<z.input<typeof planDigestsEnvSchema>>(this, 'PlanDigests', {
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
      logRetention,
    });
    tables.papers.grant(planDigests, 'dynamodb:GetItem');
    tables.subscribers.grant(planDigests, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query');
    cohortsQueue.grantSend(planDigests);
    return planDigests;
  }
}
