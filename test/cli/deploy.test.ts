import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { AssembledStack, LoadAssembly } from '../../cli/deploy/assembly.ts';
import {
  bootstrap,
  type DeployOptions,
  type DeployPorts,
  deploy,
  destroy,
  diff,
} from '../../cli/deploy/run-deploy.ts';
import { CommandError, InterruptedError } from '../../cli/deployment/errors.ts';
import { toSettingsDigest } from '../../infra/settings/derived.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';

const TARGET = { stage: 'prod', account: '111122223333', region: 'eu-west-1' } as const;
const DATA = 'broadsheet-prod-data';
const PIPELINE = 'broadsheet-prod-pipeline';
const OPTIONS: DeployOptions = { settings: 'prod.json', assembly: '/made' };

const OUTPUTS = {
  PapersTable: 'papers-table',
  SubscribersTable: 'subscribers-table',
  DeliveriesTable: 'deliveries-table',
  KeysSecret: 'keys',
};
const SETTINGS = parseSettings({ stage: 'prod', publication: { fromAddress: 'papers@example.org' } });

const HERE: Readonly<Record<string, AssembledStack>> = {
  [DATA]: { environment: 'aws://unknown-account/unknown-region' },
  [PIPELINE]: { environment: 'aws://111122223333/eu-west-1', settingsDigest: toSettingsDigest(SETTINGS) },
  'broadsheet-dev-data': { environment: 'aws://unknown-account/eu-west-1' },
  'broadsheet-dev-pipeline': { environment: 'aws://unknown-account/eu-west-1' },
};

type Protection = Readonly<Record<string, boolean>>;

