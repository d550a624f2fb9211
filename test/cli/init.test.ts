import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EXIT_NOT_DONE, isUnfinished } from '../../cli/command.ts';
import { InterruptedError, PermissionError } from '../../cli/deployment/errors.ts';
import { DnsError } from '../../cli/doctor/ports.ts';
import { init } from '../../cli/init/init.ts';
import type { InitFlags, InitPorts } from '../../cli/init/ports.ts';
import { createAsk, openAccount } from '../../cli/init/run-init.ts';
import { type Answers, type Findings, toSettings } from '../../cli/init/settings.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';
import type { Settings, SettingsInput } from '../../infra/settings/schema.ts';
import { listenOnLoopback } from '../../local/emulators/loopback.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import type { ClaimOutcome, Delivery } from '../../shared/domain/digests/delivery.ts';
import { sendNow } from '../../shared/pipeline/send-now.ts';
import type { DigestsMessage, Queue } from '../../shared/ports/queues.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { openListDays } from '../fakes/list-days.ts';
import { createFakeRepositories } from '../fakes/repositories.ts';
import { outputs } from './deployment/outputs.ts';
import { createAccount, createDns, createIdentity } from './doctor/fake-account.ts';

const TARGET = { stage: 'prod', account: '111122223333', region: 'eu-west-1' } as const;
const FLAGS: InitFlags = { settings: 'prod.json' };
const ANSWERS: Readonly<Record<string, string>> = {
  called: 'The Paper',
  'come from': 'papers@example.org',
  'your own address': 'ada@example.net',
  arXiv: '',
  'the pages': '',
  certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
  'time zone': 'Europe/Berlin',
};
const OUTPUTS = {
  data: { PapersTable: 'p', SubscribersTable: 's', DeliveriesTable: 'd', KeysSecret: 'k' },
  pipeline: Object.fromEntries(
    [
      ...['PublicUrl', 'ApiUrl', 'IngestPapersFunction', 'PlanDigestsFunction', 'FanOutDigestsFunction'],
      ...['SendDigestsFunction', 'HandleFeedbackFunction', 'HandleRequestsFunction', 'ApiFunction'],
      ...['CohortsQueueUrl', 'CohortsDlqUrl', 'DigestsQueueUrl', 'DigestsDlqUrl', 'FeedbackQueueUrl'],
      ...['FeedbackDlqUrl', 'RequestsQueueUrl', 'RequestsDlqUrl', 'ImportsQueueUrl', 'ImportsDlqUrl'],
      ...['ConfigurationSet', 'FeedbackTopic', 'SenderIdentity', 'AlarmsTopic', 'Dashboard'],
    ].map((name) => [name, `https://${name.toLowerCase()}.example.org`]),
  ),
};

