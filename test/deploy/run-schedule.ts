import * as z from 'zod';
import type { SourceName } from '../../shared/domain/lists/lists.ts';
import { callService } from './call-service.ts';
import type { Cloud } from './cloud.ts';

const schedulesSchema = z.object({
  Schedules: z.array(z.object({ Name: z.string(), Target: z.object({ Arn: z.string() }) })),
});
const scheduleSchema = z.looseObject({
  Target: z.looseObject({ Arn: z.string(), RoleArn: z.string(), Input: z.string() }),
  FlexibleTimeWindow: z.looseObject({ Mode: z.string() }),
});

/**
 * Makes the scheduler call a function now, for a source. It copies the deployed schedule with its target, role and input, but due in the past. The
 * emulator runs the copy within ten seconds and deletes it. The schedule itself may be a quarter hour away.
 */
export async function runSchedule(cloud: Cloud, functionName: string, source: SourceName): Promise<void> {
  const { Schedules } = schedulesSchema.parse(await callService(cloud, 'scheduler', { path: '/schedules' }));
  const named = Schedules.filter(({ Target }) => Target.Arn.endsWith(`:function:${functionName}`));
  const schedules = await Promise.all(
    named.map(async ({ Name }) =>
      scheduleSchema.parse(await callService(cloud, 'scheduler', { path: `/schedules/${Name}` })),
    ),
  );
  const found = schedules.find((schedule) => schedule.Target.Input.includes(`"${source}"`));
  if (!found) throw new Error(`no schedule calls ${functionName} for ${source}`);
  const { Target, FlexibleTimeWindow } = found;
  await callService(cloud, 'scheduler', {
    method: 'POST',
    path: '/schedules/once',
    body: {
      Target,
      FlexibleTimeWindow,
      ScheduleExpression: 'at(2026-01-05T00:00:00)',
      ActionAfterCompletion: 'DELETE',
    },
  });
}
