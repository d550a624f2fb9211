import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionName, TelemetryEnv } from '../../shared/observability.ts';
import { memoryMb, processVariables } from '../memory.ts';
import type { Release } from '../release.ts';
import type { Settings } from '../settings/schema.ts';

/** Environment variables by name, with the input types of the function's schema. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What all functions of a deployment share. */
export interface FunctionDefaults {
  readonly logRetention: RetentionDays;
  readonly settings: Pick<
    Settings,
    'stage' | 'monitoring' | 'leftRetentionDays' | 'search' | 'lists' | 'defaults'
  >;
  readonly release: Release;
  /** The bundle of a function: the ES module `index.mjs` and the modules that it imports. */
  readonly codeOf: (name: FunctionName) => Code;
}

export interface NodeFunctionProps<Env extends Environment> {
  readonly defaults: FunctionDefaults;
  /** The folder in `functions/` that holds the function's `index.ts`. */
  readonly folder: FunctionName;
  readonly description: string;
  /** Every variable in the function's `env.ts`, except those that all functions have for logs and metrics. */
  readonly environment: NoInfer<Omit<Env, keyof TelemetryEnv>>;
  readonly timeout: Duration;
  /** @default the memory of the function in `infra/memory.ts` */
  readonly memoryMb?: number;
  /** @default the variables of the function in `infra/memory.ts` */
  readonly processVariables?: Environment;
  /**
   * How long after its time an asynchronous invocation may still begin. Retries count.
   *
   * @default - six hours, Lambda's own default
   */
  readonly maxEventAge?: Duration;
  /**
   * Whether the function sends to the queue that invokes it. Lambda treats that as a mistake and stops it after 16
   * rounds, unless allowed.
   *
   * @default false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  readonly isRecursive?: boolean;
}

/**
 * A Lambda function in `functions/` with its own role. The role may only write logs, and with `monitoring: full` traces.
 *
 * Pass the type of the environment: `new NodeFunction<z.input<typeof sendDigestsEnvSchema>>(…)`. It does not compile
 * without that type, or with a missing or misspelt variable.
 */
export class NodeFunction<Env extends Environment = never> extends LambdaFunction {
  declare readonly timeout: Duration;
  declare readonly role: Role;
  readonly folder: FunctionName;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Env>) {
    const { logRetention, settings, release, codeOf } = props.defaults;
    const isTraced = settings.monitoring === 'full';
    const telemetry: TelemetryEnv = {
      STAGE: settings.stage,
      MONITORING: settings.monitoring,
      VERSION: release.version,
      COMMIT: release.commit,
    };
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: logRetention,
      // Logs expire anyway. Everything that must stay is in the tables.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      description: props.description,
      code: codeOf(props.folder),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? memoryMb[props.folder],
      timeout: props.timeout,
      environment: { ...definedIn(props.environment), ...telemetry, ...definedIn(processVariablesOf(props)) },
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      // Lambda cannot sample traces by a rule, so they are on or off.
      tracing: isTraced ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.maxEventAge && { maxEventAge: props.maxEventAge }),
      ...(props.isRecursive && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    this.folder = props.folder;
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'These actions accept no resource: two write traces, if there are any, and one reads the quota if the function sends mail.',
    });
    Validations.of(this).acknowledge(
      {
        id: 'Serverless::Serverless-LambdaTracing',
        reason: 'The setting `monitoring: full` turns traces on. They cost more than running the function.',
      },
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'The queues have dead-letter queues, and the next run does the work of a missed one.',
      },
      {
        id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
        reason:
          'Only schedules invoke asynchronously. Their events are empty, the next run does the work, and alarms watch them.',
      },
      {
        id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
        reason: 'Failed messages of a queue go to its dead-letter queue. Destinations are for streams.',
      },
    );
  }
}

function processVariablesOf({
  folder,
  processVariables: own,
}: Pick<NodeFunctionProps<never>, 'folder' | 'processVariables'>): Environment {
  const usual: Readonly<Partial<Record<FunctionName, Environment>>> = processVariables;
  return own ?? usual[folder] ?? {};
}

function definedIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
