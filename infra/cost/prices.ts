import { usagePrices } from '../../shared/domain/usage.ts';

/** When the prices were looked up. Change this date together with any price. */
export const PRICES_DATE = 'November 2026';

/** The region of the prices. Other regions cost up to a third more. */
export const PRICES_REGION = 'us-east-1';

/** A monthly price of AWS. */
export interface Price {
  /** `SQS`. */
  readonly service: string;
  readonly usd: number;
  /** The number of units that `usd` buys. */
  readonly per: number;
  /** The metered unit, in the plural: `requests`. */
  readonly unit: string;
  /** Units that every account has free each month, without an end date. */
  readonly free: number;
  /** The pricing page. */
  readonly source: string;
}

const MILLION = 1_000_000;

const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const EVENTBRIDGE = 'https://aws.amazon.com/eventbridge/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const SECRETS = 'https://aws.amazon.com/secrets-manager/pricing/';
const SES = 'https://aws.amazon.com/ses/pricing/';

/**
 * Prices without tax. They leave out allowances that end after an account's first year, and volume discounts that no
 * deployment of Broadsheet reaches.
 */
export const prices = {
  sqsRequests: used(
    'SQS',
    usagePrices.queueRequests,
    'requests',
    MILLION,
    'https://aws.amazon.com/sqs/pricing/',
  ),
  snsPublishes: price('SNS', 0.5, MILLION, 'publishes', MILLION, 'https://aws.amazon.com/sns/pricing/'),
  secrets: price('Secrets Manager', 0.4, 1, 'secrets', 0, SECRETS),
  secretCalls: price('Secrets Manager', 0.05, 10_000, 'calls', 0, SECRETS),
  alarmMetrics: price('CloudWatch', 0.1, 1, 'metrics in alarms', 10, CLOUDWATCH),
  customMetrics: price('CloudWatch', 0.3, 1, 'metrics', 10, CLOUDWATCH),
  dashboards: price('CloudWatch', 3, 1, 'dashboards', 3, CLOUDWATCH),
  logsIngested: price('CloudWatch, logs written', 0.5, 1, 'GB', 5, CLOUDWATCH),
  /** The 5 GB free allowance counts with what is written, not here. */
  logsStored: price('CloudWatch, logs kept', 0.03, 1, 'GB-months', 0, CLOUDWATCH),
  lambdaRequests: used('Lambda', usagePrices.invocations, 'requests', MILLION, LAMBDA),
  /** On arm64, cold starts included. */
  lambdaGbSeconds: used('Lambda, arm64', usagePrices.gbSeconds, 'GB-seconds', 400_000, LAMBDA),
  schedulerInvocations: price('EventBridge Scheduler', 1, MILLION, 'invocations', 14 * MILLION, EVENTBRIDGE),
  traces: price('X-Ray', 5, MILLION, 'traces', 100_000, 'https://aws.amazon.com/xray/pricing/'),
  /** One strongly consistent read of up to 4 KB, or two eventually consistent reads. */
  tableReads: used('DynamoDB on demand', usagePrices.readUnits, 'read units', 0, DYNAMODB),
  /** A write of up to 1 KB. */
  tableWrites: used('DynamoDB on demand', usagePrices.writeUnits, 'write units', 0, DYNAMODB),
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
  /** Requests over HTTPS from the United States and Europe. A terabyte of answers is free as well. */
  cdnRequests: price(
    'CloudFront',
    1,
    MILLION,
    'requests',
    10 * MILLION,
    'https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/',
  ),
  hostedZones: price('Route 53', 0.5, 1, 'zones', 0, 'https://aws.amazon.com/route53/pricing/'),
  /** Requests are left out: 20,000 are free, and a topic asks for a data key once in five minutes. */
  keys: price('KMS', 1, 1, 'keys', 0, 'https://aws.amazon.com/kms/pricing/'),
  bucketStorage: price('S3', 0.023, 1, 'GB-months', 0, 'https://aws.amazon.com/s3/pricing/'),
  mails: used('SES', usagePrices.mails, 'mails', 0, SES),
  /** The plan of accounts that were opened since July 2026. */
  mailsOnPlan: price('SES, accounts opened since July 2026', 0.16, 1000, 'mails', 0, SES),
} as const satisfies Readonly<Record<string, Price>>;

/** A price that functions know too, because they estimate what they use. */
function used(
  service: string,
  { usd, per }: Pick<Price, 'usd' | 'per'>,
  unit: string,
  free: number,
  source: string,
): Price {
  return price(service, usd, per, unit, free, source);
}

function price(service: string, usd: number, per: number, unit: string, free: number, source: string): Price {
  return { service, usd, per, unit, free, source };
}

/** The monthly use of one kind of resource. */
export interface CostLine {
  /** `Queues, polled while empty`. */
  readonly resource: string;
  /** How many the stacks have. */
  readonly count: number;
  /** Metered units a month. */
  readonly quantity: number;
  /** Undefined if AWS never charges for it. */
  readonly price?: Price | undefined;
  /** Where the quantity comes from. */
  readonly note: string;
}

export interface ChargedLine extends CostLine {
  /** US dollars a month beyond the free allowances. */
  readonly usd: number;
  /** US dollars a month if other resources of the account use up the allowances. */
  readonly usdWithoutAllowance: number;
}

/** Adds costs to lines. Lines of the same price share its free allowance, in their order. */
export function charge(lines: readonly CostLine[]): readonly ChargedLine[] {
  const left = new Map<Price, number>();
  return lines.map((line) => {
    const { price, quantity: used } = line;
    if (!price) return { ...line, usd: 0, usdWithoutAllowance: 0 };
    const free = left.get(price) ?? price.free;
    left.set(price, Math.max(0, free - used));
    return {
      ...line,
      usd: (Math.max(0, used - free) * price.usd) / price.per,
      usdWithoutAllowance: (used * price.usd) / price.per,
    };
  });
}

/** The sums of lines, in US dollars a month. */
export function totalOf(lines: readonly ChargedLine[]): Pick<ChargedLine, 'usd' | 'usdWithoutAllowance'> {
  return {
    usd: lines.reduce((sum, { usd }) => sum + usd, 0),
    usdWithoutAllowance: lines.reduce((sum, { usdWithoutAllowance: usd }) => sum + usd, 0),
  };
}

/** Formats US dollars to the cent, and amounts below ten cents to two digits: `$0.39`, `$0.014`, `$0.0026`, `$0`. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.0001) return 'under $0.0001';
  return `$${usd.toFixed(usd < 0.1 ? 1 - Math.floor(Math.log10(usd)) : 2)}`;
}

/** Formats a quantity: `1,971,000`, `0.012`. */
export function quantity(value: number): string {
  return value < 1
    ? String(Number(value.toPrecision(2)))
    : value.toLocaleString('en', { maximumFractionDigits: 1 });
}