/** An account, a disk and somebody at the terminal, all of which stay while `init` is run again. */
function createWorld() {
  const clock = createManualClock('2026-01-05T14:00:00.000Z');
  const repositories = createFakeRepositories(clock);
  const { subscribers, suppressions, sourceStates, papers, listings, deliveries } = repositories;
  const readPapers = async (source: string, count: number) => {
    const now = clock.now();
    for (let n = 0; n < count; n += 1) {
      const { id } = createFacts({ id: `2601.0000${n}` });
      await papers.save(createFacts({ id }), now);
      await listings.save(createListing({ list: source, paperId: id, firstSeenAt: now }));
    }
    await sourceStates.save(source, { lists: { [source]: { failuresInARow: 0, lastSuccessAt: now } } });
  };
  const world = {
    said: [] as string[],
    asked: [] as string[],
    /** What was changed, in order. */
    done: [] as string[],
    file: undefined as SettingsInput | undefined,
    stacks: new Map<string, string>(),
    verified: new Set<string>(),
    known: new Set<string>(),
    hasProductionAccess: true,
    digests: [] as Delivery[],
    /** What SES makes of a digest. */
    answer: { state: 'sent', messageId: 'm-1' } as ClaimOutcome,
    /** How many papers a read of a list brings. */
    papers: 1,
    sources: ['hf-daily'] as readonly string[],
    /** A list that cannot be read. */
    unreadable: undefined as string | undefined,
    /** The lists that were read, in order. */
    read: [] as string[],
    readPapers,
    clock,
    /** Fails or declines at this call, once. */
    stopAt: undefined as string | undefined,
    answers: ANSWERS as Readonly<Record<string, string>>,
  };
  /** Whether the run stops here. */
  const stops = (call: string) => {
    if (world.stopAt !== call) return false;
    world.stopAt = undefined;
    return true;
  };
  const change = async (call: string, effect: () => unknown) => {
    if (stops(call)) throw new Error(`stopped at ${call}`);
    await effect();
    world.done.push(call);
    if (stops(`after ${call}`)) throw new Error(`stopped after ${call}`);
  };
  /** The worker takes up a message as soon as it is queued. */
  const digestsQueue: Queue<DigestsMessage> = {
    async enqueue(messages) {
      if (stops('no answer')) return [];
      for (const { edition, batch, subscriberIds } of messages)
        for (const subscriberId of subscriberIds)
          await change('send', async () => {
            const key = { subscriberId, cadence: edition.cadence, period: edition.period };
            const claim = await deliveries.claim(key, { ...edition, batch }, ['2601.00000'], clock.now());
            if (claim) await deliveries.recordOutcome(claim, world.answer);
            const delivery = await deliveries.load(key);
            if (delivery) world.digests.push(delivery);
          });
      return [];
    },
  };
  const ports: InitPorts = {
    say: (text) => world.said.push(text),
    async ask({ words, preset, faultOf }) {
      const [key = '', answer = ''] =
        Object.entries(world.answers).find(([part]) => words.includes(part)) ?? [];
      world.asked.push(key);
      if (stops(`ask ${key}`)) return undefined;
      const typed = answer || preset || '';
      expect([words, faultOf(typed)]).toEqual([words, undefined]);
      return typed;
    },
    startWaiting: () => ({
      async pause() {
        if (stops('wait')) return false;
        for (const name of world.known) world.verified.add(name);
        return true;
      },
      stop: () => {},
    }),
    findTarget: async ({ stage }) => ({ ...TARGET, stage }),
    settingsFile: {
      load: async () => world.file && parseSettings(world.file, 'prod.json'),
      save: (settings) =>
        change('save settings', () => {
          world.file = settings;
        }),
    },
    zones: { find: async () => undefined },
    dns: createDns({}),
    verification: {
      loadAccount: async () => createAccount({ hasProductionAccess: world.hasProductionAccess }),
      loadIdentity: async (name) =>
        world.known.has(name) || world.verified.has(name)
          ? createIdentity({ isVerified: world.verified.has(name) })
          : undefined,
      request: (address) => change(`request ${address}`, () => world.known.add(address)),
    },
    stacks: {
      async load(name) {
        const status = world.stacks.get(name);
        const outputs = name.endsWith('data') ? OUTPUTS.data : OUTPUTS.pipeline;
        const changedAt = '2026-01-05T08:00:00.000Z';
        return status === undefined ? undefined : { status, changedAt, outputs, isProtected: false };
      },
    },
    deployer: {
      async bootstrap() {
        if (stops('decline bootstrap')) return EXIT_NOT_DONE;
        if (stops('interrupt bootstrap')) throw new InterruptedError('Nothing was changed.');
        await change('bootstrap', () => world.stacks.set('CDKToolkit', 'CREATE_COMPLETE'));
        return 0;
      },
      async deploy() {
        if (stops('decline deploy')) return EXIT_NOT_DONE;
        if (stops('interrupt deploy')) throw new InterruptedError('Nothing was changed.');
        await change('deploy', () => {
          const { stage } = (world.file ?? TARGET) as Pick<Settings, 'stage'>;
          for (const part of ['data', 'pipeline'])
            world.stacks.set(`broadsheet-${stage}-${part}`, 'CREATE_COMPLETE');
          world.known.add(world.file?.sender?.identity ?? 'papers@example.org');
        });
        return 0;
      },
    },
    openReader: async () => ({
      suppressions,
      subscribers: {
        load: (id) => subscribers.load(id),
        save: async (subscriber) => {
          await change('add', () => subscribers.save(subscriber));
          return subscriber;
        },
      },
      clock,
      idKey: 'a key that turns addresses into ids, long enough',
      loadDigests: async () => world.digests,
      sources: world.sources,
      sourceStates,
      async readSource(source) {
        if (source === world.unreadable) throw new Error(`${source} could not be read`);
        await change('read', () => readPapers(source, world.papers));
        world.read.push(source);
        return { papers: world.papers, problems: [] };
      },
      sendNow: (subscriber) =>
        sendNow(
          {
            ...repositories,
            lists: ['hf-daily'],
            listDays: openListDays(repositories, clock),
            digestsQueue,
            clock,
            waitALittle: async () => false,
          },
          subscriber,
        ),
    }),
    timeZone: 'Europe/Berlin',
  };
  return { world, ports };
}

