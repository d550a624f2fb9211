import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type ChargedLine, charge, totalOf } from '../../../infra/cost/cost-line.ts';
import { toCostPage } from '../../../infra/cost/cost-page.ts';
import { mailCostOf } from '../../../infra/cost/mail-cost.ts';
import { prices } from '../../../infra/cost/prices.ts';
import { readingCostOf } from '../../../infra/cost/reading-cost.ts';
import type { Resource } from '../../../infra/cost/resources.ts';
import { standingCostOf } from '../../../infra/cost/standing-cost.ts';
import { synthesize, synthesizeLevels } from '../../../infra/cost/synthesize.ts';
import { dollars, quantity } from '../../../infra/cost/wording.ts';
import { settingsExamples } from '../../../infra/settings/examples.ts';
import { metricsOf } from '../../../shared/observability.ts';

let deployments: ReturnType<typeof synthesizeLevels>;
const basic = () => deployments.basic;
const full = () => deployments.full;

beforeAll(() => {
  deployments = synthesizeLevels();
});

const lineOf = (lines: readonly ChargedLine[], resource: string) =>
  lines.find((line) => line.resource === resource);

/** A deployment with some resources changed. */
const changed = (resources: readonly Resource[], change: (resource: Resource) => Resource | undefined) =>
  resources.flatMap((resource) => change(resource) ?? []);

const isOf = (type: string) => (resource: Resource) => resource.type === type;

test('docs/cost.md is current; if it is not, run npm run docs', async () => {
  expect(await readFile('docs/cost.md', 'utf8')).toBe(toCostPage(deployments));
});

