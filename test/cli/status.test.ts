import { describe, expect, test } from '@jest/globals';
import { PermissionError } from '../../cli/deployment/errors.ts';
import {
  type AlarmState,
  findNextDigests,
  hasData,
  loadStatus,
  type StatusPorts,
  toText,
} from '../../cli/status.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';
import type { Cohort } from '../../shared/domain/digests/cohort.ts';
import { outputs } from './deployment/outputs.ts';
import { createPorts, NOW } from './doctor/fake-account.ts';

const settings = parseSettings({ stage: 'prod', publication: { fromAddress: 'papers@example.org' } });
const NAME = { stage: 'prod', region: 'eu-west-1', account: '111122223333' };
const ALARM = {
  name: 'broadsheet-prod-pipeline-MonitoringDeadLetters',
  state: 'OK',
  description: 'Messages were given up. What to do: docs/alarms.md, "Dead letters". Threshold: one.',
  hasData: true,
};

const statusWith = (overrides: Partial<StatusPorts> = {}) =>
  loadStatus({ settings, outputs: { ...outputs, Version: '1.2.3', Commit: '0123456789ab' } }, NAME, {
    ...createPorts(),
    loadAlarms: async () => [ALARM],
    ...overrides,
  });

test('one screen shows version, lists, next digests, queues, quota and alarms', async () => {
  const status = await statusWith();
  const text = toText(status, 'prod.json');

  expect(status.isHealthy).toBe(true);
  expect(text.split('\n').length).toBeLessThanOrEqual(25);
  for (const part of [
    ...['Broadsheet prod, eu-west-1, account 111122223333', '1.2.3, commit 0123456789ab', outputs.PublicUrl],
    ...['list hf-daily', 'planner', 'cohorts queue', 'digests queue', 'feedback queue', 'requests queue'],
    ...[
      'SES quota',
      'next digests',
      '2026-01-06 07:00 UTC: 30',
      '0 of 1 went off',
      'Nothing here needs attention.',
    ],
  ])
    expect(text).toContain(part);
});

test('the checks are those of the account, the lists and the queues', async () => {
  const { checks } = await statusWith();

  expect(checks.map(({ name }) => name)).toEqual([
    'version',
    ...['SES sandbox', 'SES sending', 'SES quota', 'SES rate'],
    ...['list hf-daily', 'cohorts', 'planner'],
    ...['cohorts queue', 'digests queue', 'feedback queue', 'requests queue'],
  ]);
});

