import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { busyDay, busyDayCostOf, waitingCostOf } from '../../../infra/cost/busy-day.ts';
import { toCostPage } from '../../../infra/cost/cost-page.ts';
import { idleCostOf } from '../../../infra/cost/idle-cost.ts';
import { type ChargedLine, charge, dollars, prices, quantity, totalOf } from '../../../infra/cost/prices.ts';
import { type Resource, resourcesOf } from '../../../infra/cost/template.ts';
import { mailCostOf, readingCostOf } from '../../../infra/cost/usage-cost.ts';
import { settingsExamples } from '../../../infra/settings/examples.ts';
import type { SettingsInput } from '../../../infra/settings/schema.ts';
import { type Monitoring, metricsOf } from '../../../shared/observability.ts';
import { synthesise } from '../deployment.ts';

const deploymentWith = (settings: Partial<SettingsInput>) =>
  resourcesOf([{ Resources: synthesise(settings).resources }]);
const basic = () => deploymentWith({ monitoring: 'basic' });
const full = () => deploymentWith({ monitoring: 'full' });

const lineOf = (lines: readonly ChargedLine[], resource: string) =>
  lines.find((line) => line.resource === resource);

/** Returns the resources, each changed by `change`. */
const changed = (resources: readonly Resource[], change: (resource: Resource) => Resource | undefined) =>
  resources.flatMap((resource) => change(resource) ?? []);

const isOf = (type: string) => (resource: Resource) => resource.type === type;

test('docs/cost.md is current (run npm run docs if this fails)', async () => {
  expect(await readFile('docs/cost.md', 'utf8')).toBe(toCostPage({ basic: basic(), full: full() }));
});

describe('an idle deployment', () => {
  test('costs at most $1.50 a month beyond the free allowances', () => {
    const { usd } = totalOf(idleCostOf(basic()));

    expect(usd).toBeGreaterThan(0.5);
    expect(usd).toBeLessThanOrEqual(1.5);
  });

  test('has a price for every resource, with every setting in use', () => {
    const { site, ...others } = settingsExamples.prod;
    const cloudFront = { ...site.cloudFront, originSecret: 'a-secret-of-at-least-32-characters' };
    const everySetting = deploymentWith({ ...others, site: { ...site, cloudFront } });

    expect(() => idleCostOf(everySetting)).not.toThrow();
  });

  test('costs a dollar more with encrypted topics', () => {
    const keysOf = (resources: readonly Resource[]) => lineOf(idleCostOf(resources), 'Keys of KMS')?.usd;

    expect([basic(), deploymentWith({ encryptTopics: true })].map(keysOf)).toEqual([0, 1]);
  });

  test('has no total if a resource type has no price, and the error names the type', () => {
    const resources = [...basic(), { id: 'Cluster', type: 'AWS::ECS::Cluster', properties: {} }];

    expect(() => idleCostOf(resources)).toThrow('infra/cost has no price for these types: AWS::ECS::Cluster');
  });

  test('polls each queue 657,000 times a month', () => {
    const sources = basic().filter(isOf('AWS::Lambda::EventSourceMapping')).length;

    expect(lineOf(idleCostOf(basic()), 'Queues, polled while empty')).toMatchObject({
      count: sources,
      quantity: sources * 657_000,
    });
  });

  test('pays for every metric of an alarm', () => {
    const single = { id: 'A', type: 'AWS::CloudWatch::Alarm', properties: { MetricName: 'Errors' } };
    const metrics = [
      { Expression: 'MAX([a, b, c])' },
      ...['a', 'b', 'c'].map((Id) => ({ Id, MetricStat: {} })),
    ];
    const combined = { id: 'B', type: 'AWS::CloudWatch::Alarm', properties: { Metrics: metrics } };
    const others = basic().filter((resource) => !isOf('AWS::CloudWatch::Alarm')(resource));

    expect(lineOf(idleCostOf([...others, single, combined]), 'Alarms')).toMatchObject({
      count: 2,
      quantity: 4,
    });
    expect(lineOf(idleCostOf(basic()), 'Alarms')?.quantity).toBeGreaterThan(10);
  });

  test('pays for the metrics of its level', () => {
    const of = (resources: readonly Resource[]) =>
      lineOf(idleCostOf(resources), 'Metrics of Broadsheet')?.quantity;

    const names = (level: Monitoring) => Object.keys(metricsOf(level)).length;

    expect(of(basic())).toBe(names('basic'));
    expect(of(full())).toBe(names('full'));
  });

  test('publishes no metrics of its configuration set, which would cost extra', () => {
    const of = (resources: readonly Resource[]) =>
      lineOf(idleCostOf(resources), 'Metrics of SES for the configuration set');

    const measured = changed(full(), (resource) =>
      isOf('AWS::SES::ConfigurationSet')(resource)
        ? { ...resource, properties: { ReputationOptions: { ReputationMetricsEnabled: true } } }
        : resource,
    );

    expect([of(basic()), of(full())]).toMatchObject([
      { quantity: 0, usd: 0 },
      { quantity: 0, usd: 0 },
    ]);
    expect(of(measured)).toMatchObject({ quantity: 2, usd: 0.6 });
  });

  test('pays for a dashboard of more than 50 metrics', () => {
    const widgets = [{ properties: { metrics: Array(51).fill(['AWS/SES', 'Send']) } }];
    const resources = changed(basic(), (resource) =>
      isOf('AWS::CloudWatch::Dashboard')(resource)
        ? { ...resource, properties: { DashboardBody: { 'Fn::Join': ['', [JSON.stringify({ widgets })]] } } }
        : resource,
    );

    expect(lineOf(idleCostOf(resources), 'Dashboard')?.usd).toBe(3);
    expect(lineOf(idleCostOf(basic()), 'Dashboard')?.usd).toBe(0);
  });

  test('has no total if a schedule does not name minutes of every hour', () => {
    const resources = changed(basic(), (resource) =>
      isOf('AWS::Scheduler::Schedule')(resource)
        ? { ...resource, properties: { ...resource.properties, ScheduleExpression: 'rate(1 minute)' } }
        : resource,
    );

    expect(() => idleCostOf(resources)).toThrow('expected minutes of every hour');
  });

  test('reads papers for a few cents', () => {
    const { usd } = totalOf(readingCostOf(basic()));

    expect(usd).toBeGreaterThan(0.01);
    expect(usd).toBeLessThan(0.25);
  });
});

