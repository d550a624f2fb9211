import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkPublicUrl } from '../../../cli/doctor/checks/pages.ts';
import { checkList } from '../../../cli/doctor/checks/reading.ts';
import {
  checkCohorts,
  checkConcurrency,
  checkEventSources,
  checkPlanner,
  checkQueue,
  checkVersion,
} from '../../../cli/doctor/checks/running.ts';
import { checkQuota, checkRate } from '../../../cli/doctor/checks/sending-account.ts';
import { type EventSource, type Web, type WebAnswer, WebError } from '../../../cli/doctor/ports.ts';
import type { ListHistory } from '../../../shared/domain/lists/list-state.ts';
import { addMs } from '../../../shared/domain/time/time.ts';
import { createAccount, createEventSource } from './fake-account.ts';

/** A Monday, after the hour by which papers are due. */
const NOW = '2026-01-05T14:00:00.000Z';
const minutesAgo = (minutes: number) => addMs(NOW, -minutes * 60_000);
const LONG_AGO = minutesAgo(3 * 24 * 60);

const CALENDAR = { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 12 };
const MANY_READERS = [{ cohort: { cadence: 'daily', timeZone: 'UTC', hour: 8 }, members: 100 }] as const;

describe('the cohorts', () => {
  test('are fine if each can be read', () => {
    expect(checkCohorts({ sizes: MANY_READERS, faults: [] })).toMatchObject({
      state: 'ok',
      found: '100 confirmed subscribers in 1 cohort',
    });
  });

  test('fail by the first that cannot be read, with the section of the runbook', () => {
    expect(checkCohorts({ sizes: MANY_READERS, faults: ['COHORTS / odd', 'COHORTS / even'] })).toMatchObject({
      state: 'fail',
      found: '2 stored cohorts cannot be read, so their subscribers get no digests: COHORTS / odd',
      advice: 'docs/alarms.md, "A stored record cannot be read"',
    });
  });
});

describe('a list', () => {
  const check = (
    history: Partial<ListHistory> | undefined,
    minutes = [10, 25, 40, 55],
    deployedAt = LONG_AGO,
  ) =>
    checkList(
      {
        list: 'hf-daily',
        history: history && {
          lastSuccessAt: minutesAgo(5),
          lastNewAt: minutesAgo(60),
          failuresInARow: 0,
          ...history,
        },
        calendar: CALENDAR,
        minutes,
      },
      NOW,
      deployedAt,
    );

  test.each([
    ['ok', {}],
    ['ok', { failuresInARow: 2 }],
    ['ok', { lastSuccessAt: minutesAgo(30) }],
    ['warn', { lastSuccessAt: minutesAgo(31) }],
    ['warn', { lastSuccessAt: minutesAgo(60) }],
    ['fail', { lastSuccessAt: minutesAgo(61) }],
    ['warn', { lastNewAt: minutesAgo(4 * 24 * 60) }],
    ['warn', { isNewestWhole: false }],
    ['fail', { failuresInARow: 3 }],
    ['fail', { lastSuccessAt: undefined, failuresInARow: 1 }],
    ['fail', undefined],
  ])('read every quarter hour is %s for %j', (state, overrides) => {
    expect(check(overrides).state).toBe(state);
  });

  test.each([
    ['ok', [0], 120],
    ['warn', [0], 121],
    ['fail', [0], 241],
    ['ok', [0, 50], 100],
    ['ok', [30], 120],
    ['warn', [0, 50], 101],
  ])('is %s when its schedule is %j and the last read %d minutes ago', (state, minutes, age) => {
    expect(check({ lastSuccessAt: minutesAgo(age) }, minutes).state).toBe(state);
  });

  test('is described with numbers', () => {
    expect(check({ lastNewAt: minutesAgo(300) }).found).toBe('fresh; read 5 min ago, last new paper 5 h ago');
    expect(check(undefined)).toMatchObject({
      found: 'never read',
      advice: expect.stringContaining('it is read at :10, :25, :40, :55'),
    });
  });
});