test('many lists of a source share a line', async () => {
  const lists = { arxiv: { categories: ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG', 'cs.RO', 'cs.SE'] } };
  const many = parseSettings({ stage: 'prod', publication: { fromAddress: 'papers@example.org' }, lists });
  const status = await loadStatus({ settings: many, outputs }, NAME, {
    ...createPorts(),
    loadAlarms: async () => [ALARM],
  });

  expect(status.checks.map(({ name }) => name)).toContain('lists of arxiv');
});

test('JSON has the deployment, its alarms and its next digests', async () => {
  expect(JSON.parse(JSON.stringify(await statusWith()))).toMatchObject({
    deployment: NAME,
    version: '1.2.3',
    commit: '0123456789ab',
    isHealthy: true,
    alarms: [ALARM],
    nextDigests: { due: [{ at: '2026-01-06T07:00:00.000Z', count: 30 }], instant: 0, withoutTime: 0 },
  });
});

test('an alarm that went off is named with what to do', async () => {
  const status = await statusWith({ loadAlarms: async () => [{ ...ALARM, state: 'ALARM' }, ALARM] });

  expect(status.isHealthy).toBe(false);
  expect(toText(status, 'prod.json')).toContain('1 of 2 went off');
  expect(toText(status, 'prod.json')).toContain('npx broadsheet doctor --settings prod.json');
  expect(toText(status, 'prod.json')).toMatch(
    /Messages were given up. What to do: docs\/alarms.md, "Dead letters".\n/,
  );
});

describe('an alarm that missing values set off', () => {
  const DEPLOYED_AT = '2026-01-05T13:30:00.000Z';
  const since = '2026-01-05T13:33:00.000Z';
  const unfed = { ...ALARM, name: 'ListOverdue', state: 'ALARM', hasData: false, since };
  const statusOf = (alarm: AlarmState, deployedAt: string = DEPLOYED_AT) =>
    statusWith({
      loadAlarms: async () => [alarm, ALARM],
      stack: { loadChangedAt: async () => deployedAt },
    });

  test('waits for the first run of a new deployment', async () => {
    const status = await statusOf(unfed);

    expect(status).toMatchObject({ isHealthy: true, alarms: [{ isWaiting: true }, { isWaiting: false }] });
    expect(toText(status, 'prod.json')).toContain('0 of 2 went off, 1 waits for a first run');
  });

  test.each<[string, AlarmState, string]>([
    ['an hour after the deployment', unfed, '2026-01-05T13:00:00.000Z'],
    ['if it went off before the deployment', { ...unfed, since: '2026-01-05T13:29:59.000Z' }, DEPLOYED_AT],
    ['if a value set it off', { ...unfed, hasData: true }, DEPLOYED_AT],
    ['if it is unknown since when', { ...unfed, since: undefined }, DEPLOYED_AT],
  ])('rings %s', async (_, alarm, deployedAt) => {
    const status = await statusOf(alarm, deployedAt);

    expect(status.isHealthy).toBe(false);
    expect(toText(status, 'prod.json')).toContain('1 of 2 went off');
  });

  test.each<[string | undefined, boolean]>([
    ['{"version":"1.0","period":3600,"recentDatapoints":[],"threshold":1.0}', false],
    ['{"version":"1.0","period":3600,"recentDatapoints":[1.0],"threshold":1.0}', true],
    ['{"triggeringAlarms":[]}', true],
    ['not JSON', true],
    [undefined, true],
  ])('is read from the reason %j', (reason, expected) => {
    expect(hasData(reason)).toBe(expected);
  });
});

test.each<[string, Partial<StatusPorts>]>([
  ['alarms', { loadAlarms: () => Promise.reject(new PermissionError('cloudwatch:DescribeAlarms')) }],
  ['next digests', { cohorts: { countAll: () => Promise.reject(new PermissionError('dynamodb:Query')) } }],
  ['quota', { queues: { load: () => Promise.reject(new PermissionError('sqs:GetQueueAttributes')) } }],
  ['lists', { sourceStates: { load: () => Promise.reject(new Error('lost')) } }],
])('%s that cannot be read cost only that part', async (_, ports) => {
  const text = toText(await statusWith(ports), 'prod.json');

  for (const part of ['1.2.3', 'list hf-daily', 'next digests', 'digests queue', 'SES quota', 'alarms'])
    expect(text).toContain(part);
  expect(text).toMatch(/may not do|lost/);
});

test('the next digests are those of each cohort at its own local time, the nearest first', () => {
  const cohorts: readonly (readonly [Cohort, number])[] = [
    [{ cadence: 'daily', timeZone: 'Europe/Berlin', hour: 8 }, 30],
    [{ cadence: 'daily', timeZone: 'UTC', hour: 7 }, 2],
    [{ cadence: 'daily', timeZone: 'UTC', hour: 15 }, 5],
    [{ cadence: 'weekly', timeZone: 'UTC', hour: 15, weekday: 1 }, 1],
    [{ cadence: 'weekly', timeZone: 'UTC', hour: 14, weekday: 1 }, 3],
    [{ cadence: 'monthly', timeZone: 'Asia/Tokyo', hour: 0 }, 4],
    [{ cadence: 'daily', timeZone: 'UTC', hour: 9 }, 0],
    [{ cadence: 'instant', lists: ['hf-daily'] }, 6],
    [{ cadence: 'daily', timeZone: 'IST', hour: 9 }, 7],
  ];

  expect(
    findNextDigests(
      cohorts.map(([cohort, members]) => ({ cohort, members })),
      NOW,
    ),
  ).toEqual({
    due: [
      { at: '2026-01-05T15:00:00.000Z', count: 6 },
      { at: '2026-01-06T07:00:00.000Z', count: 32 },
      { at: '2026-01-12T14:00:00.000Z', count: 3 },
      { at: '2026-01-31T15:00:00.000Z', count: 4 },
    ],
    instant: 6,
    withoutTime: 7,
  });
});
