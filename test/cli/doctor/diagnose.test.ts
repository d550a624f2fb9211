import { describe, expect, test } from '@jest/globals';
import { CommandError, PermissionError } from '../../../cli/deployment/errors.ts';
import { checkArxiv, checkLists } from '../../../cli/doctor/checks/lists.ts';
import { createChecks } from '../../../cli/doctor/checks.ts';
import {
  diagnose,
  fail,
  ok,
  toDeploymentName,
  toJson,
  toText,
  warn,
  worstOf,
} from '../../../cli/doctor/diagnosis.ts';
import { DnsError, type DoctorPorts, WebError } from '../../../cli/doctor/ports.ts';
import { parseSettings } from '../../../infra/settings/parse-settings.ts';
import { addMs, MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { KeysError } from '../../../shared/subscribers/keys.ts';
import { outputs } from '../deployment/outputs.ts';
import {
  createAccount,
  createConfigurationSet,
  createDestination,
  createDns,
  createIdentity,
  createPorts,
  NOW,
  TOPIC,
} from './fake-account.ts';

const settings = parseSettings({
  stage: 'prod',
  publication: { fromAddress: 'papers@example.org' },
  sender: { identity: 'example.org' },
});

/** The checks of an account, but for those of the pages, which have a test of their own. */
const run = async (overrides: Partial<DoctorPorts> = {}) => {
  const ports = createPorts(overrides);
  const checks = createChecks({ settings, outputs }, ports);
  return diagnose(checks.filter(({ name }) => name !== 'one-click unsubscribe'));
};

const listNames = ['list hf-daily'];

const NAMES = [
  'version',
  ...['SES sandbox', 'SES sending', 'SES quota', 'SES rate'],
  ...['sender identity', 'DKIM', 'MAIL FROM', 'SPF', 'DMARC'],
  ...['configuration set', 'event destination', 'feedback subscription'],
  ...[
    'lists',
    ...listNames,
    'cohorts',
    'planner',
    'cohorts queue',
    'digests queue',
    'feedback queue',
    'requests queue',
  ],
  ...['event sources', 'concurrency'],
  ...['alarms', 'public URL'],
];

describe('a diagnosis', () => {
  test('of an account in which all is well finds nothing, in a fixed order', async () => {
    const { checks, worst } = await run();

    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(NAMES);
    expect(worst).toBe('ok');
    expect(createChecks({ settings, outputs }, createPorts()).map(({ name }) => name)).toEqual([
      ...NAMES,
      'one-click unsubscribe',
    ]);
  });

  test('looks at each part that the outputs name', async () => {
    const asked: string[] = [];
    const { mail, topics } = createPorts();
    await run({
      mail: {
        loadAccount: mail.loadAccount,
        loadIdentity: async (name) => {
          asked.push(name);
          return mail.loadIdentity(name);
        },
        loadConfigurationSet: async (name) => {
          asked.push(name);
          return mail.loadConfigurationSet(name);
        },
        loadEventDestinations: async (name) => {
          asked.push(`events of ${name}`);
          return mail.loadEventDestinations(name);
        },
      },
      topics: {
        loadSubscriptions: async (arn) => {
          asked.push(arn);
          return topics.loadSubscriptions(arn);
        },
      },
      queues: {
        load: async (url) => {
          asked.push(url);
          return { arn: '', waiting: 0, inFlight: 0 };
        },
      },
    });

    expect(new Set(asked)).toEqual(
      new Set([
        ...['example.org', 'digests', 'events of digests', TOPIC, outputs.AlarmsTopic],
        ...['cohorts', 'digests', 'feedback', 'requests'].flatMap((name) => [
          `https://sqs.example/${name}`,
          `https://sqs.example/${name}-dlq`,
        ]),
      ]),
    );
  });

  test('goes on after a refused call, and names the permission', async () => {
    const { mail } = createPorts();
    const loadAccount = async () => Promise.reject(new PermissionError('ses:GetAccount'));
    const { checks, worst } = await run({ mail: { ...mail, loadAccount } });

    const affected = ['SES sandbox', 'SES sending', 'SES quota', 'SES rate'];
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual(
      affected.map((name) => ({
        name,
        state: 'warn',
        found: 'not checked: the current credentials may not do ses:GetAccount',
        advice: 'allow ses:GetAccount to the role that runs this',
      })),
    );
    expect(worst).toBe('warn');
  });

  test('says so if no name server answers, or a check breaks', async () => {
    const fetchTexts = async () => Promise.reject(new DnsError('no name server answered for example.org'));
    const load = async () => Promise.reject(new CommandError('a fault'));
    const { checks, worst } = await run({ dns: { fetchTexts }, planner: { load } });

    expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([
      { name: 'SPF', state: 'warn', found: 'not checked: no name server answered for example.org' },
      { name: 'DMARC', state: 'warn' },
      { name: 'planner', state: 'fail', found: 'could not be checked: CommandError: a fault' },
    ]);
    expect(worst).toBe('fail');
  });

  test.each([
    ['ok', ['BOUNCE', 'COMPLAINT']],
    ['fail', []],
  ])(
    'is %s if the account suppresses %j and the configuration set has no setting',
    async (state, suppressed) => {
      const { mail } = createPorts();
      const { checks } = await run({
        mail: {
          ...mail,
          loadAccount: async () => createAccount({ suppressed }),
          loadConfigurationSet: async () => createConfigurationSet({ suppressed: undefined }),
        },
      });

      expect(checks.find(({ name }) => name === 'configuration set')).toMatchObject({ state });
    },
  );

  test('asks for events of every mail only if the settings do', async () => {
    const { mail } = createPorts();
    const events = ['BOUNCE', 'COMPLAINT', 'REJECT'];
    const ports = createPorts({
      mail: { ...mail, loadEventDestinations: async () => [createDestination({ events })] },
    });

    for (const [eventTracking, state] of [
      [true, 'warn'],
      [false, 'ok'],
    ] as const) {
      const checks = createChecks({ settings: { ...settings, eventTracking }, outputs }, ports);
      const { checks: found } = await diagnose(checks.filter(({ name }) => name === 'event destination'));
      expect(found).toMatchObject([{ state }]);
    }
  });

  test('takes an address for the identity together with its domain', async () => {
    const asked: string[] = [];
    const { mail } = createPorts();
    const loadIdentity: typeof mail.loadIdentity = async (name) => {
      asked.push(name);
      return mail.loadIdentity(name);
    };
    const ports = createPorts({ mail: { ...mail, loadIdentity } });
    const byAddress = { ...outputs, SenderIdentity: 'papers@example.org' };

    await diagnose(createChecks({ settings, outputs: byAddress }, ports).slice(0, 9));

    expect(asked).toEqual(['papers@example.org', 'example.org']);
  });

  test('looks for the nearest domain above an address that SES knows', async () => {
    const asked: string[] = [];
    const { mail } = createPorts();
    const loadIdentity: typeof mail.loadIdentity = async (name) => {
      asked.push(name);
      return name === 'example.org' ? mail.loadIdentity(name) : undefined;
    };
    const ports = createPorts({ mail: { ...mail, loadIdentity } });
    const below = { ...outputs, SenderIdentity: 'papers@daily.example.org' };

    const { checks } = await diagnose(createChecks({ settings, outputs: below }, ports).slice(4, 6));

    expect(asked).toEqual(['papers@daily.example.org', 'daily.example.org', 'example.org']);
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  test('reports no failure straight after a first deployment, and says what it waits for', async () => {
    const { mail, topics } = createPorts();
    const unverified = createIdentity({ isVerified: false, dkim: { isSigning: true, status: 'PENDING' } });
    const fresh = (changedAt: string) =>
      createPorts({
        mail: { ...mail, loadIdentity: async () => unverified },
        topics: {
          loadSubscriptions: async (arn) =>
            arn === outputs.AlarmsTopic
              ? [{ protocol: 'email', endpoint: 'ada@example.org', isConfirmed: false }]
              : topics.loadSubscriptions(arn),
        },
        dns: createDns({}),
        sourceStates: { load: async () => undefined },
        planner: { load: async () => undefined },
        stack: { loadChangedAt: async () => changedAt },
      });
    const ours = {
      ...settings,
      alarmAddress: 'ada@example.org',
      sender: { ...settings.sender, hostedZone: { id: 'Z0123456789ABC', name: 'example.org' } },
    };
    const statesAt = async (changedAt: string) => {
      const all = createChecks({ settings: ours, outputs }, fresh(changedAt));
      const { checks } = await diagnose(all.filter(({ name }) => name !== 'one-click unsubscribe'));
      return checks.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name}: ${state}`);
    };

    const names = ['sender identity', 'DKIM', 'SPF', 'DMARC', ...listNames, 'planner', 'alarms'];
    expect(await statesAt(addMs(NOW, -60_000))).toEqual(names.map((name) => `${name}: wait`));
    expect(await statesAt(addMs(NOW, -MS_PER_DAY))).toEqual([
      ...['sender identity: fail', 'DKIM: warn', 'SPF: warn', 'DMARC: fail'],
      ...[...listNames.map((name) => `${name}: fail`), 'planner: fail', 'alarms: warn'],
    ]);
  });

  test('compares the lists of the settings with those of the deployment', () => {
    const { lists } = parseSettings({
      stage: 'prod',
      publication: { fromAddress: 'papers@example.org' },
      lists: { 'hf-daily': {}, arxiv: { categories: ['cs.*'] } },
    });

    expect(checkLists(lists, { Lists: 'hf-daily,arxiv/cs.*' }).state).toBe('ok');
    expect(checkLists(lists, { Lists: undefined }).state).toBe('warn');
    expect(checkLists(lists, { Lists: 'hf-daily' })).toMatchObject({
      state: 'warn',
      found: 'deployed are hf-daily, and the settings have hf-daily, arxiv/cs.*',
    });
  });

  test('asks arXiv once, and only if its lists are read', async () => {
    const asked: string[] = [];
    const answer = (status: number) => ({
      fetch: async ({ url }: { url: URL }) => {
        asked.push(url.href);
        return { status };
      },
    });
    const failing = { fetch: () => Promise.reject(new WebError('time-out', 'no answer')) };

    expect(await checkArxiv(answer(404))).toMatchObject({ state: 'ok', found: 'rss.arxiv.org answers' });
    expect(asked).toEqual(['https://rss.arxiv.org/robots.txt']);
    expect(await checkArxiv(answer(503), 'http://127.0.0.1:8080/arxiv')).toMatchObject({ state: 'warn' });
    expect(await checkArxiv(failing)).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('no answer'),
    });
    const withArxiv = {
      ...settings,
      lists: { ...settings.lists, arxiv: { categories: ['cs.CL'], minutes: [10] } },
    };
    const namesOf = (changed: typeof settings) =>
      createChecks({ settings: changed, outputs }, createPorts()).map(({ name }) => name);
    expect(namesOf(settings)).not.toContain('arXiv');
    expect(namesOf(withArxiv)).toEqual(expect.arrayContaining(['arXiv', 'list arxiv/cs.CL']));
  });

  test('compares the rate and the stage of the settings with the account', async () => {
    const { mail } = createPorts();
    const loadAccount = async () => createAccount({ hasProductionAccess: false, accountRatePerSec: 1 });
    const { checks } = await run({ mail: { ...mail, loadAccount } });

    expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([
      { name: 'SES sandbox', state: 'fail' },
      {
        name: 'SES rate',
        state: 'warn',
        found: 'the account sends 1 a second, sending.accountRatePerSec is 14',
      },
    ]);
  });
});

describe('the report', () => {
  const name = toDeploymentName('prod', TOPIC);
  const checks = [
    { name: 'planner', ...ok('ran') },
    { name: 'DMARC', ...warn('none', 'write it') },
    { name: 'public URL', ...fail('no answer', 'see DNS') },
  ];

  test('is a line for each check and one for what to do', () => {
    expect(toText(name, { checks, worst: 'fail' }, 'prod.json').split('\n')).toEqual([
      'Broadsheet prod, eu-west-1, account 111122223333',
      '',
      'ok    planner     ran',
      'warn  DMARC       none',
      '                  > write it',
      'fail  public URL  no answer',
      '                  > see DNS',
      '',
      '1 ok, 0 waiting, 1 to look at, 1 failed.',
    ]);
  });

  test('names the command that deploys these settings if some advice is to deploy', () => {
    const stale = [{ name: 'version', ...warn('older', 'deploy again') }];

    expect(toText(name, { checks: stale, worst: 'warn' }, 'prod.json')).toMatch(
      /failed\.\nTo deploy: npx broadsheet deploy --settings prod\.json$/,
    );
  });

  test('is one JSON object for programs', () => {
    const text = toJson(name, { checks, worst: 'fail' });

    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      deployment: { stage: 'prod', region: 'eu-west-1', account: '111122223333' },
      checks: [
        { name: 'planner', state: 'ok', found: 'ran' },
        { name: 'DMARC', state: 'warn', found: 'none', advice: 'write it' },
        { name: 'public URL', state: 'fail', found: 'no answer', advice: 'see DNS' },
      ],
      worst: 'fail',
    });
  });

  test('is as bad as the worst check', () => {
    expect(worstOf([])).toBe('ok');
    expect(worstOf(['ok', 'warn', 'ok'])).toBe('warn');
    expect(worstOf(['fail', 'warn', 'ok'])).toBe('fail');
  });

  test.each<[string, Error, string]>([
    [
      'a table or secret that is gone',
      Object.assign(new Error('Requested resource not found'), { name: 'ResourceNotFoundException' }),
      'is missing in AWS',
    ],
    ['keys that cannot be read', new KeysError('the keys cannot be read'), 'the keys cannot be read'],
  ])('leads to the restore of %s', async (_, error, found) => {
    const { checks } = await diagnose([{ name: 'planner', run: () => Promise.reject(error) }]);

    expect(checks).toMatchObject([
      {
        state: 'fail',
        found: expect.stringContaining(found),
        advice: expect.stringContaining('Restoring'),
      },
    ]);
  });
});
