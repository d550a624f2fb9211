import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { ClientOptions } from '../../../shared/adapters/client-options.ts';
import type { Stacks } from '../find-deployment.ts';
import { commandClientOptions } from './client-options.ts';
import { permitted } from './permitted.ts';

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
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

/** CloudFormation has no error of its own for a stack that is not there, only a sentence. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && / does not exist$/.test(error.message);
}
