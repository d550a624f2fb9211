import * as z from 'zod';
import { callLogs } from './call-service.ts';
import type { Cloud } from './cloud.ts';

const logGroupsSchema = z.object({
  logGroups: z.array(z.object({ logGroupName: z.string(), retentionInDays: z.number().optional() })),
});
const eventsSchema = z.object({ events: z.array(z.object({ message: z.string() })) });

/** One log group of a stack. */
export interface LogGroup {
  readonly name: string;
  /** Its retention in days. Undefined if logs do not expire. */
  readonly retentionDays: number | undefined;
  /** Its messages, oldest first. */
  readonly messages: readonly string[];
}

/** Returns the log groups whose names contain a text, such as a stack's name, with all their messages. */
export async function loadLogGroups(cloud: Cloud, within: string): Promise<readonly LogGroup[]> {
  const { logGroups } = logGroupsSchema.parse(await callLogs(cloud, 'DescribeLogGroups', {}));
  const found = logGroups.filter(({ logGroupName }) => logGroupName.includes(within));
  return Promise.all(
    found.map(async ({ logGroupName, retentionInDays }) => {
      const { events } = eventsSchema.parse(await callLogs(cloud, 'FilterLogEvents', { logGroupName }));
      return {
        name: logGroupName,
        retentionDays: retentionInDays,
        messages: events.map(({ message }) => message),
      };
    }),
  );
}
