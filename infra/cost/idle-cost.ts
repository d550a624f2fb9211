import * as z from 'zod';
import { monitoringLines } from './monitoring-cost.ts';
import { type ChargedLine, type CostLine, charge, prices, quantity } from './prices.ts';
import {
  countRuns,
  HOURS_A_MONTH,
  ofType,
  propertiesOf,
  type Resource,
  RUN_SEC,
  scheduledRunsOf,
} from './template.ts';

/** Figures that the templates do not contain. */
export const assumed = {
  /** Bytes of logs of one run: Lambda's own lines, one line of the function, and its metrics. */
  logBytesPerRun: 2_000,
  /** GB of a year of papers: 30 on each of 261 weekdays, 3 KB each, with their listings. */
  storedGb: 0.03,
  /** GB of bundles in the bucket of `cdk bootstrap`, after about fifty deployments. */
  bootstrapGb: 0.1,
} as const;

/**
 * Requests a month to an empty queue. Five pollers of the event source poll it, for 20 seconds at a time. Lambda "can
 * optimize to as few as 2" without a worker limit, but these figures do not count on it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const IDLE_POLLS = 5 * (3600 / 20) * HOURS_A_MONTH;

/**
 * Table units of a planner tick without a due cohort. It reads its cursor, the cohorts and the state of the source, and moves the
 * cursor.
 */
const TICK = { reads: 3, writes: 1 };

const BYTES_PER_GB = 1e9;
const DAYS_A_MONTH = 30;

/** Every type of resource that the lines below account for. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  ...['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::Lambda::EventSourceMapping'],
  ...['AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::Lambda::EventInvokeConfig'],
  ...['AWS::Scheduler::Schedule', 'AWS::Logs::LogGroup', 'AWS::Logs::MetricFilter'],
  ...['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::ApiMapping', 'AWS::ApiGatewayV2::DomainName'],
  ...['AWS::ApiGatewayV2::Integration', 'AWS::ApiGatewayV2::Route', 'AWS::ApiGatewayV2::Stage'],
  ...['AWS::CloudFront::Distribution', 'AWS::CloudFront::CachePolicy'],
  'AWS::CloudFront::OriginRequestPolicy',
  ...['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret'],
  ...['AWS::SES::EmailIdentity', 'AWS::SES::ConfigurationSet', 'AWS::SES::ConfigurationSetEventDestination'],
  ...['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::SNS::Subscription'],
  ...['AWS::Route53::RecordSet', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::KMS::Key'],
  ...['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'],
]);

/**
 * Returns the monthly cost of a deployment with running schedules and no subscribers.
 *
 * @throws Error that names every type of resource that no line accounts for
 */
export function idleCostOf(resources: readonly Resource[]): readonly ChargedLine[] {
  const unknown = new Set(resources.map(({ type }) => type).filter((type) => !KNOWN_TYPES.has(type)));
  if (unknown.size > 0)
    throw new Error(`infra/cost has no price for these types: ${[...unknown].join(', ')}`);
  return charge([
    ...queueLines(resources),
    ...functionLines(resources),
    ...dataLines(resources),
    ...mailLines(resources),
    ...monitoringLines(resources),
  ]);
}

const countOf = (resources: readonly Resource[], type: string) => ofType(resources, type).length;

function queueLines(resources: readonly Resource[]): readonly CostLine[] {
  const sources = countOf(resources, 'AWS::Lambda::EventSourceMapping');
  return [
    {
      resource: 'Queues, polled while empty',
      count: sources,
      quantity: sources * IDLE_POLLS,
      price: prices.sqsRequests,
      note: `Lambda always has five requests open at each queue, each for 20 seconds: ${quantity(IDLE_POLLS)} requests a month`,
    },
    {
      resource: 'Queues',
      count: countOf(resources, 'AWS::SQS::Queue'),
      quantity: 0,
      note: 'including dead-letter queues, which nothing polls; encrypted with a free key of SQS',
    },
  ];
}

const logGroupSchema = z.object({ RetentionInDays: z.number() });

