import assert from 'node:assert/strict';
import { DescribeStacksCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { stackNamesOf } from '../../infra/stack-names.ts';
import type { Cdk } from './cdk.ts';
import type { Cloud } from './cloud.ts';
import { type Inventory, takeInventory } from './inventory.ts';

/** Destroys the pipeline of `prod` after its protection is removed. All data must stay, and nothing else. */
export async function destroyKeptPipeline(cdk: Cdk, assembly: string, cloud: Cloud): Promise<Inventory> {
  const before = await takeInventory(cloud, 'prod');
  const { tables = [], secrets = [] } = before;
  await destroyProtected(cdk, assembly, cloud, stackNamesOf('prod').pipeline, before);

  const left = await takeInventory(cloud, 'prod');
  assert.deepEqual(left, { tables, secrets });
  assert.deepEqual([tables.length, secrets.length], [3, 1]);
  return left;
}

/** Destroys the data stack of `prod` after its protection is removed. All data must outlive it. */
export async function destroyKeptData(cdk: Cdk, assembly: string, cloud: Cloud, kept: Inventory) {
  await destroyProtected(cdk, assembly, cloud, stackNamesOf('prod').data, kept);
  assert.deepEqual(await findStacks(cloud, 'prod'), []);
  assert.deepEqual(await takeInventory(cloud, 'prod'), kept);
}

/** Destroys a protected stack. The first attempt must fail and change nothing. The second has no protection. */
async function destroyProtected(
  cdk: Cdk,
  assembly: string,
  cloud: Cloud,
  StackName: string,
  expected: Inventory,
): Promise<void> {
  const { Stacks: [stack] = [] } = await cloud.cloudFormation.send(new DescribeStacksCommand({ StackName }));
  assert.equal(stack?.EnableTerminationProtection, true);
  await assert.rejects(cdk.destroy(assembly), /TerminationProtection|termination protection/i);
  assert.deepEqual(await takeInventory(cloud, 'prod'), expected);

  await cloud.cloudFormation.send(
    new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
  );
  await cdk.destroy(assembly);
}

/** Destroys both stacks of `dev`, and checks that nothing is left. */
export async function destroyAll(cdk: Cdk, assembly: string, cloud: Cloud): Promise<void> {
  await cdk.destroy(assembly);
  assert.deepEqual(await findStacks(cloud, 'dev'), []);
  assert.deepEqual(await takeInventory(cloud, 'dev'), {});
}

/** Returns the names and states of a stage's stacks: `broadsheet-dev-data CREATE_COMPLETE`. */
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