describe('a line', () => {
  const line = { resource: '', count: 1, note: '' };

  test('is free within the allowance, which lines of the same price share', () => {
    const metrics = { ...line, quantity: 8, price: prices.customMetrics };

    expect(charge([metrics, metrics, metrics]).map(({ usd }) => usd.toFixed(2))).toEqual([
      '0.00',
      '1.80',
      '2.40',
    ]);
  });

  test('is charged by the unit of its price', () => {
    const [mails] = charge([{ ...line, quantity: 2500, price: prices.mails }]);

    expect(mails?.usd).toBeCloseTo(0.25);
  });

  test('shows dollars and quantities with useful digits', () => {
    expect([0, 0.00002, 0.0026, 0.39, 12].map(dollars)).toEqual([
      '$0',
      'under $0.0001',
      '$0.0026',
      '$0.39',
      '$12.00',
    ]);
    expect([0, 0.01168, 14, 1_971_000].map(quantity)).toEqual(['0', '0.012', '14', '1,971,000']);
  });
});

describe('a thousand digests', () => {
  type Mailing = Parameters<typeof mailCostOf>[0];
  const usdOf = (mailing: Partial<Mailing> & Pick<Mailing, 'batchSize' | 'eventTracking'>) =>
    totalOf(mailCostOf({ accountRatePerSec: 50, ...mailing })).usdWithoutAllowance;

  test('cost less without SES than SES charges, and least in large batches without event tracking', () => {
    const costs = [
      usdOf({ batchSize: 50, eventTracking: false }),
      usdOf({ batchSize: 50, eventTracking: false, accountRatePerSec: 14 }),
      usdOf({ batchSize: 50, eventTracking: true }),
      usdOf({ batchSize: 1, eventTracking: true }),
      prices.mails.usd,
    ];

    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });
});

test('the mails of a busy day meet the goal of 2 % where the page says so', () => {
  const { mails, digests } = busyDay;
  const usdAt = (ratePerSec: number) =>
    totalOf(busyDayCostOf(busyDay)).usdWithoutAllowance + waitingCostOf(busyDay, ratePerSec);
  const [goal, goalOnPlan] = [0.02 * prices.mails.usd, 0.02 * prices.mailsOnPlan.usd];

  expect([usdAt(50) <= goalOnPlan, usdAt(50) <= goal]).toEqual([true, false]);
  expect((usdAt(50) * mails) / digests).toBeLessThanOrEqual(goal);
  expect(usdAt(14)).toBeGreaterThan(goalOnPlan);
});
