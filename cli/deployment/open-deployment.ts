import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { commandClientOptions } from './adapters/client-options.ts';
import { createStacks, createStacksClient } from './adapters/cloudformation.ts';
import { CommandError } from './command-error.ts';
import { findData, findDeployment } from './find-deployment.ts';

/** Where a command works. */
export interface Target {
  readonly stage: Settings['stage'];
  /** The id of the AWS account, 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** How a target is found. Tests give their own. */
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
 * Finds the account and region of the current credentials, and holds them against those that the settings pin. A pinned region
 * stands in for a missing one.
 *
 * @throws CommandError if the settings pin another account or region; an error of the SDK without region or credentials, which
 * `explainError` explains
 */
export async function findTarget(
  { stage, account, region }: Pick<Settings, 'stage' | 'account' | 'region'>,
  { createSts, environment }: TargetLookUp = lookUp,
): Promise<Target> {
  const current = await createSts()
    .config.region()
    .catch((error: unknown) => {
      if (region === undefined) throw error;
      environment.AWS_REGION = region;
      return region;
    });
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

/**
 * Opens the part of a deployment that holds the data.
 *
 * @throws CommandError if the data stack is not there or has no usable outputs; whatever `findTarget` throws
 */
export async function openData(
  settings: Settings,
): Promise<{ readonly target: Target; readonly outputs: DataOutputs }> {
  const target = await findTarget(settings);
  return { target, outputs: await findData(createStacks(createStacksClient()), settings) };
}

/**
 * Opens a whole deployment.
 *
 * @throws CommandError if a stack is not there or has no usable outputs; whatever `findTarget` throws
 */
export async function openDeployment(
  settings: Settings,
): Promise<{ readonly target: Target; readonly outputs: DataOutputs & PipelineOutputs }> {
  const target = await findTarget(settings);
  return { target, outputs: await findDeployment(createStacks(createStacksClient()), settings) };
}
