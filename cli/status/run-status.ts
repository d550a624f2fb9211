import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { jsonTextOf } from '../../shared/environment.ts';
import { type CommandContext, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { commandClientOptions } from '../deployment/adapters/client-options.ts';
import { permitted } from '../deployment/adapters/permitted.ts';
import { openDeployment } from '../deployment/open-deployment.ts';
import { openPorts } from '../doctor/adapters/open-ports.ts';
import { type AlarmState, loadStatus, toText } from './status.ts';

/** Prints how a deployment is, and returns the exit code. */
export async function runStatus(
  options: { readonly settings: string; readonly json?: true },
  { print, onInterrupt }: Pick<CommandContext, 'print' | 'onInterrupt'>,
): Promise<number> {
  const settings = loadSettings(options.settings);
  const { target, outputs } = await openDeployment(settings);
  const ports = {
    ...openPorts(settings.stage, outputs, onInterrupt()),
    loadAlarms: () => loadAlarms(stackNamesOf(settings.stage).pipeline),
  };
  const status = await loadStatus({ settings, outputs }, target, ports);
  print(options.json ? JSON.stringify(status) : toText(status, options.settings));
  return status.isWell ? EXIT_OK : EXIT_TROUBLE;
}

/** The alarms of a stack. CloudFormation begins their names with the name of the stack. */
async function loadAlarms(stack: string): Promise<readonly AlarmState[]> {
  const client = new CloudWatchClient(commandClientOptions());
  return permitted('cloudwatch:DescribeAlarms', async () => {
    const alarms: AlarmState[] = [];
    const pages = paginateDescribeAlarms(
      { client },
      { AlarmNamePrefix: `${stack}-`, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
    );
    for await (const page of pages)
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
        alarms.push({
          name: alarm.AlarmName ?? '',
          state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
          description: alarm.AlarmDescription ?? '',
          since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString(),
          hasData: hasData(alarm.StateReasonData),
        });
    return alarms;
  });
}

const reasonSchema = z.object({ recentDatapoints: z.array(z.unknown()) });

/** Whether the reason of a state names a value of the metric. A reason that cannot be read counts as one that does. */
export function hasData(reason: string | undefined): boolean {
  const read = jsonTextOf(reasonSchema).safeParse(reason);
  return !read.success || read.data.recentDatapoints.length > 0;
}
