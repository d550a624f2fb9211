import assert from 'node:assert/strict';
import { DescribeStacksCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { stackNamesOf } from '../../infra/stack-names.ts';
import type { Cdk } from './cdk.ts';
import type { Cloud } from './cloud.ts';
import { type Inventory, takeInventory } from './inventory.ts';

/** Takes the pipeline of `prod` down, and finds all of the data where it was, and nothing else. */
export async function destroyKeptPipeline(cdk: Cdk, assembly: string, cloud: Cloud): Promise<Inventory> {
  const { tables = [], secrets = [] } = await takeInventory(cloud, 'prod');
  await cdk.destroy(assembly, stackNamesOf('prod').pipeline);
  const left = await takeInventory(cloud, 'prod');
  assert.deepEqual(left, { tables, secrets });
  assert.deepEqual([tables.length, secrets.length], [3, 1]);
  return left;
}

/**
 * The data stack of `prod` cannot be taken down. Somebody who lifts its protection first loses the stack, and still none of
 * the data.
 */
export async function destroyKeptData(cdk: Cdk, assembly: string, cloud: Cloud, kept: Inventory) {
  const StackName = stackNamesOf('prod').data;
  const { Stacks: [stack] = [] } = await cloud.cloudFormation.send(new DescribeStacksCommand({ StackName }));
  assert.equal(stack?.EnableTerminationProtection, true);
  await assert.rejects(cdk.destroy(assembly, StackName), /TerminationProtection|termination protection/i);
  assert.deepEqual(await takeInventory(cloud, 'prod'), kept);

  await cloud.cloudFormation.send(
    new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
  );
  await cdk.destroy(assembly, StackName);
  assert.deepEqual(await findStacks(cloud, 'prod'), []);
  assert.deepEqual(await takeInventory(cloud, 'prod'), kept);
}

/** Takes both stacks of `dev` down, and finds nothing left of it. */
export async function destroyAll(cdk: Cdk, assembly: string, cloud: Cloud): Promise<void> {
  await cdk.destroy(assembly);
  assert.deepEqual(await findStacks(cloud, 'dev'), []);
  assert.deepEqual(await takeInventory(cloud, 'dev'), {});
}

/** The names and states of a stage's stacks: `broadsheet-dev-data CREATE_COMPLETE`. */
export async function findStacks(
  { cloudFormation }: Cloud,
  stage: 'dev' | 'prod',
): Promise<readonly string[]> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  const names = Object.values(stackNamesOf(stage)).map(String);
  return Stacks.filter(({ StackName = '' }) => names.includes(StackName))
    .map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`)
    .sort();
}
