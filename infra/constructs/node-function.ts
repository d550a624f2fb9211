import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Variables of an environment by name, as the input of a function's schema types them. */
type Environment = Readonly<Record<string, string | undefined>>;

export interface NodeFunctionProps<Env extends Environment> {
  /** The folder below `functions/` that holds the function's `index.ts`: `send-digests`. */
  readonly folder: string;
  readonly description: string;
  /** Every variable that the function's `env.ts` asks for, and no other. */
  readonly environment: NoInfer<Env>;
  /** Processor time goes with it: 1769 MB are one processor. */
  readonly memorySizeMb: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /**
   * How long after its time an asynchronous invocation may still begin, repeats among them.
   *
   * @default - six hours, as Lambda has it
   */
  readonly maxEventAge?: Duration;
}

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The stack of an error then names the sources. Without their text a map is small, and reading it costs no time at a start. */
const SOURCE_MAPS = { NODE_OPTIONS: '--enable-source-maps' } as const;

/** Packages that were written for CommonJS call `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import{createRequire as createRequireOf}from'node:module';const require=createRequireOf(import.meta.url);";

/**
 * A function of `functions/`, bundled into one ES module with everything it imports, the SDK among it: what was tested is
 * what runs, and it starts in half the time.
 *
 * Name the environment's type: `new NodeFunction<z.input<typeof sendDigestsEnvSchema>>(…)`. Without it nothing compiles,
 * and with it neither does a variable that is forgotten or misspelt.
 */
export class NodeFunction<Env extends Environment = never> extends NodejsFunction {
  declare readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Env>) {
    super(scope, id, {
      description: props.description,
      entry: join(PROJECT_ROOT, 'functions', props.folder, 'index.ts'),
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySizeMb,
      timeout: props.timeout,
      environment: { ...definedIn(props.environment), ...SOURCE_MAPS },
      // The variable that this would add speaks to the SDK of years ago.
      awsSdkConnectionReuse: false,
      loggingFormat: LoggingFormat.JSON,
      logGroup: new LogGroup(scope, `${id}Logs`, {
        retention: props.logRetention,
        // They expire anyway, and what has to be kept is in the tables.
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      ...(props.maxEventAge && { maxEventAge: props.maxEventAge }),
      bundling: {
        format: OutputFormat.ESM,
        target: 'node22',
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        sourcesContent: false,
        externalModules: [],
        banner: REQUIRE_BANNER,
      },
    });
  }
}

function definedIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
