import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CallExpression } from '@swc/core';
import { RUNBOOK } from '../../infra/monitoring/alarm-spec.ts';
import {
  FUNCTION_DIMENSION,
  LIST_DIMENSION,
  METRIC_NAMESPACE,
  metricsOf,
  monitoringSchema,
} from '../../shared/observability.ts';
import { sourceNames } from '../../shared/sources/source-names.ts';
import { type Deployment, SYNTHESIS_TIMEOUT_MS, synthesise } from './deployment.ts';
import { alarmsIn, dashboardAlarmsIn, dashboardMetricsIn, type MetricId, topicsOf } from './metrics.ts';
import { createSourceReader, lastNameOf, allOf as nodesOf } from './permissions/syntax.ts';
import { missingIn, readAlarmSections } from './runbook.ts';
import { allOf } from './template.ts';

/** What every account has without charge. @see https://aws.amazon.com/cloudwatch/pricing/ */
const FREE = { alarms: 10, metrics: 10, dashboardMetrics: 50 };

const levels = monitoringSchema.options;
const DESCRIPTION = new RegExp(`^(\\S.+\\.) What to do: ${RUNBOOK}, "(.+)"\\. Threshold: (\\S.+\\.)$`);

/** Metrics that the pipeline counts for a list. */
const countedByList = new Set(
  readdirSync('shared/pipeline')
    .map((file) => createSourceReader()(`shared/pipeline/${file}`).tree)
    .flatMap((tree) => nodesOf<CallExpression>(tree, 'CallExpression'))
    .filter(({ callee, arguments: given }) => lastNameOf(callee) === 'count' && given.length === 3)
    .flatMap(({ arguments: [name] }) =>
      name?.expression.type === 'StringLiteral' ? [name.expression.value] : [],
    ),
);

let deployments: ReadonlyMap<string, Deployment>;
const resourcesOf = (level: string) => deployments.get(level)?.resources ?? {};
const headingOf = (description: string) =>
  DESCRIPTION.exec(description)?.[2] ?? `no heading in: ${description}`;

beforeAll(() => {
  deployments = new Map(levels.map((monitoring) => [monitoring, synthesise({ monitoring })]));
}, SYNTHESIS_TIMEOUT_MS);

