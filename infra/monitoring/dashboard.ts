import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  type Metric,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/observability.ts';
import { deadLetters, delayedMessages, overdueLists, ownMetric, reputation, TICK } from './metrics.ts';
import { functionsOf, queuesOf, type Watched } from './watched.ts';

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;

/** The main figures of papers and digests, in the order of the pipeline. */
const AT_A_GLANCE = [
  'PapersCreated',
  'DigestsPlanned',
  'DigestsSent',
  'DigestsFailed',
] as const satisfies readonly MetricName[];

/** All outcomes of digests. */
const OF_DIGESTS = [
  'EditionsPlanned',
  'DigestsPlanned',
  'DigestsSent',
  'DigestsSkipped',
  'DigestsFailed',
  'DigestsUncertain',
  'SendingStopped',
] as const satisfies readonly MetricName[];

/** Figures that only `full` publishes: details of papers, and the outcomes of mails. */
const OF_PAPERS = ['ItemsRead', 'ItemsRejected', 'PapersUpdated'] as const satisfies readonly MetricName[];
const OF_MAILS = [
  'MailsDelivered',
  'MailsBounced',
  'MailsComplained',
  'MailsRejected',
  'FeedbackUnknown',
  'RequestedMailsSent',
] as const satisfies readonly MetricName[];

/** Adds the dashboard. The first row shows alarms and the main figures, and the rows below show the details. */
export function addDashboard(scope: Construct, watched: Watched, alarms: readonly IAlarm[]): Dashboard {
  const { gateway, settings } = watched;
  const own = (...names: readonly MetricName[]) => names.map((name) => ownMetric(settings, name));
  const queues = queuesOf(watched);
  // Images matter least, and a dashboard with more than 50 metrics is not free. An alarm watches their function.
  const functions = functionsOf(watched).filter(({ folder }) => folder !== 'draw-cards');
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
        graph('Ingest', [...own('PapersCreated', 'SourceFailures'), ...overdueLists(settings)]),
        graph('Digests', own(...OF_DIGESTS)),
      ],
      ...(settings.monitoring === 'full'
        ? [[graph('Items of sources', own(...OF_PAPERS)), graph('Mails', own(...OF_MAILS))]]
        : []),
      [
        graph('Messages waiting', toGraphed(queues.map(delayedMessages))),
        graph('Dead letters', toGraphed(queues.map(deadLetters))),
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
      [costOfEditions(watched)],
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

/**
 * A table of what each edition cost, by the lines that every run of a batch and of a fan-out logs. It reads the logs when an operator looks
 * at it. A metric would cost $0.30 a month.
 */
function costOfEditions({ digests: { sendDigests, fanOutDigests } }: Watched): IWidget {
  return new LogQueryWidget({
    title: 'Cost of editions without SES, US dollars',
    logGroupNames: [sendDigests, fanOutDigests].map(({ logGroup }) => logGroup.logGroupName),
    queryLines: [
      "filter message in ['A batch ran', 'A fan-out ran']",
      'stats sum(usd) as dollars, sum(mails) as sent, sum(usd) / sum(mails) * 1000 as perThousandMails, sum(readUnits) as reads, sum(writeUnits) as writes, sum(gbSeconds) as gbSeconds by period, cohort',
      'sort period desc, dollars desc',
      'limit 50',
    ],
    width: FULL_WIDTH,
    height: 6,
  });
}

/** Returns metrics with their names as labels. */
function toGraphed(named: readonly Readonly<Record<string, Metric>>[]): readonly IMetric[] {
  return named.flatMap(Object.entries<Metric>).map(([label, metric]) => metric.with({ label }));
}

function graph(title: string, left: readonly IMetric[]): IWidget {
  return new GraphWidget({ title, left: [...left], width: HALF_WIDTH, height: 6 });
}
