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
   * The IANA zone of the hours.
   *
   * @default - UTC
   */
  readonly timeZone?: string;
  /**
   * The event that the function receives.
   *
   * @default - an empty event
   */
  readonly input?: ScheduleTargetInput;
}

/** The next run does the work of a missed one. The scheduler's default retries for a day. */
const MAX_DELAY = Duration.minutes(15);
const MAX_RETRIES = 3;

/** Invokes a function at the same minutes of every hour. */
export class FunctionSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { target, description, minutes, timeZone, input }: FunctionScheduleProps,
  ) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      // The scheduler serves every account. Without this condition a schedule in another account could use the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    // CDK's own target also lets the role invoke every version of the function.
    target.grantInvokeLatestVersion(role);
    new Schedule(this, 'Schedule', {
      description,
      schedule: ScheduleExpression.cron({
        minute: minutes.join(),
        timeZone: timeZone === undefined ? TimeZone.ETC_UTC : TimeZone.of(timeZone),
      }),
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
