import assert from 'node:assert/strict';
import type { Cdk } from './cdk.ts';
import type { Deployment } from './deployment.ts';
import { loadLogGroups } from './function-logs.ts';

/** Deploys an assembly again, and checks that nothing changes. */
export async function deployUnchanged(cdk: Cdk, assembly: string, { stacks }: Deployment): Promise<void> {
  const { unchanged } = await cdk.deploy(assembly);
  assert.deepEqual([...unchanged].sort(), [stacks.data, stacks.pipeline]);
}

/**
 * Deploys an assembly with another log retention. Checks that every log group gets it, and that only the stack with the log groups
 * changes.
 */
export async function deployLogRetention(
  cdk: Cdk,
  assembly: string,
  { cloud, stacks }: Deployment,
  days: number,
): Promise<void> {
  const { unchanged } = await cdk.deploy(assembly);
  assert.deepEqual(unchanged, [stacks.data]);
  const retentions = (await loadLogGroups(cloud, stacks.pipeline)).map(({ retentionDays }) => retentionDays);
  assert.deepEqual([...new Set(retentions)], [days]);
}
