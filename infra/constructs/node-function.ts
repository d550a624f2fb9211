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
import type { Release } from '../release.ts';
import type { Settings } from '../settings/schema.ts';

/** Variables of an environment by name, as the input of a function's schema types them. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What all functions of a deployment have alike. */
export interface FunctionDefaults {
  readonly logRetention: RetentionDays;
  readonly settings: Pick<Settings, 'stage' | 'monitoring' | 'leftRetentionDays'>;
  readonly release: Release;
  /** The bundle of a function: the ES module `index.mjs` and the modules that it imports. */
  readonly codeOf: (name: FunctionName) => Code;
}

export interface NodeFunctionProps<Env extends Environment> {
  readonly defaults: FunctionDefaults;
  /** The folder below `functions/` that holds the function's `index.ts`. */
  readonly folder: FunctionName;
  readonly description: string;
  /** Every variable that the function's `env.ts` asks for, except those that all functions have for their logs and metrics. */
  readonly environment: NoInfer<Omit<Env, keyof TelemetryEnv>>;
  /** Processor time goes with it: 1769 MB are one processor. */
  readonly memorySizeMb: number;
  readonly timeout: Duration;
  /**
   * How long after its time an asynchronous invocation may still begin, repeats among them.
   *
   * @default - six hours, as Lambda has it
   */
  readonly maxEventAge?: Duration;
  /**
   * Whether it puts messages on the queue that it works off. Lambda takes that for a mistake and stops it after 16 rounds,
   * unless it is told.
   *
   * @default false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  readonly isRecursive?: boolean;
}

/** The stack of an error then names the sources. Without their text a map is small, and reading it costs no time at a start. */
const SOURCE_MAPS = { NODE_OPTIONS: '--enable-source-maps' } as const;

/**
 * A function of `functions/`, under a role of its own that may write its logs and traces and nothing else.
 *
 * Name the environment's type: `new NodeFunction<z.input<typeof sendDigestsEnvSchema>>(…)`. Without it nothing compiles,
 * and with it neither does a variable that is forgotten or misspelt.
 */
export class NodeFunction<Env extends Environment = never> extends LambdaFunction {
  declare readonly timeout: Duration;
  declare readonly role: Role;
  readonly folder: FunctionName;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Env>) {
    const { logRetention, settings, release, codeOf } = props.defaults;
    const telemetry: TelemetryEnv = {
      STAGE: settings.stage,
      MONITORING: settings.monitoring,
      VERSION: release.version,
      COMMIT: release.commit,
    };
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: logRetention,
      // They expire anyway, and what has to be kept is in the tables.
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
      memorySize: props.memorySizeMb,
      timeout: props.timeout,
      environment: { ...definedIn(props.environment), ...telemetry, ...SOURCE_MAPS },
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      tracing: Tracing.ACTIVE,
      ...(props.maxEventAge && { maxEventAge: props.maxEventAge }),
      ...(props.isRecursive && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    this.folder = props.folder;
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'Actions that take no resource: the two that write traces, and for who sends mail the one that reads the quota.',
    });
    Validations.of(this).acknowledge(
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason:
          'Queues have dead-letter queues of their own, and a scheduled run is made up for by the next.',
      },
      {
        id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
        reason:
          'Only schedules invoke asynchronously: their events say nothing, the next run makes up for them, and alarms watch.',
      },
      {
        id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
        reason:
          'For a queue the dead-letter queue is where failed messages go; a destination is for streams.',
      },
    );
  }
}

function definedIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