const ALL = ['save settings', 'bootstrap', 'deploy', 'add', 'read', 'send'];

let world: ReturnType<typeof createWorld>['world'];
let ports: InitPorts;

beforeEach(() => {
  ({ world, ports } = createWorld());
});

describe('init', () => {
  test('leads from an empty account to a first digest', async () => {
    expect(await init(ports, FLAGS)).toBe(0);

    expect(world.done).toEqual(ALL);
    expect(world.file).toMatchObject({
      stage: 'prod',
      account: '111122223333',
      region: 'eu-west-1',
      alarmAddress: 'ada@example.net',
      publication: { name: 'The Paper', fromAddress: 'papers@example.org' },
    });
    expect(world.said.join('\n')).toContain('Digest: sent to ada@example.net');
    expect(world.said.join('\n')).toContain('npx broadsheet doctor --settings prod.json');
  });

  test('changes and asks nothing when everything is done', async () => {
    await init(ports, FLAGS);
    world.asked.length = 0;

    expect(await init(ports, FLAGS)).toBe(0);
    expect([world.done, world.asked]).toEqual([ALL, []]);
  });

  test.each([
    ...['ask called', 'ask come from', 'ask your own address', 'ask the pages', 'ask time zone'],
    ...ALL.flatMap((call) => [call, `after ${call}`]),
    ...['decline bootstrap', 'decline deploy', 'wait', 'no answer'],
  ])('that stops at "%s" goes on when it is run again, and does nothing twice', async (stopAt) => {
    world.stopAt = stopAt;
    const first = await init(ports, FLAGS).catch((error: Error) => error);
    expect(first).not.toBe(0);

    expect(await init(ports, FLAGS)).toBe(0);
    expect(world.done).toEqual(ALL);
  });

  test('says how to go on wherever it stops', async () => {
    const stops = ['ask come from', 'decline bootstrap', 'interrupt bootstrap', 'decline deploy'];
    for (const stopAt of [...stops, 'interrupt deploy', 'wait', 'no answer']) {
      world.stopAt = stopAt;
      world.said.length = 0;
      const code = await init(ports, FLAGS);
      expect([stopAt, code]).toEqual([stopAt, /^(ask|wait|interrupt)/.test(stopAt) ? 130 : 1]);
      expect(world.said.at(-1)).toContain('npx broadsheet init');
    }
  });

  test('reads the sources that were never read, and no others', async () => {
    world.sources = ['hf-daily', 'second', 'third'];
    world.unreadable = 'second';

    const failed = await init(ports, FLAGS).catch((error: unknown) => error);
    expect(String(failed)).toContain('second could not be read');
    expect(isUnfinished(failed)).toBe(true);
    world.unreadable = undefined;
    expect(await init(ports, FLAGS)).toBe(0);

    expect(world.read).toEqual(['hf-daily', 'second', 'third']);
  });

  test.each<Exclude<ClaimOutcome, { state: 'sent' }>>([
    { state: 'failed', reason: 'MessageRejected' },
    { state: 'uncertain', reason: 'the answer was lost' },
  ])('does not take a digest that ended as %j for one that was sent', async (answer) => {
    world.answer = answer;

    for (const _ of ['first run', 'second run']) {
      world.said.length = 0;
      expect(await init(ports, FLAGS)).toBe(1);
      expect(world.said.join('\n')).toContain(answer.reason);
      expect(world.said.join('\n')).not.toContain('has one already');
    }
    expect(world.done).toEqual(ALL);
  });

  test('sends the digest of the next day after one that failed', async () => {
    world.answer = { state: 'failed', reason: 'MessageRejected' };
    await init(ports, FLAGS);
    world.answer = { state: 'sent', messageId: 'm-2' };
    world.clock.moveTo('2026-01-06T14:00:00.000Z');

    expect(await init(ports, FLAGS)).toBe(0);
    expect(world.said.join('\n')).toContain('Digest: sent to ada@example.net');
  });

  test('claims no digest while there is no paper for it', async () => {
    world.papers = 0;

    expect(await init(ports, FLAGS)).toBe(0);
    expect([world.done, world.digests]).toEqual([ALL.slice(0, -1), []]);
    expect(world.said.join('\n')).toContain('Digest: none yet');

    await world.readPapers('hf-daily', 1);
    expect(await init(ports, FLAGS)).toBe(0);
    expect(world.done).toEqual(ALL);
  });

  test('has AWS verify the reader in the sandbox, and waits for it', async () => {
    world.hasProductionAccess = false;

    expect(await init(ports, FLAGS)).toBe(0);
    expect(world.done).toEqual([...ALL.slice(0, 3), 'request ada@example.net', ...ALL.slice(3)]);
  });

  test('deploys again over a deployment that failed', async () => {
    await init(ports, FLAGS);
    world.stacks.set('broadsheet-prod-pipeline', 'ROLLBACK_COMPLETE');

    expect(await init(ports, FLAGS)).toBe(0);
    expect(world.done).toEqual([...ALL, 'deploy']);
  });

  test('goes on without hosted zones if the credentials may not look for them', async () => {
    const zones = { find: () => Promise.reject(new PermissionError('route53:ListHostedZones')) };

    expect(await init({ ...ports, zones }, FLAGS)).toBe(0);
    expect(world.said.join('\n')).toContain('may not do route53:ListHostedZones');
  });

  test('writes no DMARC record if no name server says whether there is one', async () => {
    const zones = { find: async () => ({ id: 'Z0123456789ABC', name: 'example.org' }) };
    const dns = { fetchTexts: () => Promise.reject(new DnsError('no name server answered')) };

    expect(await init({ ...ports, zones, dns }, FLAGS)).toBe(0);
    expect(world.file?.sender).toMatchObject({ identity: 'example.org', dmarcPolicy: 'unchanged' });
  });

  test('does not replace the settings of a stage that is deployed', async () => {
    world.stacks.set('broadsheet-prod-data', 'CREATE_COMPLETE');

    const refused = await init(ports, FLAGS).catch((error: Error) => error.message);
    expect(refused).toContain('prod.json is not here');
    // The command line would put the missing file in its place.
    expect(refused).not.toContain('--settings <file>');
    expect(world.done).toEqual([]);
  });
});

