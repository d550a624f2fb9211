import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** The file whose headings alarms name. */
export const RUNBOOK = 'docs/operating.md';

/** What is watched, and when it is an alarm. */
export interface AlarmSpec {
  /** The construct's id: `PlannerNotFinishing`. */
  readonly id: string;
  /** What is wrong when it goes off, in a sentence. */
  readonly says: string;
  /** The heading of the runbook: `The planner does not finish`. */
  readonly heading: string;
  readonly metric: IMetric;
  /** The value that is one too many (or too few, where `isTooFew`). */
  readonly threshold: number;
  /** Whether values below the threshold are wrong. @default false */
  readonly isTooFew?: boolean;
  /** What a period without any value means: all is well, it is wrong too, or nothing, so the alarm stays as it is. @default 'well' */
  readonly noValue?: 'well' | 'wrong' | 'nothing';
  /** How many periods of the metric it lasts. @default 1 */
  readonly periods?: number;
  /** Where the threshold comes from. */
  readonly because: string;
}

const MISSING_DATA = {
  well: TreatMissingData.NOT_BREACHING,
  wrong: TreatMissingData.BREACHING,
  nothing: TreatMissingData.IGNORE,
} as const;

/** Adds an alarm that tells the topic when it goes off and when it is over. */
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
