import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { commandClientOptions } from './adapters/client-options.ts';
import { createStacks, createStacksClient } from './adapters/cloudformation.ts';
import { findData, findDeployment } from './find-deployment.ts';

/** Where a command works. */
export interface Target {
  readonly stage: Settings['stage'];
  /** The id of the AWS account, 12 digits. */
  readonly account: string;
  readonly region: string;
}

/**
 * The account and region of the current credentials, for the stage of the settings.
 *
 * @throws an error of the SDK without region or credentials, which `explainError` explains
 */
export async function findTarget({ stage }: Pick<Settings, 'stage'>): Promise<Target> {
  const sts = new STSClient(commandClientOptions());
  const region = await sts.config.region();
  const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return { stage, account, region };
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