describe('init without a terminal', () => {
  const run = (flags: Partial<InitFlags>) => init({ ...ports, ask: undefined }, { ...FLAGS, ...flags });

  test.each<[Partial<InitFlags>, string]>([
    [{}, '--from <address> --operator <address> --yes'],
    [{ from: 'papers@example.org' }, '--operator <address> --yes'],
    [{ yes: true, site: 'daily.example.org' }, '--from <address> --operator <address> --certificate <arn>'],
  ])('given %j, names the flags that it needs, and changes nothing', async (flags, needed) => {
    await expect(run(flags)).rejects.toThrow(`Add these flags: ${needed}`);
    expect(world.done).toEqual([]);
  });

  test('names what is missing outside together with the flags', async () => {
    const noRegion = new Error('Region is missing');
    const noCredentials = Object.assign(new Error('none found'), { name: 'CredentialsProviderError' });
    ports = { ...ports, findTarget: () => Promise.reject(new AggregateError([noRegion, noCredentials])) };

    await expect(run({ from: 'papers@example.org' })).rejects.toThrow(
      /There is no region\..*\nThere are no credentials.*\n.*Add these flags: --operator <address> --yes/,
    );
  });

  test('given them, does the same as with one', async () => {
    const flags = { from: 'papers@example.org', operator: 'ada@example.net', yes: true } as const;

    expect(await run(flags)).toBe(0);
    expect(world.done).toEqual(ALL);
    expect(await run({})).toBe(0);
  });

  test.each<[Partial<InitFlags>, string]>([
    [{ from: 'papers' }, '--from is "papers": expected an email address'],
    [{ operator: 'ada@' }, '--operator is "ada@"'],
    [{ name: ' ' }, '--name is " "'],
    [{ site: 'https://daily.example.org', certificate: 'x' }, '--site is "https://daily.example.org"'],
    [{ site: 'daily.example.org', certificate: 'mine' }, '--certificate is "mine"'],
    [{ certificate: ANSWERS.certificate ?? '' }, '--certificate is given without a domain'],
    [{ timeZone: 'IST' }, '--time-zone is "IST"'],
    [{ arxiv: 'cs.CL cs.LGG' }, '--arxiv is "cs.CL cs.LGG": "cs.LGG": expected a category'],
  ])('refuses %j, and changes nothing', async (flags, fault) => {
    const given = { from: 'papers@example.org', operator: 'ada@example.net', yes: true, ...flags } as const;

    await expect(run(given)).rejects.toThrow(fault);
    expect(world.done).toEqual([]);
  });
});

