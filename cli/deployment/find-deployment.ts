import * as z from 'zod';
import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { CommandError } from './command-error.ts';

const text = z.string().min(1);

/** What the data stack tells. */
export const dataOutputsSchema = z.object({
  PapersTable: text,
  SubscribersTable: text,
  DeliveriesTable: text,
  KeysSecret: text,
  DataVersion: text.optional(),
  DataCommit: text.optional(),
} satisfies Record<keyof DataOutputs, z.ZodType<string | undefined>>) satisfies z.ZodType<DataOutputs>;

/** What the pipeline stack tells. */
export const pipelineOutputsSchema = z.object({
  PublicUrl: z.url(),
  ApiUrl: z.url().optional(),
  SiteTarget: text.optional(),
  IngestPapersFunction: text,
  PlanDigestsFunction: text,
  FanOutDigestsFunction: text,
  SendDigestsFunction: text,
  HandleFeedbackFunction: text,
  HandleRequestsFunction: text,
  ApiFunction: text,
  CohortsQueueUrl: text,
  CohortsDlqUrl: text,
  DigestsQueueUrl: text,
  DigestsDlqUrl: text,
  FeedbackQueueUrl: text,
  FeedbackDlqUrl: text,
  RequestsQueueUrl: text,
  RequestsDlqUrl: text,
  ConfigurationSet: text,
  FeedbackTopic: text,
  SenderIdentity: text,
  AlarmsTopic: text,
  Dashboard: text,
  Version: text.optional(),
  Commit: text.optional(),
} satisfies Record<
  keyof PipelineOutputs,
  z.ZodType<string | undefined>
>) satisfies z.ZodType<PipelineOutputs>;

/** A deployed stack. */
interface DeployedStack {
  /** CloudFormation's status, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** When it was created or last changed. */
  readonly changedAt: Instant;
  /** Whether it has termination protection. */
  readonly isProtected: boolean;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The stacks of the current account and region. */
export interface Stacks {
  /** The stack with this name. Undefined if there is none. */
  load(name: string): Promise<DeployedStack | undefined>;
}

/**
 * The outputs of the data stack: its tables and its keys.
 *
 * @throws CommandError if the stack is not deployed, or its version has no such outputs
 */
export function findData(stacks: Stacks, { stage }: Pick<Settings, 'stage'>): Promise<DataOutputs> {
  return loadOutputs(stacks, stackNamesOf(stage).data, dataOutputsSchema);
}

/**
 * What both stacks of a deployment tell.
 *
 * @throws CommandError where one is not deployed, or by a version that did not tell this yet
 */
export async function findDeployment(
  stacks: Stacks,
  { stage }: Pick<Settings, 'stage'>,
): Promise<DataOutputs & PipelineOutputs> {
  const [data, pipeline] = await Promise.all([
    findData(stacks, { stage }),
    loadOutputs(stacks, stackNamesOf(stage).pipeline, pipelineOutputsSchema),
  ]);
  return { ...data, ...pipeline };
}

async function loadOutputs<Outputs>(
  stacks: Stacks,
  name: string,
  schema: z.ZodType<Outputs>,
): Promise<Outputs> {
  const stack = await stacks.load(name);
  if (!stack) {
    throw new CommandError(
      `there is no stack "${name}" in this account and region: deploy first (npx broadsheet deploy --settings <file>), or choose the settings, profile and region of the deployment (--settings, AWS_PROFILE, AWS_REGION)`,
    );
  }
  const parsed = schema.safeParse(stack.outputs);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new CommandError(
    `the stack "${name}" (${stack.status}) has no usable output ${names.join(', ')}: expected one that this version deployed whole, so deploy again (npx broadsheet deploy --settings <file>)`,
  );
}
