import * as z from 'zod';
import { type FunctionName, functionNames } from '../../shared/observability.ts';

/** Hours in a month, as AWS counts them. */
export const HOURS_A_MONTH = 730;

/** Seconds that a scheduled run takes, cold start included. A run every quarter hour starts cold. */
export const RUN_SEC = { 'ingest-papers': 6, 'plan-digests': 1.5 } as const satisfies Partial<
  Record<FunctionName, number>
>;

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of all templates. */
export function resourcesOf(templates: readonly unknown[]): readonly Resource[] {
  return templates.flatMap((template) =>
    Object.entries(templateSchema.parse(template).Resources).map(([id, { Type, Properties }]) => ({
      id,
      type: Type,
      properties: Properties,
    })),
  );
}

export function ofType(resources: readonly Resource[], type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/**
 * The parsed properties of all resources of a type.
 *
 * @throws Error that names the first resource that does not fit the schema
 */
export function propertiesOf<Schema extends z.ZodType>(
  resources: readonly Resource[],
  type: string,
  schema: Schema,
): readonly z.infer<Schema>[] {
  return ofType(resources, type).map(({ id, properties }) => {
    const parsed = schema.safeParse(properties);
    if (parsed.success) return parsed.data;
    throw new Error(`infra/cost cannot read ${id} (${type}): ${z.prettifyError(parsed.error)}`);
  });
}

/** The runs of one schedule in a month. */
export interface ScheduledRuns {
  readonly functionName: keyof typeof RUN_SEC;
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
 * The scheduled runs of a deployment in a month.
 *
 * @throws Error if a schedule does not name minutes of every hour, or {@link RUN_SEC} lacks its function
 */
export function scheduledRunsOf(resources: readonly Resource[]): readonly ScheduledRuns[] {
  return propertiesOf(resources, 'AWS::Scheduler::Schedule', scheduleSchema).map((schedule) => {
    const [target] = schedule.Target.Arn['Fn::GetAtt'];
    const fn = ofType(resources, 'AWS::Lambda::Function').find(({ id }) => id === target);
    const functionName = functionNames.filter(isMeasured).find((name) => target.includes(toPascalCase(name)));
    if (!fn || !functionName)
      throw new Error(`the duration of a run of ${target} is not known: add it to RUN_SEC`);
    const runs = schedule.ScheduleExpression * HOURS_A_MONTH;
    const memoryGb = functionSchema.parse(fn.properties).MemorySize / MB_PER_GB;
    return { functionName, runs, gbSeconds: runs * RUN_SEC[functionName] * memoryGb };
  });
}

/** The scheduled runs in a month, of one function or of all. */
export function countRuns(resources: readonly Resource[], name?: keyof typeof RUN_SEC): number {
  return scheduledRunsOf(resources)
    .filter(({ functionName }) => name === undefined || functionName === name)
    .reduce((sum, { runs }) => sum + runs, 0);
}

function isMeasured(name: FunctionName): name is keyof typeof RUN_SEC {
  return name in RUN_SEC;
}

function toPascalCase(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}