describe('straight after a deployment', () => {
  const found = 'waiting for the first run, at 14:15 UTC';
  const before = LONG_AGO;

  test('a list waits for its first read, also one that was read before the pipeline was taken down', () => {
    const known = { list: 'hf-daily', calendar: CALENDAR, minutes: [0, 15, 30, 45] } as const;
    const of = (history: ListHistory | undefined, deployedAt = minutesAgo(1)) =>
      checkList({ ...known, history }, NOW, deployedAt);

    expect(of(undefined)).toMatchObject({ state: 'wait', found });
    expect(of({ lastSuccessAt: before, lastNewAt: before, failuresInARow: 0 })).toMatchObject({ found });
    expect(of(undefined, minutesAgo(15)).state).toBe('wait');
    expect(of(undefined, minutesAgo(20)).state).toBe('fail');
    expect(of({ failuresInARow: 1 })).toMatchObject({
      state: 'fail',
      found: 'never read: the last read failed',
      advice: expect.stringContaining('"A list is stale or broken"'),
    });
    const justRead = { lastSuccessAt: minutesAgo(2), lastNewAt: minutesAgo(60), failuresInARow: 0 };
    expect(of(justRead).state).toBe('ok');
  });

  test('the planner waits for its first run, also one that ran before the pipeline was taken down', () => {
    expect(checkPlanner(undefined, NOW, minutesAgo(1))).toMatchObject({ state: 'wait', found });
    expect(checkPlanner({ lastTick: before, arrivals: {} }, NOW, minutesAgo(1))).toMatchObject({ found });
    expect(checkPlanner({ lastTick: NOW, arrivals: {} }, NOW, minutesAgo(1)).state).toBe('ok');
    expect(checkPlanner(undefined, NOW, minutesAgo(26)).state).toBe('fail');
  });
});

describe('the event sources', () => {
  const queue = (name: string, overrides: Partial<EventSource> = {}) => ({
    name,
    arn: `arn:${name}`,
    sources: [createEventSource({ id: `id-${name}`, queueArn: `arn:${name}`, ...overrides })],
  });

  test('are ok if every queue has one with a limit', () => {
    expect(checkEventSources([queue('a'), queue('b')])).toEqual({ state: 'ok', found: 'all 2 are on' });
  });

  test.each([
    ['fail', { queueArn: 'arn:other' }, 'no function takes messages from: b'],
    ['fail', { state: 'Disabled' }, 'switched off, so messages wait for four days and are lost then: b'],
    ['wait', { state: 'Creating' }, 'b is Creating'],
    ['warn', { maxConcurrency: undefined }, 'may use every function of the account'],
  ])('are %s for one with %j', (state, overrides, found) => {
    expect(checkEventSources([queue('a'), queue('b', overrides)])).toMatchObject({
      state,
      found: expect.stringContaining(found),
    });
  });

  test('that are off come with the command that switches them on', () => {
    expect(checkEventSources([queue('a', { state: 'Disabled' })]).advice).toContain(
      'aws lambda update-event-source-mapping --uuid id-a --enabled',
    );
  });
});

describe('concurrency', () => {
  const queues = [createEventSource({ maxConcurrency: 2 }), createEventSource({ maxConcurrency: 6 })].map(
    (source) => ({ sources: [source] }),
  );
  const check = (account: number, unreserved = account, reserved?: number) =>
    checkConcurrency({ account, unreserved }, queues, [{ name: 'api', reserved }]);

  test.each([
    ['ok', 10, 10],
    ['warn', 9, 9],
    ['fail', 7, 7],
    ['fail', 1000, 5],
  ])('is %s if the account allows %d concurrent functions, %d of them unreserved', (state, all, left) => {
    expect(check(all, left).state).toBe(state);
  });

  test('fails if a function is switched off, and names the command that switches it on', () => {
    expect(check(1000, 1000, 0)).toEqual({
      state: 'fail',
      found: 'switched off by a reserved concurrency of 0: api',
      advice: 'aws lambda delete-function-concurrency --function-name api',
    });
    expect(check(1000, 1000, 5).state).toBe('ok');
  });
});

