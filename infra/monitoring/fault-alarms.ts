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
  /** The consequence of one fault, or the reason for the threshold. */
  readonly why: string;
}

/** The alarm text and the runbook heading of each fault. */
const FAULTS: Readonly<Record<FaultName, FaultText>> = {
  RecordsUnreadable: {
    says: 'A stored record cannot be read.',
    heading: 'A stored record cannot be read',
    why: 'The record is skipped until you repair it.',
  },
  SnapshotsUnusable: {
    says: 'A snapshot of a list or the archive is damaged, missing or not up to date.',
    heading: 'A snapshot cannot be used',
    why: 'Digests are complete. Without a snapshot, each batch reads every paper of the day. Without the archive, searches lack older papers.',
  },
  PapersUnindexed: {
    says: 'Papers are not in OpenSearch.',
    heading: 'Papers are not in OpenSearch',
    why: 'Searches do not find these papers. Digests and lists have them.',
  },
  CohortsUnplanned: {
    says: 'The planner cannot plan a cohort.',
    heading: 'A cohort cannot be planned',
    why: 'Its subscribers get no digests until you repair it.',
  },
  DatesCorrected: {
    says: 'A list has impossible dates.',
    heading: 'Dates of a list are odd',
    why: 'No recorded answer has such a date, so the format may have changed.',
  },
  BudgetsUsedUp: {
    says: 'The web requests too many mails.',
    heading: 'A budget is used up',
    why: 'Mails over the limit are late, and the readers do not know.',
  },
  BatchesHeldUp: {
    says: 'A batch of digests has waited for two hours.',
    heading: 'Messages wait on a queue',
    why: 'A delay is five minutes, so the batch was delayed repeatedly.',
  },
  DigestsFailed: {
    says: 'SES refuses digests.',
    heading: 'Digests fail',
    why: 'A single refused address does not set off the alarm.',
  },
  DigestsUncertain: {
    says: 'Answers of SES were lost.',
    heading: 'Digests are uncertain',
    why: 'SES events settle an occasional lost answer.',
  },
  RequestedMailsFailed: {
    says: 'Mails requested on the web may not arrive.',
    heading: 'Mails that were asked for fail',
    why: 'A single refused address does not set off the alarm.',
  },
  RequestsThrottled: {
    says: 'API Gateway throttles requests.',
    heading: 'API Gateway refuses requests',
    why: 'Readers see an error, and one-click unsubscribing may fail.',
  },
  RequestsFailed: {
    says: 'The pages answer with errors.',
    heading: 'The pages fail',
    why: 'A reader may have failed to unsubscribe.',
  },
};

/**
 * Returns one alarm for each fault with `full`, and a combined one with `basic`. Each fault counts points toward the
 * combined alarm. So one kind of fault has the same threshold in both.
 */
export function faultAlarms(settings: Settings): readonly AlarmSpec[] {
  if (settings.monitoring === 'full') return faultNames.map((name) => faultAlarm(settings, name));
  return [
    {
      id: 'Faults',
      says: 'Faults were counted: a record was skipped, a mail refused, or a request answered with an error.',
      heading: 'A fault was counted',
      metric: ownMetric(settings, ALL_FAULTS).with({ period: HOUR }),
      threshold: ALARM_POINTS,
      because: `${ALARM_POINTS} points in an hour. Each kind of fault has its own points, and the log names the fault.`,
    },
  ];
}

function faultAlarm(settings: Settings, name: FaultName): AlarmSpec {
  const { says, heading, why } = FAULTS[name];
  const threshold = alarmingCountOf(name);
  return {
    id: name,
    says,
    heading,
    threshold,
    metric: ownMetric(settings, name).with({ period: HOUR }),
    because: `${threshold === 1 ? 'one' : threshold} in an hour. ${why}`,
  };
}