describe.each(levels)('where monitoring is %s', (level) => {
  const alarms = () => alarmsIn(resourcesOf(level));

  test('every alarm says what is wrong, what to do, and where its threshold comes from', () => {
    expect(alarms().filter(({ properties }) => !DESCRIPTION.test(properties.AlarmDescription))).toEqual([]);
  });

  test('the runbook tells of every alarm: description, investigation, resolution', () => {
    const sections = readAlarmSections();
    const headings = new Set(alarms().map(({ properties }) => headingOf(properties.AlarmDescription)));
    const faults = [...headings].map((heading) => [heading, missingIn(sections.get(heading) ?? '')]);

    expect(faults).toEqual([...headings].map((heading) => [heading, []]));
  });

  test('every alarm tells the one topic when it goes off, and when it is over', () => {
    const [topic] =
      allOf(resourcesOf(level), 'AWS::SNS::Topic').find(([id]) => id.startsWith('Monitoring')) ?? [];

    expect(topic).toBeDefined();
    expect(alarms().map(topicsOf)).toEqual(alarms().map(() => ({ alarm: [topic], ok: [topic] })));
  });

  test('no alarm waits for data that never comes', () => {
    for (const { id, properties } of alarms()) {
      const isTooFew = properties.ComparisonOperator === 'LessThanThreshold';
      expect([id, properties.TreatMissingData]).toEqual([id, isTooFew ? 'breaching' : 'notBreaching']);
    }
  });

  test('our own metrics are looked at under the dimensions that they are published with', () => {
    const own = [
      ...alarms().flatMap(({ metrics }) => metrics),
      ...dashboardMetricsIn(resourcesOf(level)),
    ].filter(({ namespace }) => namespace === METRIC_NAMESPACE);
    const published = Object.entries(metricsOf(level)).flatMap(([name, fn]): readonly MetricId[] => {
      const dimensions = { [FUNCTION_DIMENSION]: fn };
      const isByList = level === 'full' && countedByList.has(name);
      const all = isByList
        ? sourceNames.map((list) => ({ ...dimensions, [LIST_DIMENSION]: list }))
        : [dimensions];
      return all.map((one) => ({ namespace: METRIC_NAMESPACE, name, dimensions: one }));
    });

    expect(own.length).toBeGreaterThan(5);
    for (const metric of own) expect(published).toContainEqual(metric);
  });

  test('the metrics of AWS are of functions, queues and the API of this deployment', () => {
    const types = {
      FunctionName: ['AWS::Lambda::Function', /^<(\w+)>$/],
      QueueName: ['AWS::SQS::Queue', /^<(\w+)\.QueueName>$/],
      ApiId: ['AWS::ApiGatewayV2::Api', /^<(\w+)>$/],
    } as const;
    const others = [
      ...alarms().flatMap(({ metrics }) => metrics),
      ...dashboardMetricsIn(resourcesOf(level)),
    ].filter(({ namespace }) => namespace !== METRIC_NAMESPACE);

    for (const [dimension, value] of others.flatMap(({ dimensions }) => Object.entries(dimensions))) {
      const [type, reference] = Object.entries(types).find(([name]) => name === dimension)?.[1] ?? [];
      const id = reference?.exec(value)?.[1] ?? '';
      expect([dimension, value, resourcesOf(level)[id]?.Type]).toEqual([
        dimension,
        value,
        type ?? 'a known type',
      ]);
    }
  });

  test('mails are stopped by us before they are stopped by SES', () => {
    const thresholdOf = (rate: string) =>
      alarms().find(({ metrics }) => metrics[0]?.name === `Reputation.${rate}`)?.properties.Threshold;

    expect(thresholdOf('BounceRate')).toBeLessThan(0.05);
    expect(thresholdOf('ComplaintRate')).toBeLessThan(0.001);
  });

  test('every queue is watched: whether messages wait, and whether they are given up', () => {
    const watched = (name: string) =>
      alarms().flatMap(({ metrics }) =>
        metrics.flatMap((metric) => (metric.name === name ? [metric.dimensions.QueueName] : [])),
      );
    const queues = allOf(resourcesOf(level), 'AWS::SQS::Queue');
    const isWorkedOff = ([, { Properties }]: (typeof queues)[number]) => Boolean(Properties.RedrivePolicy);
    const namesOf = (some: typeof queues) => some.map(([id]) => `<${id}.QueueName>`).sort();

    expect(watched('ApproximateAgeOfOldestMessage').sort()).toEqual(namesOf(queues.filter(isWorkedOff)));
    expect(watched('ApproximateNumberOfMessagesVisible').sort()).toEqual(
      namesOf(queues.filter((queue) => !isWorkedOff(queue))),
    );
  });

  test('the dashboard shows all alarms', () => {
    expect(dashboardAlarmsIn(resourcesOf(level))).toEqual(alarms().map(({ id }) => id));
  });
});

describe('monitoring', () => {
  test('that is basic stays within what is free', () => {
    expect(alarmsIn(resourcesOf('basic')).length).toBeLessThanOrEqual(FREE.alarms);
    expect(Object.keys(metricsOf('basic')).length).toBeLessThanOrEqual(FREE.metrics);
    expect(dashboardMetricsIn(resourcesOf('basic')).length).toBeLessThanOrEqual(FREE.dashboardMetrics);
  });

  test('that is full watches all that basic does', () => {
    const namesOf = (level: string) =>
      new Set(alarmsIn(resourcesOf(level)).flatMap(({ metrics }) => metrics.map(({ name }) => name)));

    expect([...namesOf('basic')].filter((name) => !namesOf('full').has(name))).toEqual([]);
  });

  test('has an alarm for each that the runbook tells of', () => {
    const told = [...readAlarmSections().keys()];
    const headings = levels.flatMap((level) =>
      alarmsIn(resourcesOf(level)).map(({ properties }) => headingOf(properties.AlarmDescription)),
    );

    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((heading) => !headings.includes(heading))).toEqual([]);
  });

  test('misses what a section of the runbook lacks', () => {
    expect(missingIn('**Description.** One.\n\n**Investigation, resolution.** Two.')).toEqual([]);
    expect(missingIn('**Description.** One. **Resolution.** Not a paragraph of its own.')).toEqual([
      'investigation',
      'resolution',
    ]);
  });
});