test('advice names a page and one of its headings, and agrees with the page on how long things take', () => {
  const files = readdirSync('cli', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const named = files.flatMap((file) =>
    [...readFileSync(join('cli', file), 'utf8').matchAll(/(docs\/\w+\.md), "([^"]+)"/g)].map(
      ([, page = '', heading = '']) => ({ page, heading }),
    ),
  );
  const isHeading = ({ page, heading }: { page: string; heading: string }) =>
    [`## ${heading}`, `### ${heading}`].some((line) => readFileSync(page, 'utf8').split('\n').includes(line));
  const alarms = readFileSync('docs/alarms.md', 'utf8');

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !isHeading(name))).toEqual([]);
  expect(checkQuota(createAccount({ max24HourSend: 1 }), MANY_READERS).advice).toContain('up to 4 days');
  expect(alarms).toContain('time and again for up to four days');
  expect(checkRate(createAccount({ accountRatePerSec: 1 }), 14).advice).toContain('after 5 minutes');
  expect(alarms).toContain('usually goes out five minutes later');
});

describe('the planner', () => {
  test.each([
    ['ok', 0],
    ['ok', 20],
    ['warn', 21],
    ['warn', 30],
    ['fail', 31],
  ])('is %s when its last tick is %d minutes old', (state, minutes) => {
    expect(checkPlanner({ lastTick: minutesAgo(minutes), arrivals: {} }, NOW, LONG_AGO).state).toBe(state);
  });

  test('fails if it never ran', () => {
    expect(checkPlanner(undefined, NOW, LONG_AGO)).toMatchObject({ state: 'fail', found: 'never ran' });
  });
});

describe('a queue', () => {
  const depth = (waiting: number, inFlight = 0) => ({ arn: 'arn', waiting, inFlight });

  test('counts waiting messages, which are no fault', () => {
    expect(checkQueue(depth(700, 5), depth(0))).toEqual({
      state: 'ok',
      found: '0 dead letters, 700 waiting, 5 being worked on',
    });
  });

  test('counts dead letters in words that fit', () => {
    const foundWith = (dead: number) => checkQueue(depth(0), depth(dead)).found;

    expect(foundWith(1)).toBe('1 dead letter, 0 waiting, 0 being worked on');
    expect(foundWith(2)).toBe('2 dead letters, 0 waiting, 0 being worked on');
  });

  test.each([
    [1, 0],
    [0, 1],
  ])('fails with %d dead letters and %d more in flight, and names the runbook', (waiting, inFlight) => {
    expect(checkQueue(depth(0), depth(waiting, inFlight))).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining('docs/alarms.md, "Dead letters"'),
    });
  });
});

