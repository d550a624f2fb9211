import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { CallExpression } from '@swc/core';
import { RUNBOOK } from '../../../infra/monitoring/alarm-spec.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import {
  ALL_FAULTS,
  ANY_FUNCTION,
  FUNCTION_DIMENSION,
  faultMetricsOf,
  faultNames,
  LIST_DIMENSION,
  type Monitoring,
  metricsOf,
  monitoringSchema,
  namespaceOf,
  pointsOf,
} from '../../../shared/observability.ts';
import { putOffBatch } from '../../../shared/pipeline/sending/waiting.ts';
import type { DigestsMessage } from '../../../shared/ports/queues.ts';
import { hourlyLimitsSchema } from '../../../shared/subscribers/web-budgets.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeWaitlist } from '../../fakes/sending.ts';
import { synthesise } from '../deployment.ts';
import {
  alarmsIn,
  dashboardAlarmsIn,
  dashboardMetricsIn,
  type MetricId,
  topicsOf,
  unwatchedIn,
} from '../metrics.ts';
import { createSourceReader, lastNameOf, allOf as nodesOf } from '../permissions/syntax.ts';
import { missingIn, readAlarmSections } from '../runbook.ts';
import { allOf, type Resource, theOne } from '../template.ts';

/** The free allowances of every account. @see https://aws.amazon.com/cloudwatch/pricing/ */
const FREE = { metrics: 10, dashboardMetrics: 50 };

/** The namespace of the deployments below. */
const NAMESPACE = namespaceOf('prod');

const HOUR_SEC = 3600;
const DAY_SEC = 24 * HOUR_SEC;

const levels = monitoringSchema.options;
const DESCRIPTION = new RegExp(`^(\\S.+\\.) What to do: ${RUNBOOK}, "(.+)"\\. Threshold: (\\S.+\\.)$`);

/** Metrics that the pipeline counts for each source. */
const countedBySource = new Set(
  readdirSync('shared/pipeline')
    .filter((name) => name.endsWith('.ts'))
    .map((file) => createSourceReader()(`shared/pipeline/${file}`).tree)
    .flatMap((tree) => nodesOf<CallExpression>(tree, 'CallExpression'))
    .filter(({ callee, arguments: given }) => lastNameOf(callee) === 'count' && given.length === 3)
    .flatMap(({ arguments: [name] }) =>
      name?.expression.type === 'StringLiteral' ? [name.expression.value] : [],
    ),
);

/** How long one delay of a batch lasts. */
async function putOffForSec(): Promise<number> {
  const delays: (number | undefined)[] = [];
  const digestsQueue = {
    enqueue: async (_: readonly DigestsMessage[], delaySec?: number) => {
      delays.push(delaySec);
      return [];
    },
  };
  const clock = createManualClock('2026-01-05T08:05:00.000Z');
  const edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
  const message = { edition, batch: 0, subscriberIds: ['a'], queuedAt: clock.now() };
  await putOffBatch(
    { digestsQueue, waitlist: createFakeWaitlist(), clock, telemetry: createFakeTelemetry() },
    message,
    { kind: 'put-off', reason: 'quota-used-up' },
  );
  return delays[0] ?? 0;
}

const deploymentOf = (monitoring: Monitoring) => synthesise({ monitoring });
const resourcesOf = (level: Monitoring) => deploymentOf(level).resources;
const headingOf = (description: string) =>
  DESCRIPTION.exec(description)?.[2] ?? `no heading in: ${description}`;

