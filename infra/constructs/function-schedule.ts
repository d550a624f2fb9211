import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, type ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';

export interface FunctionScheduleProps {
  readonly target: IFunction;
  readonly description: string;
  /** The minutes of every hour: `[10, 25, 40, 55]`. */
  readonly minutes: readonly number[];
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

/** Invokes a function at the same minutes of every hour of UTC. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, { target, description, minutes, input }: FunctionScheduleProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      // The scheduler serves every account. Without the condition, somebody else's schedule could use the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    // The target that comes with CDK lets the role invoke every version of the function as well.
    target.grantInvokeLatestVersion(role);
    new Schedule(this, 'Schedule', {
      description,
      schedule: ScheduleExpression.cron({ minute: minutes.join(), timeZone: TimeZone.ETC_UTC }),
      target: {
        bind: () => ({
          arn: target.functionArn,
          role,
          ...(input && { input }),
          retryPolicy: {
            maximumRetryAttempts: MAX_RETRIES,
            maximumEventAgeInSeconds: MAX_DELAY.toSeconds(),
          },
        }),
      },
    });
  }
}
