import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The runbook. Each alarm names one of its headings. */
export const RUNBOOK = 'docs/alarms.md';

/** What an alarm watches, and when it goes off. */
export interface AlarmSpec {
  /** The construct id: `PlannerNotFinishing`. */
  readonly id: string;
  /** What is wrong if it goes off, in one sentence. */
  readonly says: string;
  /** The runbook heading: `The planner does not finish`. */
  readonly heading: string;
  readonly metric: IMetric;
  /** The first value that sets it off: this or more, or less than this with `isTooFew`. */
  readonly threshold: number;
  /** Whether values below the threshold are wrong. @default false */
  readonly isTooFew?: boolean;
  /** What a period without data means: no fault, a fault, or no change of the alarm. @default 'well' */
  readonly noValue?: 'well' | 'wrong' | 'nothing';
  /** The number of periods in a row that have to be wrong. @default 1 */
  readonly periods?: number;
  /** The reason for the threshold. */
  readonly because: string;
}

const MISSING_DATA = {
  well: TreatMissingData.NOT_BREACHING,
  wrong: TreatMissingData.BREACHING,
  nothing: TreatMissingData.IGNORE,
} as const;

/** Adds an alarm that notifies the topic when it goes off and when it is over. */
export function addAlarm(scope: Construct, spec: AlarmSpec, topic: ITopic): Alarm {
  const {
    id,
    says,
    heading,
    metric,
    threshold,
    isTooFew = false,
    noValue = 'well',
    periods = 1,
    because,
  } = spec;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `${says} What to do: ${RUNBOOK}, "${heading}". Threshold: ${because}`,
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: isTooFew
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: MISSING_DATA[noValue],
  });
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}