describe('the public URL', () => {
  const PUBLIC = 'https://daily.example.org';
  const API = 'https://abc.execute-api.eu-west-1.amazonaws.com/';
  const webOf = (answers: Readonly<Record<string, WebAnswer | WebError>>): Web => ({
    async fetch({ method, url }) {
      const answer = method === 'GET' ? answers[url.href] : undefined;
      if (!answer) throw new Error(`not foreseen: ${method} ${url.href}`);
      if (answer instanceof WebError) throw answer;
      return answer;
    },
  });
  const check = (
    answer: WebAnswer | WebError,
    api: WebAnswer | WebError = { status: 200 },
    SiteTarget?: string,
  ) =>
    checkPublicUrl(webOf({ [`${PUBLIC}/`]: answer, [API]: api }), {
      PublicUrl: PUBLIC,
      ApiUrl: API,
      SiteTarget,
    });

  test('is ok if the pages answer', async () => {
    expect(await check({ status: 200 })).toEqual({ state: 'ok', found: `${PUBLIC} answers` });
  });

  test.each([
    [
      new WebError('name', 'getaddrinfo ENOTFOUND'),
      'has no address in DNS: getaddrinfo',
      'publication.publicUrl',
    ],
    [new WebError('certificate', 'expired'), 'certificate that is not trusted', 'check that the certificate'],
    [new WebError('time-out', 'no answer'), 'does not answer', 'the DNS record of daily.example.org'],
    [
      { status: 301, location: 'https://www.example.org/' },
      '301 and leads to https://www',
      'your proxy or CDN',
    ],
    [{ status: 503 }, 'answers 503, expected 200', 'your proxy or CDN'],
  ])('fails for %j, and it is not the API', async (answer, found, advice) => {
    expect(await check(answer)).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(new RegExp(`${found}.*; ${API} does answer`)),
      advice: expect.stringContaining(advice),
    });
  });

  test('fails with the record that a site of its own needs', async () => {
    const target = 'd-abc.execute-api.eu-west-1.amazonaws.com';

    expect(await check(new WebError('name', 'unknown'), { status: 200 }, target)).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining(`a CNAME record of daily.example.org that leads to ${target}`),
    });
  });

  test('fails as a fault of the API if that does not answer either', async () => {
    expect(await check(new WebError('name', 'unknown'), { status: 500 })).toMatchObject({
      state: 'fail',
      found: expect.stringContaining('answers 500, expected 200 too'),
      advice: expect.stringMatching(/write a DNS record of daily\.example\.org .*"The pages fail"/),
    });
    expect(await check({ status: 502 }, { status: 500 })).toMatchObject({
      state: 'fail',
      advice: 'docs/alarms.md, "The pages fail"',
    });
  });

  test.each([
    [new WebError('name', 'unknown'), 'a CNAME record of daily.example.org that leads to d-abc'],
    [new WebError('certificate', 'expired'), 'check that the certificate'],
    [{ status: 502 }, '"The pages fail"'],
  ])('fails for %j if a domain replaces the address of the API', async (answer, advice) => {
    const web = webOf({ [`${PUBLIC}/`]: answer });

    expect(await checkPublicUrl(web, { PublicUrl: PUBLIC, SiteTarget: 'd-abc' })).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining(advice),
    });
  });

  test('asks once if the pages are at the address that AWS gave', async () => {
    const finding = await checkPublicUrl(webOf({ [API]: { status: 502 } }), {
      PublicUrl: API.slice(0, -1),
      ApiUrl: API,
    });
    expect(finding).toMatchObject({ state: 'fail', found: `${API.slice(0, -1)} answers 502, expected 200` });
  });
});

describe('the version', () => {
  const deployed = {
    Version: '1.2.3',
    Commit: '0123456789ab',
    DataVersion: '1.2.3',
    DataCommit: '0123456789ab',
  };

  test.each([
    { of: 'both stacks', outputs: deployed, state: 'ok', found: '1.2.3, commit 0123456789ab' },
    {
      of: 'a tarball without git',
      outputs: { ...deployed, Commit: 'unknown', DataCommit: 'unknown' },
      state: 'ok',
      found: '1.2.3, commit unknown',
    },
    {
      of: 'a data stack of another commit',
      outputs: { ...deployed, DataCommit: 'ba9876543210' },
      state: 'warn',
      found: '1.2.3, commit 0123456789ab, but the data stack is 1.2.3, commit ba9876543210',
    },
    {
      of: 'a data stack from before versions had names',
      outputs: { Version: '1.2.3', Commit: '0123456789ab' },
      state: 'warn',
      found: '1.2.3, commit 0123456789ab, but the data stack is older, commit unknown',
    },
    {
      of: 'uncommitted changes',
      outputs: { ...deployed, Commit: '0123456789ab-dirty', DataCommit: '0123456789ab-dirty' },
      state: 'warn',
      found: '1.2.3, commit 0123456789ab-dirty: it was deployed with uncommitted changes',
    },
    {
      of: 'a deployment from before versions had names',
      outputs: {},
      state: 'warn',
      found: 'unknown: this version did not name itself yet',
    },
  ])('of $of is $state', ({ outputs, state, found }) => {
    expect(checkVersion(outputs)).toMatchObject({ state, found });
  });
});
