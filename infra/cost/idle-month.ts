import * as z from 'zod';
import { type FunctionName, functionNames } from '../../shared/observability.ts';
import { ofType, propertiesOf, type Resource } from './resources.ts';

/** The hours that AWS reckons a month with. */
const HOURS_A_MONTH = 730;

/** One poll of an empty queue behind the other, each of 20 seconds, for a month. */
const POLLS_IN_A_ROW = (3600 / 20) * HOURS_A_MONTH;

/**
 * What an event source asks of an empty queue in a month: it polls five times at once. Where it has no limit of workers Lambda
 * "can optimize to as few as 2", which is not counted on.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const idlePolls = 5 * POLLS_IN_A_ROW;

/** What cannot be read off the templates, and is taken for granted. */
export const assumed = {
  /** How long a scheduled run takes, in seconds, with the start that a quarter hour of rest brings about. */
  runSec: { 'ingest-papers': 6, 'plan-digests': 1.5 },
  /** What a run writes to its log, in bytes: Lambda's own lines, one of the function, its metrics. */
  logBytesPerRun: 2_000,
  /** A year of papers, in GB: 30 on each of 261 weekdays, 3 KB each, with their listings. */
  storedGb: 0.03,
  /** The bundles of some fifty deployments in the bucket that `cdk bootstrap` makes, in GB. */
  bootstrapGb: 0.1,
} as const satisfies { runSec: Partial<Record<FunctionName, number>> } & Record<string, unknown>;

/** The runs of one schedule in a month. */
export interface ScheduledRuns {
  readonly functionName: keyof typeof assumed.runSec;
  readonly runs: number;
  readonly gbSeconds: number;
}

const scheduleSchema = z.object({
  ScheduleExpression: z
    .string()
    .regex(/^cron\([\d,]+ \* \* \* \? \*\)$/, 'expected minutes of every hour')
    .transform((expression) => expression.split(' ', 1).join().split(',').length),
  Target: z.object({
    Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  }),
});

const functionSchema = z.object({ MemorySize: z.number() });

const MB_PER_GB = 1024;

/**
 * What the schedules of a deployment do in a month.
 *
 * @throws Error for a schedule that is none of minutes, or whose function is not known to take a certain time
 */
export function scheduledRunsOf(resources: readonly Resource[]): readonly ScheduledRuns[] {
  return propertiesOf(resources, 'AWS::Scheduler::Schedule', scheduleSchema).map((schedule) => {
    const [target] = schedule.Target.Arn['Fn::GetAtt'];
    const fn = ofType(resources, 'AWS::Lambda::Function').find(({ id }) => id === target);
    const functionName = functionNames.filter(isMeasured).find((name) => target.includes(toPascalCase(name)));
    if (!fn || !functionName)
      throw new Error(`how long does a run of ${target} take? Say so in idle-month.ts`);
    const runs = schedule.ScheduleExpression * HOURS_A_MONTH;
    const memoryGb = functionSchema.parse(fn.properties).MemorySize / MB_PER_GB;
    return { functionName, runs, gbSeconds: runs * assumed.runSec[functionName] * memoryGb };
  });
}

function isMeasured(name: FunctionName): name is keyof typeof assumed.runSec {
  return name in assumed.runSec;
}

function toPascalCase(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}