function functionLines(resources: readonly Resource[]): readonly CostLine[] {
  const scheduled = scheduledRunsOf(resources);
  const runs = countRuns(resources);
  const functions = countOf(resources, 'AWS::Lambda::Function');
  const traced = ofType(resources, 'AWS::Lambda::Function').filter(
    ({ properties }) => properties.TracingConfig !== undefined,
  ).length;
  const durations = scheduled.map((run) => `\`${run.functionName}\` ${RUN_SEC[run.functionName]} s`);
  const logGroups = propertiesOf(resources, 'AWS::Logs::LogGroup', logGroupSchema);
  const retentionDays = Math.max(...logGroups.map(({ RetentionInDays }) => RetentionInDays));
  const writtenGb = (runs * assumed.logBytesPerRun) / BYTES_PER_GB;
  return [
    {
      resource: 'Schedules',
      count: countOf(resources, 'AWS::Scheduler::Schedule'),
      quantity: runs,
      price: prices.schedulerInvocations,
      note: 'the planner runs four times an hour, and `lists` says when a source is read',
    },
    {
      resource: 'Functions, invoked',
      count: functions,
      quantity: runs,
      price: prices.lambdaRequests,
      note: 'scheduled functions; the others wait',
    },
    {
      resource: 'Functions, running',
      count: functions,
      quantity: scheduled.reduce((sum, { gbSeconds }) => sum + gbSeconds, 0),
      price: prices.lambdaGbSeconds,
      note: `duration of a run, cold start included: ${durations.join(', ')}`,
    },
    {
      resource: 'Traces',
      count: traced,
      quantity: traced > 0 ? runs : 0,
      price: prices.traces,
      note: 'every scheduled run, with `monitoring: full`',
    },
    {
      resource: 'Logs, written',
      count: logGroups.length,
      quantity: writtenGb,
      price: prices.logsIngested,
      note: `${quantity(assumed.logBytesPerRun)} bytes a run`,
    },
    {
      resource: 'Logs, kept',
      count: logGroups.length,
      quantity: (writtenGb * retentionDays) / DAYS_A_MONTH,
      price: prices.logsStored,
      note: `for ${retentionDays} days, set by \`logRetentionDays\``,
    },
    {
      resource: 'HTTP API',
      count: countOf(resources, 'AWS::ApiGatewayV2::Api'),
      quantity: 0,
      price: prices.httpRequests,
      note: 'free without requests; your own domain costs nothing more',
    },
    {
      resource: 'CloudFront',
      count: countOf(resources, 'AWS::CloudFront::Distribution'),
      quantity: 0,
      price: prices.cdnRequests,
      note: 'in front of your own domain; free without requests',
    },
  ];
}

const tableSchema = z.object({
  BillingMode: z.literal('PAY_PER_REQUEST'),
  Replicas: z.array(
    z.object({
      PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }),
    }),
  ),
});

function dataLines(resources: readonly Resource[]): readonly CostLine[] {
  const tables = propertiesOf(resources, 'AWS::DynamoDB::GlobalTable', tableSchema);
  const backedUp = tables.filter(({ Replicas }) =>
    Replicas.some((replica) => replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled),
  ).length;
  const ticks = countRuns(resources, 'plan-digests');
  const secrets = countOf(resources, 'AWS::SecretsManager::Secret');
  return [
    {
      resource: 'Tables, storage',
      count: tables.length,
      quantity: assumed.storedGb,
      price: prices.tableStorage,
      note: 'a year of papers; an on-demand table itself is free',
    },
    {
      resource: 'Tables, point-in-time recovery',
      count: backedUp,
      quantity: backedUp > 0 ? assumed.storedGb : 0,
      price: prices.tableBackups,
      note: 'charged by storage; not in `dev`',
    },
    {
      resource: 'Tables, read by the planner',
      count: tables.length,
      quantity: ticks * TICK.reads,
      price: prices.tableReads,
      note: 'consistent reads of its cursor, the cohorts and the state of the source at every tick',
    },
    {
      resource: 'Tables, written by the planner',
      count: tables.length,
      quantity: ticks * TICK.writes,
      price: prices.tableWrites,
      note: 'its cursor at every tick',
    },
    {
      resource: 'Secret',
      count: secrets,
      quantity: secrets,
      price: prices.secrets,
      note: 'the signing keys; encrypted with a free key of the account',
    },
    {
      resource: 'Secret, read',
      count: secrets,
      quantity: 0,
      price: prices.secretCalls,
      note: 'once in five minutes while mails are sent or pages are requested',
    },
    {
      resource: 'Bundles in the bucket of `cdk bootstrap`',
      count: 0,
      quantity: assumed.bootstrapGb,
      price: prices.bucketStorage,
      note: 'outside the stacks; about fifty deployments',
    },
  ];
}

function mailLines(resources: readonly Resource[]): readonly CostLine[] {
  const keys = countOf(resources, 'AWS::KMS::Key');
  return [
    {
      resource: 'Sender and configuration set of SES',
      count: countOf(resources, 'AWS::SES::ConfigurationSet'),
      quantity: 0,
      price: prices.mails,
      note: 'charged by the mail; see below',
    },
    {
      resource: 'Topics',
      count: countOf(resources, 'AWS::SNS::Topic'),
      quantity: 0,
      price: prices.snsPublishes,
      note: 'one for SES events, one for alarms; delivery to a queue is free',
    },
    {
      resource: 'Hosted zone',
      count: countOf(resources, 'AWS::Route53::HostedZone'),
      quantity: 0,
      price: prices.hostedZones,
      note: 'the stacks create none; your own zone has this price, and its records are free',
    },
    {
      resource: 'Roles and policies',
      count: countOf(resources, 'AWS::IAM::Role') + countOf(resources, 'AWS::IAM::Policy'),
      quantity: 0,
      note: 'IAM is free',
    },
    {
      resource: 'Keys of KMS',
      count: keys,
      quantity: keys,
      price: prices.keys,
      note: 'one with `encryptTopics`. Tables, queues and the secret use free keys of AWS',
    },
  ];
}
