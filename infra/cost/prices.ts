/** When the prices were looked up. They change; whoever changes one here dates them anew. */
export const PRICES_DATE = 'November 2026';

/** The region whose prices these are. Others cost up to a third more. */
export const PRICES_REGION = 'us-east-1';

/** What AWS charges for something that it meters, by the month. */
export interface Price {
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
  sqsRequests: price(0.4, MILLION, 'requests', MILLION, 'https://aws.amazon.com/sqs/pricing/'),
  snsPublishes: price(0.5, MILLION, 'publishes', MILLION, 'https://aws.amazon.com/sns/pricing/'),
  secrets: price(0.4, 1, 'secrets', 0, SECRETS),
  secretCalls: price(0.05, 10_000, 'calls', 0, SECRETS),
  alarmMetrics: price(0.1, 1, 'metrics in alarms', 10, CLOUDWATCH),
  customMetrics: price(0.3, 1, 'metrics', 10, CLOUDWATCH),
  dashboards: price(3, 1, 'dashboards', 3, CLOUDWATCH),
  logsIngested: price(0.5, 1, 'GB', 5, CLOUDWATCH),
  /** The 5 GB that are free are counted with what is written, so none are counted here. */
  logsStored: price(0.03, 1, 'GB-months', 0, CLOUDWATCH),
  lambdaRequests: price(0.2, MILLION, 'requests', MILLION, LAMBDA),
  /** On arm64, the start of a function included. */
  lambdaGbSeconds: price(0.0000133334, 1, 'GB-seconds', 400_000, LAMBDA),
  schedulerInvocations: price(
    1,
    MILLION,
    'invocations',
    14 * MILLION,
    'https://aws.amazon.com/eventbridge/pricing/',
  ),
  traces: price(5, MILLION, 'traces', 100_000, 'https://aws.amazon.com/xray/pricing/'),
  /** A strongly consistent read of up to 4 KB, or two eventually consistent ones. */
  tableReads: price(0.125, MILLION, 'read units', 0, DYNAMODB),
  /** A write of up to 1 KB. */
  tableWrites: price(0.625, MILLION, 'write units', 0, DYNAMODB),
  tableStorage: price(0.25, 1, 'GB-months', 25, DYNAMODB),
  tableBackups: price(0.2, 1, 'GB-months', 0, DYNAMODB),
  httpRequests: price(1, MILLION, 'requests', 0, 'https://aws.amazon.com/api-gateway/pricing/'),
  hostedZones: price(0.5, 1, 'zones', 0, 'https://aws.amazon.com/route53/pricing/'),
  bucketStorage: price(0.023, 1, 'GB-months', 0, 'https://aws.amazon.com/s3/pricing/'),
  mails: price(0.1, 1000, 'mails', 0, SES),
  /** The plan that accounts start on which were opened since July 2026. */
  mailsOnPlan: price(0.16, 1000, 'mails', 0, SES),
} as const satisfies Readonly<Record<string, Price>>;

function price(usd: number, per: number, unit: string, free: number, source: string): Price {
  return { usd, per, unit, free, source };
}