interface World {
  /** What somebody answers, on a terminal. */
  readonly answer?: string;
  /** The exit code of each `cdk` by its first argument, where it is not 0. */
  readonly codes?: Readonly<Record<string, number>>;
  /** The stacks that there are, and whether they are protected. */
  readonly stacks?: Protection;
  readonly stage?: 'dev' | 'prod';
  /** The stacks of a given assembly. */
  readonly assembled?: Awaited<ReturnType<LoadAssembly>>;
  /** What each `cdk` writes, by its first argument. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** Runs a command, and returns its exit code, what it said, and what happened in order. */
async function run(
  work: typeof deploy,
  options: DeployOptions,
  { answer, codes = {}, stacks = {}, stage = 'prod', assembled = HERE, outputs = {} }: World = {},
) {
  const happened: string[] = [];
  const said: string[] = [];
  const call = (args: readonly string[]) => {
    happened.push(`cdk ${args.join(' ')}`);
    return codes[args[0] ?? ''] ?? 0;
  };
  const isTTY = answer !== undefined;
  const input = Object.assign(new PassThrough(), { isTTY });
  const terminal = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  terminal.on('data', (text: string) => {
    if (!text.includes('(y/N)')) return;
    happened.push('question');
    if (answer === 'Ctrl-D') input.end();
    else input.write(answer === 'Ctrl-C' ? '\x03' : `${answer}\n`);
  });
  const ports: DeployPorts = {
    target: { ...TARGET, stage },
    settings: { ...SETTINGS, stage },
    loadAssembly: async () => assembled,
    cdk: {
      show: async (...args) => call(args),
      capture: async (args, onLine = () => {}) => {
        const output = outputs[args[0] ?? ''] ?? 'what the CDK said\n';
        output.split('\n').forEach(onLine);
        return { code: call(args), output };
      },
    },
    stacks: {
      load: async (name) => {
        const isProtected = stacks[name];
        return isProtected === undefined
          ? undefined
          : {
              status: 'CREATE_COMPLETE',
              changedAt: '2026-01-05T08:00:00.000Z',
              isProtected,
              outputs: OUTPUTS,
            };
      },
    },
  };
  const context = { printError: (text: string) => said.push(text), input, terminal };
  const ended = await work(ports, options, context).then(
    (code) => ({ code }),
    (error: unknown) => ({ error }),
  );
  return { ...ended, happened, said: said.join('\n') };
}

describe('deploy', () => {
  const DIFF = `cdk diff ${DATA} ${PIPELINE} --app /made`;
  const DEPLOY = `cdk deploy ${DATA} ${PIPELINE} --app /made --require-approval never`;

  test('shows every change, asks once, and only then begins', async () => {
    expect(await run(deploy, OPTIONS, { answer: 'y' })).toMatchObject({
      code: 0,
      happened: [DIFF, 'question', DEPLOY],
    });
  });

  test.each(['', 'n', 'no', 'yesterday'])('changes nothing for the answer %j', async (answer) => {
    expect(await run(deploy, OPTIONS, { answer })).toMatchObject({
      code: 2,
      happened: [DIFF, 'question'],
      said: expect.stringMatching(/Nothing was changed\.$/),
    });
  });

  test.each(['Ctrl-C', 'Ctrl-D'])('changes nothing after %s at the question', async (answer) => {
    const ended = await run(deploy, OPTIONS, { answer });

    expect(ended).toMatchObject({ happened: [DIFF, 'question'] });
    expect(ended).toMatchObject({ error: new InterruptedError('Nothing was changed.') });
  });

  test('without a terminal needs --yes, and says so', async () => {
    const refused = await run(deploy, OPTIONS);

    expect(refused).toMatchObject({
      error: new CommandError(
        'Nothing was changed, because there is no terminal to ask on: "Deploy this to stage prod, account 111122223333, region eu-west-1?" Add --yes to go on without the question.',
      ),
      happened: [],
    });
    expect(await run(deploy, { ...OPTIONS, yes: true, outputsFile: '/outputs.json' })).toMatchObject({
      code: 0,
      happened: [DIFF, `${DEPLOY} --outputs-file /outputs.json`],
    });
  });

  test('makes templates of the named settings in a folder of its own', async () => {
    const made = /^cdk synth --quiet -c settings=\/.*\/prod\.json --output (?<folder>.*)$/;
    const foldersOf = async (settings: string) => {
      const { happened } = await run(deploy, { settings, yes: true });
      const folder = made.exec(happened[0] ?? '')?.groups?.folder ?? 'none';
      expect(happened[1]).toBe(`cdk diff ${DATA} ${PIPELINE} --app ${folder}`);
      expect(happened[2]).toContain(`cdk deploy ${DATA} ${PIPELINE} --app ${folder} `);
      return folder;
    };

    const folders = [await foldersOf('eu/prod.json'), await foldersOf('us/prod.json')];

    expect(new Set(folders).size).toBe(2);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  test.each([
    [
      'of another region',
      { [PIPELINE]: { environment: 'aws://111122223333/us-east-1' } },
      /for aws:.*us-east-1, not for account 111122223333 in eu-west-1/,
    ],
    [
      'of another account',
      { [PIPELINE]: { environment: 'aws://999999999999/eu-west-1' } },
      /for aws:\/\/999999999999/,
    ],
    [
      'of another stage',
      { [PIPELINE]: undefined },
      /has no stack "broadsheet-prod-pipeline"\. It has broadsheet-prod-data/,
    ],
    [
      'of other settings',
      { [DATA]: { environment: 'aws://unknown-account/eu-west-1', settingsDigest: 'older' } },
      /made from other settings/,
    ],
  ])('refuses a given assembly %s before anything begins', async (_, changed, words) => {
    const stacks = { [DATA]: HERE[DATA], [PIPELINE]: HERE[PIPELINE], ...changed };
    const assembled = Object.fromEntries(
      Object.entries(stacks).flatMap(([name, stack]) => (stack ? [[name, stack]] : [])),
    );

    const { happened, ...ended } = await run(deploy, { ...OPTIONS, yes: true }, { assembled });

    expect(happened).toEqual([]);
    expect(ended).toMatchObject({ error: expect.any(CommandError) });
    expect(String('error' in ended && ended.error)).toMatch(words);
  });

  test('ends before the question if the templates or the changes cannot be made', async () => {
    const settings = { settings: 'prod.json', yes: true } as const;
    const unmade = await run(deploy, settings, { codes: { synth: 1 } });

    expect(unmade).toMatchObject({
      error: new CommandError('The templates cannot be made:\nwhat the CDK said'),
      happened: [expect.stringMatching(/^cdk synth/)],
    });
    expect(await run(deploy, OPTIONS, { answer: 'y', codes: { diff: 1 } })).toMatchObject({
      code: 1,
      happened: [DIFF],
    });
  });

  test('counts the changes, and names what is deleted or replaced', async () => {
    const diff = [
      `Stack ${DATA}`,
      'There were no differences',
      `Stack ${PIPELINE}`,
      '[+] Parameter BootstrapVersion BootstrapVersion: {"Type":"String"}',
      '[+] AWS::SQS::Queue Imports/Queue ImportsQueue1A',
      '[~] AWS::Lambda::Function Api/Function ApiFunction2B',
      '[~] AWS::SQS::Queue Digests/Queue DigestsQueue3C replace',
      '[-] AWS::SNS::Topic Old Old4D destroy',
      '[~] AWS::IAM::Policy Api/Policy ApiPolicy5E may be replaced',
    ].join('\n');

    const { said } = await run(deploy, OPTIONS, { answer: 'n', outputs: { diff } });

    expect(said.split('\n').slice(0, -1)).toEqual([
      `${DATA}: no resource changes`,
      `${PIPELINE}: resources 1 added, 1 changed, 2 deleted or replaced, 1 perhaps replaced:`,
      '  SQS::Queue Digests/Queue DigestsQueue3C replace',
      '  SNS::Topic Old Old4D destroy',
      '  IAM::Policy Api/Policy ApiPolicy5E may be replaced',
      'Every change: npx broadsheet diff --settings prod.json',
    ]);
  });

  test('shows the outputs that an operator needs next', async () => {
    const lines = [`${PIPELINE}.PublicUrl = https://daily.example.org`, `${PIPELINE}.AlarmsTopic = arn:x`];
    const { said } = await run(deploy, { ...OPTIONS, yes: true }, { outputs: { deploy: lines.join('\n') } });

    expect(said).toMatch(/Done\.\nPublicUrl: https:\/\/daily\.example\.org$/);
  });

  test('ends with 1 and the cause if the deployment fails', async () => {
    const output = [
      `${DATA} |  3/12 | 10:00:00 AM | CREATE_COMPLETE | AWS::DynamoDB::GlobalTable | Papers`,
      `${DATA} |  3/12 | 10:00:01 AM | CREATE_FAILED | AWS::SES::EmailIdentity | Sender already exists`,
    ].join('\n');
    const world = { answer: 'yes', codes: { deploy: 1 }, outputs: { deploy: output } };
    const ended = await run(deploy, OPTIONS, world);

    expect(ended).toMatchObject({ code: 1 });
    expect(ended.said).toMatch(/cdk deploy failed:\n {2}.*CREATE_FAILED.*already exists\nAdd --verbose/);
    expect(ended.said).not.toContain('CREATE_COMPLETE');
  });

  test('names the command that prepares an account, if nobody has', async () => {
    const lines = [
      '  current credentials could not be used to assume a role, but are for the right account.',
      `${DATA}: SSM parameter /cdk-bootstrap/hnb659fds/version not found in aws://111122223333/eu-west-1. Has the environment been bootstrapped? Please run 'cdk bootstrap'`,
    ];
    const world = { answer: 'yes', codes: { deploy: 1 }, outputs: { deploy: lines.join('\n') } };
    const { said } = await run(deploy, OPTIONS, world);

    expect(said).toMatch(/not prepared .*: npx broadsheet bootstrap --settings prod\.json$/);
    expect(said).not.toContain('assume');
  });

  test('undoes what was changed by hand with --revert-drift, and says so before the question', async () => {
    const ended = await run(deploy, { ...OPTIONS, revertDrift: true }, { answer: 'y' });

    expect(ended).toMatchObject({ code: 0, happened: [DIFF, 'question', `${DEPLOY} --revert-drift`] });
    expect(ended.said).toMatch(/Undoes what was changed or deleted by hand, too\.\nRunning/);
  });

  test('shows all output of the CDK with --verbose', async () => {
    const { said } = await run(deploy, { ...OPTIONS, yes: true, verbose: true });

    expect(said).toBe('');
  });
});

test('diff only runs cdk diff', async () => {
  expect(await run(diff, OPTIONS)).toMatchObject({
    code: 0,
    happened: [`cdk diff ${DATA} ${PIPELINE} --app /made`],
  });
});

test('bootstrap prepares only the account and region of the target', async () => {
  expect(await run(bootstrap, OPTIONS, { answer: 'y' })).toMatchObject({
    code: 0,
    happened: [
      'question',
      expect.stringMatching(/^cdk bootstrap aws:\/\/111122223333\/eu-west-1 -c settings=\/.*\/prod\.json$/),
    ],
  });
  expect(await run(bootstrap, OPTIONS, { answer: 'n' })).toMatchObject({ code: 2, happened: ['question'] });
});

describe('destroy', () => {
  const destroyOf = (...stacks: readonly string[]) =>
    `cdk destroy ${stacks.join(' ')} --app /made --exclusively --force`;

  test.each<[string, Protection, readonly string[], RegExp]>([
    [
      'both stacks',
      { [PIPELINE]: false, [DATA]: false },
      [PIPELINE, DATA],
      /Deletes .*pipeline.*\nDeletes .*data.*stay/,
    ],
    [
      'no protected data',
      { [PIPELINE]: false, [DATA]: true },
      [PIPELINE],
      /Deletes .*\nKeeps .*termination protection/,
    ],
    ['the data that is left', { [DATA]: false }, [DATA], /^Deletes .*data/],
    ['a pipeline without data', { [PIPELINE]: false }, [PIPELINE], /^Deletes .*pipeline/],
  ])('says what stays, asks, and deletes %s', async (_, stacks, going, words) => {
    const ended = await run(destroy, OPTIONS, { answer: 'y', stacks });

    expect(ended).toMatchObject({ code: 0, happened: ['question', destroyOf(...going)] });
    expect(ended.said).toMatch(words);
    expect(await run(destroy, OPTIONS, { answer: 'n', stacks })).toMatchObject({
      code: 2,
      happened: ['question'],
    });
  });

  test('says that the data of dev goes for good', async () => {
    const stacks = { 'broadsheet-dev-data': false };

    expect((await run(destroy, OPTIONS, { answer: 'n', stacks, stage: 'dev' })).said).toContain(
      'all papers, subscribers, deliveries and keys, for good',
    );
  });

  test.each<[string, Protection, RegExp]>([
    ['there is no stack', {}, /There is nothing to delete/],
    [
      'every stack is protected',
      { [PIPELINE]: true, [DATA]: true },
      /protection[\s\S]*update-termination-protection .*--stack-name broadsheet-prod-pipeline\n.*update-termination-protection .*--region eu-west-1 --stack-name broadsheet-prod-data[\s\S]*update-table --no-deletion-protection-enabled --region eu-west-1 --table-name subscribers-table[\s\S]*delete-secret --region eu-west-1 --secret-id keys/,
    ],
    ['the data is needed', { [PIPELINE]: true, [DATA]: false }, /data: broadsheet-prod-pipeline needs it/],
  ])('asks nothing and deletes nothing if %s', async (_, stacks, words) => {
    const { happened, ...ended } = await run(destroy, { ...OPTIONS, yes: true }, { stacks });

    expect(happened).toEqual([]);
    expect(ended).toMatchObject({ error: expect.any(CommandError) });
    expect('error' in ended && String(ended.error)).toMatch(words);
  });
});
