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
  /** Whether values below the threshold are wrong, and no value at all is as well. @default false */
  readonly isTooFew?: boolean;
  /** Whether no value says nothing, so that an alarm stays as it is until the next. @default false */
  readonly isPublishedNowAndThen?: boolean;
  /** How many periods of the metric it lasts. @default 1 */
  readonly periods?: number;
  /** Where the threshold comes from. */
  readonly because: string;
}

/** Adds an alarm that tells the topic when it goes off and when it is over. */
export function addAlarm(scope: Construct, spec: AlarmSpec, topic: ITopic): Alarm {
  const { id, says, heading, metric, threshold, isTooFew = false, periods = 1, because } = spec;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `${says} What to do: ${RUNBOOK}, "${heading}". Threshold: ${because}`,
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: isTooFew
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: missingDataOf(spec),
  });
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

function missingDataOf({ isTooFew, isPublishedNowAndThen }: AlarmSpec): TreatMissingData {
  if (isTooFew) return TreatMissingData.BREACHING;
  return isPublishedNowAndThen ? TreatMissingData.IGNORE : TreatMissingData.NOT_BREACHING;
}