describe.each(levels)('with monitoring %s', (level) => {
  const alarms = () => alarmsIn(resourcesOf(level));

  test('every alarm says what is wrong, what to do, and why its threshold', () => {
    expect(alarms().filter(({ properties }) => !DESCRIPTION.test(properties.AlarmDescription))).toEqual([]);
  });

  test('the runbook has a section for every alarm: symptoms, steps, how to see that it worked', () => {
    const sections = readAlarmSections();
    const headings = new Set(alarms().map(({ properties }) => headingOf(properties.AlarmDescription)));
    const faults = [...headings].map((heading) => [heading, missingIn(sections.get(heading) ?? '')]);

    expect(faults).toEqual([...headings].map((heading) => [heading, []]));
  });

  test('every alarm notifies the one topic when it goes off and when it is over', () => {
    const [topic] =
      allOf(resourcesOf(level), 'AWS::SNS::Topic').find(([id]) => id.startsWith('Monitoring')) ?? [];

    expect(topic).toBeDefined();
    expect(alarms().map(topicsOf)).toEqual(alarms().map(() => ({ alarm: [topic], ok: [topic] })));
  });

  test('no alarm waits for data that never comes, and the SES rates keep their state between values', () => {
    for (const { id, properties, metrics } of alarms()) {
      // The alarm on lists also reports a source that is not read.
      const isTooFew =
        properties.ComparisonOperator === 'LessThanThreshold' || id.startsWith('MonitoringListOverdue');
      const isRate = metrics.every(({ namespace }) => namespace === 'AWS/SES');
      const other = isRate ? 'ignore' : 'notBreaching';
      expect([id, properties.TreatMissingData]).toEqual([id, isTooFew ? 'breaching' : other]);
    }
  });

  test('no alarm looks back further than CloudWatch allows: a day, or a week with hourly periods', () => {
    for (const { id, properties, periodSec } of alarms()) {
      const limitSec = periodSec >= HOUR_SEC ? 7 * DAY_SEC : DAY_SEC;
      expect([id, periodSec * properties.EvaluationPeriods <= limitSec]).toEqual([id, true]);
      expect([id, periodSec % 60]).toEqual([id, 0]);
    }
  });

  test('an alarm over several metrics counts one without values as zero', () => {
    const expressions = alarms().flatMap(({ properties }) =>
      (properties.Metrics ?? []).flatMap(({ Expression }: Resource) => Expression ?? []),
    );

    expect(expressions.length).toBeGreaterThan(0);
    for (const expression of expressions)
      expect(expression).toMatch(/^(\w+\(\[)?FILL\(\w+, 0\)((, | \+ )FILL\(\w+, 0\))*(\]\))?$/);
  });

  test('the alarm on stopped sending stays on while batches are delayed or retried', async () => {
    const alarm = alarms().find(({ metrics }) => metrics[0]?.name === 'SendingStopped');
    const queue = theOne(resourcesOf(level), 'AWS::SQS::Queue', 'DigestsDigestsQueue').Properties;

    expect(alarm?.periodSec).toBeGreaterThan(queue.VisibilityTimeout);
    expect(alarm?.periodSec).toBeGreaterThan(await putOffForSec());
  });

  test('our own metrics have the dimensions that they are published with', () => {
    const own = [
      ...alarms().flatMap(({ metrics }) => metrics),
      ...dashboardMetricsIn(resourcesOf(level)),
    ].filter(({ namespace }) => namespace === NAMESPACE);
    const published = Object.entries(metricsOf(level)).flatMap(([name, fn]): readonly MetricId[] => {
      const ofFunction = { [FUNCTION_DIMENSION]: fn };
      const isBySource = level === 'full' && countedBySource.has(name);
      const all = isBySource ? [{ ...ofFunction, [LIST_DIMENSION]: 'hf-daily' }] : [ofFunction];
      return all.map((dimensions) => ({ namespace: NAMESPACE, name, dimensions }));
    });
    const faults = faultMetricsOf(level).map((name): MetricId => {
      return { namespace: NAMESPACE, name, dimensions: { [FUNCTION_DIMENSION]: ANY_FUNCTION } };
    });

    expect(own.length).toBeGreaterThan(5);
    for (const metric of own) expect([...published, ...faults]).toContainEqual(metric);
  });

  test('AWS metrics are of functions, queues and the API of this deployment', () => {
    const types = {
      FunctionName: ['AWS::Lambda::Function', /^<(\w+)>$/],
      QueueName: ['AWS::SQS::Queue', /^<(\w+)\.QueueName>$/],
      ApiId: ['AWS::ApiGatewayV2::Api', /^<(\w+)>$/],
    } as const;
    const others = [
      ...alarms().flatMap(({ metrics }) => metrics),
      ...dashboardMetricsIn(resourcesOf(level)),
    ].filter(({ namespace }) => namespace !== NAMESPACE);

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

  test('we stop sending before SES does', () => {
    const thresholdOf = (rate: string) =>
      alarms().find(({ metrics }) => metrics[0]?.name === `Reputation.${rate}`)?.properties.Threshold;

    expect(thresholdOf('BounceRate')).toBeLessThan(0.05);
    expect(thresholdOf('ComplaintRate')).toBeLessThan(0.001);
  });

  test('queues, functions and API answers cannot fail without an alarm', () => {
    expect(unwatchedIn(deploymentOf(level))).toEqual([]);
  });

  test.each([
    ['a queue', 'AWS::SQS::Queue', {}],
    ['a function that nothing starts', 'AWS::Lambda::Function', {}],
  ])('the check reports a new %s without an alarm', (_, Type, Properties) => {
    const { resources, ...others } = deploymentOf(level);
    const more = { ...others, resources: { ...resources, New: { Type, Properties } } };

    expect(unwatchedIn(more)).toEqual([expect.stringContaining(' New')]);
  });

  test('each alarm and filter of the access log is necessary', () => {
    const deployment = deploymentOf(level);
    const lostWithout = (isGone: (id: string, resource: Resource) => boolean) => {
      const left = Object.entries(deployment.resources).filter(([id, resource]) => !isGone(id, resource));
      return unwatchedIn({ ...deployment, resources: Object.fromEntries(left) }).length;
    };

    expect(lostWithout((_, { Type }) => Type === 'AWS::Logs::MetricFilter')).toBe(2);
    expect(lostWithout((id) => id.startsWith('MonitoringPlannerNotFinishing'))).toBe(1);
    expect(lostWithout((id) => /^Monitoring\w*DeadLetters/.test(id))).toBe(4);
    expect(lostWithout((id) => /^Monitoring\w*Waiting/.test(id))).toBe(4);
  });

  test('a failed batch is in flight for longer than an alarm waits, and full counts it', () => {
    const holding = alarms().filter(({ id }) => /Queues?Waiting/.test(id));
    const [{ properties, periodSec } = { properties: {}, periodSec: 0 }] = holding;
    const inWork = holding.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, dimensions }) =>
        name === 'ApproximateNumberOfMessagesNotVisible' ? [dimensions.QueueName] : [],
      ),
    );
    const comingBack = allOf(resourcesOf(level), 'AWS::SQS::Queue').flatMap(([id, { Properties }]) => {
      const lastsSec = Properties.VisibilityTimeout * (Properties.RedrivePolicy?.maxReceiveCount ?? 0);
      return lastsSec > periodSec * properties.EvaluationPeriods ? [`<${id}.QueueName>`] : [];
    });

    expect(comingBack).toHaveLength(1);
    expect(inWork).toEqual(level === 'full' ? comingBack : []);
    expect(periodSec * properties.EvaluationPeriods).toBe(2 * HOUR_SEC);
  });

  test('the dashboard shows all alarms', () => {
    expect(dashboardAlarmsIn(resourcesOf(level))).toEqual(alarms().map(({ id }) => id));
  });
});

