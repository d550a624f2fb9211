import * as z from 'zod';
import { callService } from './call-service.ts';
import type { Cloud } from './cloud.ts';

const schedulesSchema = z.object({
  Schedules: z.array(z.object({ Name: z.string(), Target: z.object({ Arn: z.string() }) })),
});
const scheduleSchema = z.looseObject({
  Target: z.looseObject({ Arn: z.string(), RoleArn: z.string() }),
  FlexibleTimeWindow: z.looseObject({ Mode: z.string() }),
});

/**
 * Has the scheduler call a function now, with the target, role and input of the function's deployed schedule: a copy of
 * that schedule, due in the past, which ministack runs within ten seconds and forgets. Waiting for the schedule itself
 * would take up to a quarter hour.
 */
export async function runSchedule(cloud: Cloud, functionName: string): Promise<void> {
  const { Schedules } = schedulesSchema.parse(await callService(cloud, 'scheduler', { path: '/schedules' }));
  const found = Schedules.find(({ Target }) => Target.Arn.endsWith(`:function:${functionName}`));
  if (!found) throw new Error(`no schedule calls ${functionName}`);
  const { Target, FlexibleTimeWindow } = scheduleSchema.parse(
    await callService(cloud, 'scheduler', { path: `/schedules/${found.Name}` }),
  );
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
