import { Duration } from 'aws-cdk-lib';
import {
  ALARM_POINTS,
  ALL_FAULTS,
  alarmingCountOf,
  type FaultName,
  faultNames,
} from '../../shared/observability.ts';
import type { Settings } from '../settings/schema.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { ownMetric } from './metrics.ts';

const HOUR = Duration.hours(1);

interface FaultText extends Pick<AlarmSpec, 'says' | 'heading'> {
  /** What one of them costs, or why so many are too many. */
  readonly why: string;
}

/** What each fault means, and the heading of the runbook that says what to do. */
const FAULTS: Readonly<Record<FaultName, FaultText>> = {
  RecordsUnreadable: {
    says: 'A stored record cannot be read.',
    heading: 'A stored record cannot be read',
    why: 'The record is left out until somebody mends it.',
  },
  CohortsUnplanned: {
    says: 'The planner cannot plan a cohort.',
    heading: 'A cohort cannot be planned',
    why: 'Its subscribers get no digests until somebody mends it.',
  },
  DatesCorrected: {
    says: 'A list gives dates that cannot be right.',
    heading: 'Dates of a list are odd',
    why: 'No recorded answer has such a date, so the format may have changed.',
  },
  BudgetsUsedUp: {
    says: 'Too many mails are asked for on the web.',
    heading: 'A budget is used up',
    why: 'Nobody is told that a mail comes later.',
  },
  BatchesHeldUp: {
    says: 'A batch of digests has waited for two hours.',
    heading: 'Messages wait on a queue',
    why: 'A pause is five minutes, so it was put off time and again.',
  },
  DigestsFailed: {
    says: 'SES refuses digests.',
    heading: 'Digests fail',
    why: 'A single address that SES refuses is no alarm.',
  },
  DigestsUncertain: {
    says: 'Answers of SES are lost.',
    heading: 'Digests are uncertain',
    why: 'A lost answer now and then is settled by the events of SES.',
  },
  AccountMailsFailed: {
    says: 'Mails that were asked for on the web may not arrive.',
    heading: 'Mails that were asked for fail',
    why: 'A single address that SES refuses is no alarm.',
  },
  RequestsThrottled: {
    says: 'API Gateway refuses requests because there are too many.',
    heading: 'Too many requests',
    why: 'Readers see an error, and a mail program may fail to unsubscribe somebody.',
  },
  RequestsFailed: {
    says: 'The pages answer with errors.',
    heading: 'The pages fail',
    why: 'Somebody may have tried to unsubscribe and could not.',
  },
};

/**
 * One alarm for each fault with `full`, and with `basic` one for all. That one adds up shares of an alarm, so as many of a kind set
 * it off as set off the alarm of that kind.
 */
export function faultAlarms(settings: Settings): readonly AlarmSpec[] {
  if (settings.monitoring === 'full') return faultNames.map((name) => faultAlarm(settings, name));
  return [
    {
      id: 'Faults',
      says: 'Faults were counted: something was left out, refused or answered with an error.',
      heading: 'A fault was counted',
      metric: ownMetric(settings, ALL_FAULTS).with({ period: HOUR }),
      threshold: ALARM_POINTS,
      because: `${ALARM_POINTS} points in an hour. A fault has as many points as it is of an alarm, and the log names it.`,
    },
  ];
}

function faultAlarm(settings: Settings, name: FaultName): AlarmSpec {
  const { says, heading, why } = FAULTS[name];
  const threshold = alarmingCountOf(name);
  return {
    ...{ id: name, says, heading, threshold },
    metric: ownMetric(settings, name).with({ period: HOUR }),
    because: `${threshold === 1 ? 'one' : threshold} in an hour. ${why}`,
  };
}