describe('monitoring', () => {
  test('of level basic publishes no more metrics than are free, without faults', () => {
    expect(Object.keys(metricsOf('basic')).length).toBeLessThanOrEqual(FREE.metrics);
  });

  test.each(levels)('of level %s has an alarm for every fault', (level) => {
    const watched = alarmsIn(resourcesOf(level)).flatMap(({ metrics }) => metrics.map(({ name }) => name));

    expect(watched).toEqual(expect.arrayContaining([...faultMetricsOf(level)]));
  });

  test.each([
    { minutes: [10, 25, 40, 55], failingMin: 15, notFinishingMin: 60 },
    { minutes: [0], failingMin: 60, notFinishingMin: 120 },
    { minutes: [10, 40], failingMin: 30, notFinishingMin: 60 },
    { minutes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], failingMin: 49, notFinishingMin: 98 },
    { minutes: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55], failingMin: 15, notFinishingMin: 60 },
  ])('of ingest fits sources that are read at $minutes', ({ minutes, failingMin, notFinishingMin }) => {
    const settings = { 'hf-daily': { minutes }, arxiv: { minutes, categories: ['cs.CL'] } };
    const { resources } = synthesise({ monitoring: 'full', lists: settings });
    const minutesOf = (name: string) =>
      alarmsIn(resources).flatMap(({ id, periodSec }) =>
        id.startsWith(`MonitoringIngest${name}`) ? [periodSec / 60] : [],
      );
    const runsIn = (startMin: number, lengthMin: number) =>
      Array.from({ length: lengthMin }, (_, offset) => (startMin + offset) % 60).filter((minute) =>
        minutes.includes(minute),
      ).length;
    const fewest = (lengthMin: number) =>
      Math.min(...Array.from({ length: 60 }, (_, startMin) => runsIn(startMin, lengthMin)));

    expect([minutesOf('Failing'), minutesOf('NotFinishing')]).toEqual([[failingMin], [notFinishingMin]]);
    expect(fewest(failingMin)).toBeGreaterThanOrEqual(1);
    expect(fewest(notFinishingMin)).toBeGreaterThanOrEqual(2);
  });

  test.each(levels)('of level %s has a free dashboard with one source', (level) => {
    expect(dashboardMetricsIn(resourcesOf(level)).length).toBeLessThanOrEqual(FREE.dashboardMetrics);
  });

  test('of level full shows all its metrics, and watches the errors of each function', () => {
    const shown = new Set(dashboardMetricsIn(resourcesOf('full')).map(({ name }) => name));
    const watchedFunctions = alarmsIn(resourcesOf('full')).flatMap(({ metrics }) =>
      metrics.flatMap(({ name, dimensions }) => (name === 'Errors' ? [dimensions.FunctionName] : [])),
    );

    // With one source, the dashboard has all 50 free metrics, and this one rarely counts anything.
    expect(Object.keys(metricsOf('full')).filter((name) => !shown.has(name))).toEqual(['FormsTrapped']);
    expect(watchedFunctions.sort()).toEqual(
      allOf(resourcesOf('full'), 'AWS::Lambda::Function')
        .map(([id]) => `<${id}>`)
        .sort(),
    );
  });

  test('of level full watches everything that basic does', () => {
    const namesOf = (level: Monitoring) =>
      new Set(alarmsIn(resourcesOf(level)).flatMap(({ metrics }) => metrics.map(({ name }) => name)));

    const single = [...namesOf('basic')].flatMap((name) => (name === ALL_FAULTS ? faultNames : name));
    expect(single.filter((name) => !namesOf('full').has(name))).toEqual([]);
  });

  test('of level basic names the runbook section of each fault', () => {
    const table = readAlarmSections().get('A fault was counted') ?? '';
    const headings = alarmsIn(resourcesOf('full')).flatMap(({ properties, metrics }) =>
      metrics.some(({ name }) => faultNames.some((fault) => fault === name))
        ? [headingOf(properties.AlarmDescription)]
        : [],
    );

    expect(headings).toHaveLength(faultNames.length);
    expect(headings.filter((heading) => !table.includes(`[${heading}](#`))).toEqual([]);
  });

  test('goes off after as many faults of a kind with basic as with full', () => {
    const thresholdOf = (level: Monitoring, metric: string) =>
      alarmsIn(resourcesOf(level)).find(({ metrics }) => metrics.some(({ name }) => name === metric))
        ?.properties.Threshold;

    for (const fault of faultNames)
      expect([fault, thresholdOf('full', fault) * pointsOf(fault)]).toEqual([
        fault,
        thresholdOf('basic', ALL_FAULTS),
      ]);
  });

  test('has a runbook that names every limit with an alarm, and the one without', () => {
    const section = readAlarmSections().get('A budget is used up') ?? '';

    for (const limit of Object.keys(hourlyLimitsSchema.shape)) expect(section).toContain(`\`${limit}\``);
  });

  test('has every alarm that the runbook names', () => {
    const told = [...readAlarmSections().keys()];
    const headings = levels.flatMap((level) =>
      alarmsIn(resourcesOf(level)).map(({ properties }) => headingOf(properties.AlarmDescription)),
    );

    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((heading) => !headings.includes(heading))).toEqual([]);
  });

  test('of two stages in one account shares none of our own metrics', () => {
    const namespacesOf = (stage: 'dev' | 'prod') => {
      const { resources } = synthesise({ stage, monitoring: 'full' });
      const filters = allOf(resources, 'AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
        Properties.MetricTransformations.map((transformation: Resource) => transformation.MetricNamespace),
      );
      const shown = [
        ...alarmsIn(resources).flatMap(({ metrics }) => metrics),
        ...dashboardMetricsIn(resources),
      ].map(({ namespace }) => namespace);
      return [...new Set([...filters, ...shown])].filter((name) => !name.startsWith('AWS/'));
    };

    expect([namespacesOf('dev'), namespacesOf('prod')]).toEqual([['Broadsheet/dev'], ['Broadsheet/prod']]);
  });

  test('reports the parts that a runbook section lacks', () => {
    expect(missingIn('\n**Symptoms.** One.\n\n**Steps**\n\n1. Two.\n\n**It worked when** three.')).toEqual(
      [],
    );
    expect(missingIn('\n**Symptoms.** One. **Steps** Not a paragraph of its own.')).toEqual([
      'Steps',
      'It worked when',
    ]);
  });
});
