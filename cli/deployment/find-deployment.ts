import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { partition } from '@aws-sdk/core/client';
import * as z from 'zod';
import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import type { Instant } from '../../shared/domain/time/time.ts';
import { commandClientOptions, permitted } from './aws-call.ts';
import { CommandError } from './errors.ts';

/** The stage, account and region that a command works in. */
export interface Target {
  readonly stage: Settings['stage'];
  /** The id of the AWS account, 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** How to find a target. Tests give their own. */
interface TargetLookUp {
  readonly createSts: () => STSClient;
  /** Where the SDK clients that are made later find their region. */
  readonly environment: { AWS_REGION?: string | undefined };
}

const lookUp: TargetLookUp = {
  createSts: () => new STSClient(commandClientOptions()),
  environment: process.env,
};

/**
 * Returns the account and region of the current credentials, after checking them against those that the settings pin. A
 * pinned region is used if there is no other.
 *
 * @throws CommandError for an unknown region, or if the settings pin another account or region; an error of the SDK without
 * region or credentials
 */
export async function findTarget(
  { stage, account, region }: Pick<Settings, 'stage' | 'account' | 'region'>,
  { createSts, environment }: TargetLookUp = lookUp,
): Promise<Target> {
  checkRegion(region, 'Correct "region" in the settings.');
  const current = await findRegion(createSts()).catch((error: unknown) => {
    if (region === undefined) throw error;
    environment.AWS_REGION = region;
    return region;
  });
  checkRegion(current, 'Correct AWS_REGION, or the region of the profile.');
  if (region !== undefined && region !== current)
    throw new CommandError(
      `The settings are for region ${region}, but AWS_REGION or the profile says ${current}. Set AWS_REGION=${region}, or name the settings of the deployment in ${current}.`,
    );
  const { Account: found = '' } = await createSts().send(new GetCallerIdentityCommand({}));
  if (account !== undefined && account !== found)
    throw new CommandError(
      `The settings are for account ${account}, but the credentials are of account ${found}. Choose the profile of ${account} (AWS_PROFILE), or name the settings of the deployment in ${found}.`,
    );
  return { stage, account: found, region: current };
}

/** The region of a client. If the credentials are missing too, the error says so in the same message. */
async function findRegion({ config }: STSClient): Promise<string> {
  try {
    return await config.region();
  } catch (error) {
    const fault = await config.credentials().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (fault === undefined) throw error;
    throw new AggregateError([error, fault], 'no region and no credentials', { cause: error });
  }
}

/** Refuses a region that the SDK does not list. It describes each region of AWS, and guesses the rest of a misspelt one. */
function checkRegion(region: string | undefined, advice: string): void {
  if (region === undefined || 'description' in partition(region)) return;
  throw new CommandError(
    `"${region}" is not a region of AWS. ${advice} If AWS opened it lately, update @aws-sdk/core.`,
  );
}

/**
 * Finds the data stack of a deployment, and returns its outputs and the target.
 *
 * @throws CommandError if the data stack is not there or has no usable outputs; whatever `findTarget` throws
 */
export async function openData(
  settings: Settings,
): Promise<{ readonly target: Target; readonly outputs: DataOutputs }> {
  const target = await findTarget(settings);
  return { target, outputs: await findData(createStacks(createStacksClient()), target) };
}

/**
 * Finds both stacks of a deployment, and returns their outputs and the target.
 *
 * @throws CommandError if a stack is not there or has no usable outputs; whatever `findTarget` throws
 */
export async function openDeployment(
  settings: Settings,
): Promise<{ readonly target: Target; readonly outputs: DataOutputs & PipelineOutputs }> {
  const target = await findTarget(settings);
  return { target, outputs: await findDeployment(createStacks(createStacksClient()), target) };
}

const text = z.string().min(1);

export const dataOutputsSchema = z.object({
  PapersTable: text,
  SubscribersTable: text,
  DeliveriesTable: text,
  KeysSecret: text,
  DataVersion: text.optional(),
  DataCommit: text.optional(),
} satisfies Record<keyof DataOutputs, z.ZodType<string | undefined>>) satisfies z.ZodType<DataOutputs>;

/** The outputs of the pipeline stack. */
export const pipelineOutputsSchema = z.object({
  PublicUrl: z.url(),
  ApiUrl: z.url().optional(),
  SiteTarget: text.optional(),
  DistributionId: text.optional(),
  IngestPapersFunction: text,
  PlanDigestsFunction: text,
  FanOutDigestsFunction: text,
  SendDigestsFunction: text,
  HandleFeedbackFunction: text,
  HandleRequestsFunction: text,
  ApiFunction: text,
  DrawCardsFunction: text.optional(),
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
  Lists: text.optional(),
  Version: text.optional(),
  Commit: text.optional(),
} satisfies Record<
  keyof PipelineOutputs,
  z.ZodType<string | undefined>
>) satisfies z.ZodType<PipelineOutputs>;

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
 * Returns the outputs of the data stack: its tables and its keys.
 *
 * @throws CommandError if the stack is not deployed, or its version has no such outputs
 */
export function findData(stacks: Stacks, target: Target): Promise<DataOutputs> {
  return loadOutputs(stacks, stackNamesOf(target.stage).data, target, dataOutputsSchema);
}

/**
 * Returns the outputs of both stacks of a deployment.
 *
 * @throws CommandError if one is not deployed, or an older version without these outputs deployed it
 */
export async function findDeployment(stacks: Stacks, target: Target): Promise<DataOutputs & PipelineOutputs> {
  const [data, pipeline] = await Promise.all([
    findData(stacks, target),
    loadOutputs(stacks, stackNamesOf(target.stage).pipeline, target, pipelineOutputsSchema),
  ]);
  return { ...data, ...pipeline };
}

async function loadOutputs<Outputs>(
  stacks: Stacks,
  name: string,
  { account, region }: Target,
  schema: z.ZodType<Outputs>,
): Promise<Outputs> {
  const stack = await stacks.load(name);
  if (!stack) {
    throw new CommandError(
      `There is no stack "${name}" in account ${account}, region ${region}. Deploy first (npx broadsheet deploy --settings <file>), or choose the settings, profile and region of the deployment (--settings, AWS_PROFILE, AWS_REGION).`,
    );
  }
  const parsed = schema.safeParse(stack.outputs);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new CommandError(
    `The stack "${name}" (${stack.status}) has no usable output ${names.join(', ')}, so this version has not deployed all of it. Deploy again (npx broadsheet deploy --settings <file>).`,
  );
}

/** A client for the stacks of the current account and region. */
export function createStacksClient(options?: ClientOptions): CloudFormationClient {
  return new CloudFormationClient(commandClientOptions(options));
}

/** The stacks as CloudFormation describes them. */
export function createStacks(client: CloudFormationClient): Stacks {
  return {
    async load(name) {
      try {
        const { Stacks: [stack] = [] } = await permitted('cloudformation:DescribeStacks', () =>
          client.send(new DescribeStacksCommand({ StackName: name })),
        );
        if (!stack) return undefined;
        const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [
          OutputKey,
          OutputValue,
        ]);
        return {
          status: stack.StackStatus ?? 'unknown',
          changedAt: (stack.LastUpdatedTime ?? stack.CreationTime ?? new Date(0)).toISOString(),
          isProtected: stack.EnableTerminationProtection ?? false,
          outputs: Object.fromEntries(outputs),
        };
      } catch (error) {
        if (isMissingStack(error)) return undefined;
        throw error;
      }
    },
  };
}

/** CloudFormation has no error type for a missing stack, only a sentence. */
function isMissingStack(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && / does not exist$/.test(error.message);
}
