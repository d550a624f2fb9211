import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { EventSource, Functions } from '../ports.ts';

/** The functions of Lambda. */
export function createFunctions(client: LambdaClient): Functions {
  return {
    loadEventSources: (functionName) =>
      permitted('lambda:ListEventSourceMappings', async () => {
        const found: EventSource[] = [];
        const pages = paginateListEventSourceMappings({ client }, { FunctionName: functionName });
        for await (const { EventSourceMappings = [] } of pages) {
          for (const {
            UUID = '',
            EventSourceArn = '',
            State = 'unknown',
            ScalingConfig,
          } of EventSourceMappings)
            found.push({
              id: UUID,
              queueArn: EventSourceArn,
              state: State,
              maxConcurrency: ScalingConfig?.MaximumConcurrency,
            });
        }
        return found;
      }),

    loadConcurrency: () =>
      permitted('lambda:GetAccountSettings', async () => {
        const { AccountLimit: limit } = await client.send(new GetAccountSettingsCommand({}));
        return {
          account: limit?.ConcurrentExecutions ?? 0,
          unreserved: limit?.UnreservedConcurrentExecutions ?? 0,
        };
      }),

    loadReserved: (functionName) =>
      permitted('lambda:GetFunctionConcurrency', async () => {
        const command = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
        return (await client.send(command)).ReservedConcurrentExecutions;
      }),
  };
}
