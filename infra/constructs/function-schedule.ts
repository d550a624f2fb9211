import { Duration, TimeZone } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, type ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';

export interface FunctionScheduleProps {
  readonly target: IFunction;
  readonly description: string;
  /** The minutes of every hour, as cron writes them: `10,25,40,55`. */
  readonly minutes: string;
  /**
   * What the function is handed.
   *
   * @default - an empty event
   */
  readonly input?: ScheduleTargetInput;
}

/** What the next run makes up for is not worth the day of repeats that the scheduler has in mind by itself. */
const MAX_DELAY = Duration.minutes(15);
const MAX_RETRIES = 3;

/** Invokes a function at the same minutes of every hour. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, { target, description, minutes, input }: FunctionScheduleProps) {
    super(scope, id);
    new Schedule(this, 'Schedule', {
      description,
      schedule: ScheduleExpression.cron({ minute: minutes, timeZone: TimeZone.ETC_UTC }),
      target: new LambdaInvoke(target, {
        ...(input && { input }),
        retryAttempts: MAX_RETRIES,
        maxEventAge: MAX_DELAY,
      }),
    });
  }
}
