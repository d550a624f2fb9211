import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/observability.ts';
import { deadLetters, oldestMessage, overdueLists, ownMetric, reputation, TICK } from './metrics.ts';
import { functionsOf, queuesOf, type Watched } from './watched.ts';

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;

/** What became of papers and digests, in the order of the pipeline. */
const AT_A_GLANCE = [
  'PapersCreated',
  'DigestsPlanned',
  'DigestsSent',
  'DigestsSkipped',
  'DigestsFailed',
  'DigestsUncertain',
] as const satisfies readonly MetricName[];

/** One page that tells at a glance: ingested, planned, sent, failed; below it, what to look at when one of them is wrong. */
export function addDashboard(scope: Construct, watched: Watched, alarms: readonly IAlarm[]): Dashboard {
  const { gateway, settings } = watched;
  const own = (...names: readonly MetricName[]) => names.map((name) => ownMetric(settings.monitoring, name));
  const queues = queuesOf(watched);
  const functions = functionsOf(watched);
  return new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(3),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: FULL_WIDTH, height: 3 })],
      [
        new SingleValueWidget({
          title: 'A day',
          metrics: own(...AT_A_GLANCE).map((metric) => metric.with({ period: Duration.days(1) })),
          width: FULL_WIDTH,
          height: 4,
        }),
      ],
      [
        graph('Ingest', [...own('PapersCreated', 'SourceFailures'), ...overdueLists(settings.monitoring)]),
        graph('Digests', own(...AT_A_GLANCE.slice(1), 'SendingStopped')),
      ],
      [
        graph(
          'Oldest message, seconds',
          queues.map(({ name, queue }) => oldestMessage(queue).with({ label: name })),
        ),
        graph(
          'Dead letters',
          queues.map(({ name, queue }) => deadLetters(queue).with({ label: name })),
        ),
      ],
      [
        graph(
          'Errors of functions',
          functions.map((fn) => fn.metricErrors({ statistic: Stats.SUM, period: TICK, label: fn.folder })),
        ),
        graph(
          'Longest runs, ms',
          functions.map((fn) =>
            fn.metricDuration({ statistic: Stats.MAXIMUM, period: TICK, label: fn.folder }),
          ),
        ),
      ],
      [
        graph('Reputation at SES, share of mails', [reputation('BounceRate'), reputation('ComplaintRate')]),
        graph('Pages', [
          gateway.httpApi.metricCount({ period: TICK, label: 'requests' }),
          gateway.httpApi.metricServerError({ statistic: Stats.SUM, period: TICK, label: 'errors' }),
        ]),
      ],
    ],
  });
}

function graph(title: string, left: readonly IMetric[]): IWidget {
  return new GraphWidget({ title, left: [...left], width: HALF_WIDTH, height: 6 });
}