describe('an idle deployment', () => {
  test('costs at most 1.50 $ a month beyond what every account has free', () => {
    const { usd } = totalOf(standingCostOf(basic()));

    expect(usd).toBeGreaterThan(0.5);
    expect(usd).toBeLessThanOrEqual(1.5);
  });

  test('is accounted for with every setting in use', () => {
    expect(() => standingCostOf(synthesize(settingsExamples.prod))).not.toThrow();
  });

  test('costs a dollar more with encrypted topics', () => {
    const keysOf = (resources: readonly Resource[]) => lineOf(standingCostOf(resources), 'Keys of KMS')?.usd;

    expect([basic(), synthesize({ ...settingsExamples.dev, encryptTopics: true })].map(keysOf)).toEqual([
      0, 1,
    ]);
  });

  test('is not priced where nobody said what a type of resource costs: the message names it', () => {
    const resources = [...basic(), { id: 'Cluster', type: 'AWS::ECS::Cluster', properties: {} }];

    expect(() => standingCostOf(resources)).toThrow(
      'infra/cost does not know what these cost: AWS::ECS::Cluster',
    );
  });

  test('polls each queue 657,000 times a month', () => {
    const sources = basic().filter(isOf('AWS::Lambda::EventSourceMapping')).length;

    expect(lineOf(standingCostOf(basic()), 'Queues, polled while they are empty')).toMatchObject({
      ...{ count: sources, quantity: sources * 657_000 },
    });
  });

  test('pays for each metric of an alarm', () => {
    const single = { id: 'A', type: 'AWS::CloudWatch::Alarm', properties: { MetricName: 'Errors' } };
    const metrics = [
      { Expression: 'MAX([a, b, c])' },
      ...['a', 'b', 'c'].map((Id) => ({ Id, MetricStat: {} })),
    ];
    const combined = { id: 'B', type: 'AWS::CloudWatch::Alarm', properties: { Metrics: metrics } };
    const others = basic().filter((one) => !isOf('AWS::CloudWatch::Alarm')(one));

    expect(lineOf(standingCostOf([...others, single, combined]), 'Alarms')).toMatchObject({
      count: 2,
      quantity: 4,
    });
    expect(lineOf(standingCostOf(basic()), 'Alarms')?.quantity).toBeGreaterThan(10);
  });

  test('has as many metrics as its level publishes', () => {
    const of = (resources: readonly Resource[]) =>
      lineOf(standingCostOf(resources), 'Metrics of our own')?.quantity;

    expect([of(basic()), of(full())]).toEqual(
      (['basic', 'full'] as const).map((level) => Object.keys(metricsOf(level)).length),
    );
  });

  test('has no metrics of its configuration set, which would be charged behind its own', () => {
    const of = (resources: readonly Resource[]) =>
      lineOf(standingCostOf(resources), 'Metrics of SES for the configuration set');

    const measured = changed(full(), (one) =>
      isOf('AWS::SES::ConfigurationSet')(one)
        ? { ...one, properties: { ReputationOptions: { ReputationMetricsEnabled: true } } }
        : one,
    );

    expect([of(basic()), of(full())]).toMatchObject([
      { quantity: 0, usd: 0 },
      { quantity: 0, usd: 0 },
    ]);
    expect(of(measured)).toMatchObject({ quantity: 2, usd: 0.6 });
  });

  test('pays for a dashboard of more than 50 metrics', () => {
    const widgets = [{ properties: { metrics: Array(51).fill(['AWS/SES', 'Send']) } }];
    const resources = changed(basic(), (one) =>
      isOf('AWS::CloudWatch::Dashboard')(one)
        ? { ...one, properties: { DashboardBody: { 'Fn::Join': ['', [JSON.stringify({ widgets })]] } } }
        : one,
    );

    expect(lineOf(standingCostOf(resources), 'Dashboard')?.usd).toBe(3);
    expect(lineOf(standingCostOf(basic()), 'Dashboard')?.usd).toBe(0);
  });

  test('is not priced where a schedule is none of minutes', () => {
    const resources = changed(basic(), (one) =>
      isOf('AWS::Scheduler::Schedule')(one)
        ? { ...one, properties: { ...one.properties, ScheduleExpression: 'rate(1 minute)' } }
        : one,
    );

    expect(() => standingCostOf(resources)).toThrow('expected minutes of every hour');
  });

  test('reads the papers for cents', () => {
    const { usd } = totalOf(readingCostOf(basic()));

    expect(usd).toBeGreaterThan(0.01);
    expect(usd).toBeLessThan(0.25);
  });
});

describe('a line', () => {
  const line = { resource: '', count: 1, note: '' };

  test('is free within the allowance, which lines of one price share', () => {
    const metrics = { ...line, quantity: 8, price: prices.customMetrics };

    expect(charge([metrics, metrics, metrics]).map(({ usd }) => usd.toFixed(2))).toEqual([
      '0.00',
      '1.80',
      '2.40',
    ]);
  });

  test('is charged by the price’s unit', () => {
    const [mails] = charge([{ ...line, quantity: 2500, price: prices.mails }]);

    expect(mails?.usd).toBeCloseTo(0.25);
  });

  test('tells dollars and quantities as a reader takes them in', () => {
    expect([0, 0.00002, 0.0026, 0.39, 12].map(dollars)).toEqual([
      '0',
      'under 0.0001 $',
      '0.0026 $',
      '0.39 $',
      '12.00 $',
    ]);
    expect([0, 0.01168, 14, 1_971_000].map(quantity)).toEqual(['0', '0.012', '14', '1,971,000']);
  });
});

describe('a thousand digests', () => {
  const usdOf = (mailing: Parameters<typeof mailCostOf>[0]) =>
    totalOf(mailCostOf(mailing)).usdWithoutAllowance;

  test('cost less beside SES than SES itself, least in large batches without event tracking', () => {
    const costs = [
      usdOf({ batchSize: 50, eventTracking: false }),
      usdOf({ batchSize: 50, eventTracking: true }),
      usdOf({ batchSize: 1, eventTracking: true }),
      prices.mails.usd,
    ];

    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });
});
