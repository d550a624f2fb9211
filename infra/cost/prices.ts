/** When the prices were looked up. They change; whoever changes one here dates them anew. */
export const PRICES_DATE = 'November 2026';

/** The region whose prices these are. Others cost up to a third more. */
export const PRICES_REGION = 'us-east-1';

/** What AWS charges for something that it meters, by the month. */
export interface Price {
  /** Whose charge it is: `SQS`. */
  readonly service: string;
  readonly usd: number;
  /** For how many units. */
  readonly per: number;
  /** What is metered, in the plural: `requests`. */
  readonly unit: string;
  /** How many of them every account has free each month, for as long as it exists. */
  readonly free: number;
  /** Where AWS tells of it. */
  readonly source: string;
}

const MILLION = 1_000_000;

const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const SECRETS = 'https://aws.amazon.com/secrets-manager/pricing/';
const SES = 'https://aws.amazon.com/ses/pricing/';

/**
 * Prices of {@link PRICES_REGION} in {@link PRICES_DATE}, without tax. Allowances that end a year after an account is opened
 * are left out, and so are volume discounts: nothing here comes near them.
 */
export const prices = {
  sqsRequests: price('SQS', 0.4, MILLION, 'requests', MILLION, 'https://aws.amazon.com/sqs/pricing/'),
  snsPublishes: price('SNS', 0.5, MILLION, 'publishes', MILLION, 'https://aws.amazon.com/sns/pricing/'),
  secrets: price('Secrets Manager', 0.4, 1, 'secrets', 0, SECRETS),
  secretCalls: price('Secrets Manager', 0.05, 10_000, 'calls', 0, SECRETS),
  alarmMetrics: price('CloudWatch', 0.1, 1, 'metrics in alarms', 10, CLOUDWATCH),
  customMetrics: price('CloudWatch', 0.3, 1, 'metrics', 10, CLOUDWATCH),
  dashboards: price('CloudWatch', 3, 1, 'dashboards', 3, CLOUDWATCH),
  logsIngested: price('CloudWatch, logs written', 0.5, 1, 'GB', 5, CLOUDWATCH),
  /** The 5 GB that are free are counted with what is written, so none are counted here. */
  logsStored: price('CloudWatch, logs kept', 0.03, 1, 'GB-months', 0, CLOUDWATCH),
  lambdaRequests: price('Lambda', 0.2, MILLION, 'requests', MILLION, LAMBDA),
  /** On arm64, the start of a function included. */
  lambdaGbSeconds: price('Lambda, arm64', 0.0000133334, 1, 'GB-seconds', 400_000, LAMBDA),
  schedulerInvocations: price(
    'EventBridge Scheduler',
    1,
    MILLION,
    'invocations',
    14 * MILLION,
    'https://aws.amazon.com/eventbridge/pricing/',
  ),
  traces: price('X-Ray', 5, MILLION, 'traces', 100_000, 'https://aws.amazon.com/xray/pricing/'),
  /** A strongly consistent read of up to 4 KB, or two eventually consistent ones. */
  tableReads: price('DynamoDB on demand', 0.125, MILLION, 'read units', 0, DYNAMODB),
  /** A write of up to 1 KB. */
  tableWrites: price('DynamoDB on demand', 0.625, MILLION, 'write units', 0, DYNAMODB),
  tableStorage: price('DynamoDB, stored', 0.25, 1, 'GB-months', 25, DYNAMODB),
  tableBackups: price('DynamoDB, point-in-time recovery', 0.2, 1, 'GB-months', 0, DYNAMODB),
  httpRequests: price(
    'API Gateway, HTTP API',
    1,
    MILLION,
    'requests',
    0,
    'https://aws.amazon.com/api-gateway/pricing/',
  ),
  hostedZones: price('Route 53', 0.5, 1, 'zones', 0, 'https://aws.amazon.com/route53/pricing/'),
  /** Without the requests, of which 20,000 are free. A topic asks for a data key once in five minutes. */
  keys: price('KMS', 1, 1, 'keys', 0, 'https://aws.amazon.com/kms/pricing/'),
  bucketStorage: price('S3', 0.023, 1, 'GB-months', 0, 'https://aws.amazon.com/s3/pricing/'),
  mails: price('SES', 0.1, 1000, 'mails', 0, SES),
  /** The plan that accounts start on which were opened since July 2026. */
  mailsOnPlan: price('SES, accounts opened since July 2026', 0.16, 1000, 'mails', 0, SES),
} as const satisfies Readonly<Record<string, Price>>;

function price(service: string, usd: number, per: number, unit: string, free: number, source: string): Price {
  return { service, usd, per, unit, free, source };
}