describe('a settings file that is there', () => {
  test('is left as it is by the flags that it was made of', async () => {
    const flags = {
      from: 'papers@example.org',
      operator: 'ada@example.net',
      name: 'The Paper',
      yes: true,
    } as const;
    await init({ ...ports, ask: undefined }, { ...FLAGS, ...flags });
    const written = world.file;

    expect(await init({ ...ports, ask: undefined }, { ...FLAGS, ...flags, stage: 'prod', site: '' })).toBe(0);
    expect(world.file).toBe(written);
  });

  test.each<Partial<InitFlags>>([
    { stage: 'dev' },
    { name: 'Another' },
    { from: 'news@example.org' },
    { site: 'daily.example.org', certificate: ANSWERS.certificate ?? '' },
  ])('is never silently overruled by %j', async (flags) => {
    await init(ports, FLAGS);

    await expect(init(ports, { ...FLAGS, ...flags })).rejects.toThrow('but prod.json says');
    expect(world.done).toEqual(ALL);
  });
});

describe('the settings', () => {
  const answers: Answers = {
    name: 'Daily',
    from: 'papers@mail.example.org',
    operator: 'ada@example.net',
    arxiv: [],
  };
  const found: Findings = { target: TARGET, account: createAccount(), hasDmarc: false };
  const zone = { id: 'Z0123456789ABC', name: 'example.org' };
  const site = {
    domainName: 'daily.example.org',
    certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
  };
  const senderOf = (more: Partial<Findings>) => toSettings('prod', answers, { ...found, ...more }).sender;

  test('have the categories of arXiv beside Hugging Face, and no lists without them', () => {
    const listsOf = (arxiv: readonly string[]) => toSettings('prod', { ...answers, arxiv }, found).lists;

    expect(listsOf(['cs.CL', 'eess.*'])).toEqual({
      'hf-daily': {},
      arxiv: { categories: ['cs.CL', 'eess.*'] },
    });
    expect(listsOf([])).toBeUndefined();
  });

  test('name the identity for SES by what it knows already', () => {
    expect(senderOf({})).toBeUndefined();
    expect(senderOf({ senderZone: zone })).toEqual({ identity: 'mail.example.org', hostedZone: zone });
    expect(senderOf({ senderZone: zone, hasDmarc: true })).toMatchObject({ dmarcPolicy: 'unchanged' });
    expect(senderOf({ knownIdentity: 'example.org', senderZone: zone })).toEqual({
      identity: 'example.org',
      isVerified: true,
    });
    expect(senderOf({ knownIdentity: answers.from })).toEqual({ isVerified: true });
  });

  test('are accepted by the schema for all findings', () => {
    for (const senderZone of [undefined, zone])
      for (const siteZone of [undefined, zone])
        for (const knownIdentity of [undefined, answers.from, 'mail.example.org', 'example.org'])
          for (const accountRatePerSec of [0.5, 1, 14, 900])
            for (const withSite of [{}, { site }]) {
              const account = createAccount({ accountRatePerSec });
              const findings = { ...found, account, senderZone, siteZone, knownIdentity, hasDmarc: true };
              const settings = toSettings('prod', { ...answers, ...withSite }, findings);
              expect(parseSettings(JSON.parse(JSON.stringify(settings))).alarmAddress).toBe(
                'ada@example.net',
              );
            }
  });
});

describe('a question on the terminal', () => {
  /** Types keys at a question, and returns the answer. */
  async function type(keys: string) {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const terminal = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true });
    terminal.once('data', () => setImmediate(() => input.write(keys)));
    const faultOf = (typed: string) => (typed === 'bad' ? 'expected another' : undefined);
    return createAsk({ input, terminal })({ words: 'Which?', faultOf });
  }

  test('returns the typed answer', async () => {
    expect(await type('ada\r')).toBe('ada');
  });

  test.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('has no answer after %s', async (_, key) => {
    expect(await type(key)).toBeUndefined();
  });
});

describe('the reader of a deployment', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = environment;
  });

  test('leaves out a record of a digest that cannot be read', async () => {
    const server = await listenOnLoopback((request, response) => {
      const answers: Readonly<Record<string, object>> = {
        'secretsmanager.GetSecretValue': { SecretString: JSON.stringify({ idKey: 'k'.repeat(43) }) },
        'DynamoDB_20120810.Query': {
          Items: [{ pk: { S: 'SUB#ada' }, sk: { S: 'daily#2026-01-05' }, claimedAt: { N: '7' } }],
        },
      };
      response.end(JSON.stringify(answers[String(request.headers['x-amz-target'])] ?? {}));
    });
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
    };

    try {
      const { openReader } = openAccount(new AbortController().signal);
      const reader = await openReader(
        outputs,
        parseSettings({ stage: 'prod', publication: { fromAddress: 'papers@example.org' } }),
      );

      expect(await reader.loadDigests('ada')).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
