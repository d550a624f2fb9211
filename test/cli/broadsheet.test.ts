import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { runBroadsheet, toPrintable } from '../../cli/broadsheet.ts';
import { type LoopbackServer, listenOnLoopback } from '../../local/emulators/loopback.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

const TODAY = new Date().toISOString().slice(0, 10);

/** Every command, with the arguments that it needs. */
const COMMANDS: readonly (readonly [name: string, needed: readonly string[]])[] = [
  ['bootstrap', []],
  ['deploy', []],
  ['destroy', []],
  ['diff', []],
  ['init', []],
  ['archive rebuild', ['--from', '2026-01', '--yes']],
  ['audit', [TODAY]],
  ['backfill', ['hf-daily', '--from', TODAY, '--yes']],
  ['doctor', []],
  ['redrive', []],
  ['rotate-keys', []],
  ['snapshots rebuild', ['--yes']],
  ['status', []],
  ['subscribers add', ['ada@example.org']],
  ['subscribers apply-retention', ['--yes']],
  ['subscribers change-address', ['ada@example.org', 'new@example.org']],
  ['subscribers erase', ['ada@example.org']],
  ['subscribers export', []],
  ['subscribers import', ['members.csv']],
  ['subscribers list', []],
  ['subscribers restore', ['ada@example.org']],
  ['subscribers send-link', ['ada@example.org']],
  ['subscribers show', ['ada@example.org']],
  ['subscribers unlock', ['ada@example.org']],
  ['subscribers unsubscribe', ['ada@example.org']],
  ['why', ['ada@example.org', TODAY]],
];

let folder: string;
let settingsFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-cli-'));
  settingsFile = join(folder, 'dev.json');
  await writeFile(
    settingsFile,
    JSON.stringify({ stage: 'dev', publication: { fromAddress: 'papers@example.org' } }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command in this process, which takes a hundredth of the time of a process of its own. */
async function run(...args: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await runBroadsheet(args, {
    print: (text) => out.push(text),
    printError: (text) => errors.push(text),
    output: new PassThrough(),
    terminal: new PassThrough(),
    input: new PassThrough(),
    onInterrupt: () => new AbortController().signal,
  });
  return { code, out: out.join('\n'), errors: errors.join('\n') };
}

/** Runs the program that npm installs, without credentials and region unless some are given. */
function start(args: readonly string[], account: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const nowhere = { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' };
  const env = { ...nowhere, ...account };
  return new Promise((resolve) => {
    execFile('node', ['cli/bin.mjs', ...args], { env }, (error, out, errors) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, errors }),
    );
  });
}

describe('help', () => {
  test('lists every command', async () => {
    const { code, out, errors } = await run('--help');

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    for (const [name] of COMMANDS) {
      const [first, second] = name.split(' ');
      expect(out).toContain(second === undefined ? `  ${first} ` : `  ${first} <command> `);
    }
  });

  test.each(COMMANDS)('of %s says how to call it and how it ends', async (name) => {
    const { code, out, errors } = await run(...name.split(' '), '--help');

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(out).toContain(`Usage: broadsheet ${name} [options]`);
    expect(out).toContain('--settings <file>');
    expect(out).toMatch(/Exit codes:\n +0 .*\n( .*\n)* +2 /);
  });

  test.each([...COMMANDS, ['', []], ['subscribers', []]])('of %s fits into 80 columns', async (name) => {
    const { out } = await run(...name.split(' ').filter(Boolean), '--help');

    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    [['docter', '--help'], "Unknown command 'docter'\n(Did you mean doctor?)"],
    [['docter', '--settings', 'prod.json', '-h'], "Unknown command 'docter'"],
    [['subscribers', 'find', '--help'], "Unknown command 'find'"],
    [['subscribers', 'help', 'find'], "Unknown command 'find'"],
    [['help', 'subscribers', 'find'], "Unknown command 'find'"],
    [['help', 'nope'], "Unknown command 'nope'"],
    [['show', '--help'], 'Did you mean subscribers show'],
  ])('of a command that does not exist says so: %j', async (args, message) => {
    const { code, out, errors } = await run(...args);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(errors).toContain(message);
  });

  test.each([
    [['help', 'audit'], 'Usage: broadsheet audit'],
    [['audit', '2026-01-06', '--help'], 'Usage: broadsheet audit'],
    [['subscribers', 'help', 'show'], 'Usage: broadsheet subscribers show'],
    [['-h'], 'Usage: broadsheet <command>'],
  ])('of a command that exists is shown: %j', async (args, usage) => {
    expect(await run(...args)).toMatchObject({ code: 0, out: expect.stringContaining(usage), errors: '' });
  });

  test.each(['backfill', 'archive rebuild'])('of %s says that --from is required', async (name) => {
    const { out } = await run(...name.split(' '), '--help');

    expect(out).toMatch(/--from <\w+> +the first [^(]*\(required\)/);
  });

  test('is reached without loading an SDK, the CDK or a schema', async () => {
    const { metafile } = await build({
      entryPoints: ['cli/broadsheet.ts'],
      outdir: 'dist',
      write: false,
      metafile: true,
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });
    const outputs = metafile.outputs;
    const packagesOf = (file: string): readonly string[] =>
      (outputs[file]?.imports ?? [])
        .filter(({ kind }) => kind === 'import-statement')
        .flatMap(({ path, external }) => (external ? [path] : packagesOf(path)));

    expect([...new Set(packagesOf('dist/broadsheet.js'))]).toEqual(['@commander-js/extra-typings']);
  });
});

describe('the runbook', () => {
  const [, section = ''] =
    /\n## Commands that change something\n(.*?)\n## /s.exec(readFileSync('docs/operating.md', 'utf8')) ?? [];
  const rows = [...section.matchAll(/^\| `([\w -]+)` \| .* \| (.*) \|$/gm)].map(
    ([, name = '', asks = '']) => [name, asks] as const,
  );

  test('lists every command, either as one that changes something or as one that does not', () => {
    const [, others = ''] = /^(`diff`.*?)\n\n?/ms.exec(section) ?? [];
    const named = [...rows.map(([name]) => name), ...[...others.matchAll(/`([^`]+)`/g)].map(([, it]) => it)];

    expect(named.sort()).toEqual(COMMANDS.map(([name]) => name).sort());
  });

  test.each(rows)('says whether %s asks first: %s', async (name, asks) => {
    const { out } = await run(...name.split(' '), '--help');

    expect(out.includes('--yes')).toBe(/^asks|--yes/.test(asks));
    expect(out.includes('--dry-run')).toBe(asks.includes('--dry-run'));
  });
});

describe('the documents', () => {
  /** Each command in the documents, with values in place of shell variables. An id may begin with "-". */
  const written = [
    'README.md',
    'SECURITY.md',
    'docs/deploying.md',
    'docs/operating.md',
    'docs/alarms.md',
    'docs/readers.md',
  ]
    .flatMap(
      (file) =>
        readFileSync(file, 'utf8')
          .replaceAll('<day>', TODAY)
          .match(/npx broadsheet [^`<>;|&()#\n]*/g) ?? [],
    )
    .map((line) =>
      line
        .replaceAll(/\b20\d\d-\d\d-\d\d\b/g, TODAY)
        .replaceAll('"$id"', '-AzQIHBHZPtYiXMvT9jPjl')
        .replaceAll('prod.json', 'no-such-file.json'),
    )
    .map((line) => (line.match(/"[^"]*"|\S+/g) ?? []).slice(2).map((word) => word.replaceAll('"', '')))
    .filter((words) => words.includes('--settings') && words.at(-1) !== '--settings');

  test.each([...new Set(written.map((words) => words.join('\n')))])(
    'write a command as it is: %j',
    async (words) => {
      const { code, errors } = await run(...words.split('\n'));

      expect(code).toBe(2);
      expect(errors).toContain('no-such-file.json');
    },
  );

  test('have more than 20 commands', () => {
    expect(written.length).toBeGreaterThan(20);
  });
});

describe('wrong usage ends with 2', () => {
  test.each(COMMANDS)('for an option that %s does not have', async (name, needed) => {
    const ended = await run(...name.split(' '), ...needed, '--settings', settingsFile, '--unknown');

    expect(ended).toMatchObject({ code: 2, out: '', errors: expect.stringContaining('--unknown') });
  });

  // Init writes them.
  test.each(COMMANDS.filter(([name]) => name !== 'init'))(
    'for %s without settings, whatever there is in cdk.json',
    async (name, needed) => {
      const ended = await run(...name.split(' '), ...needed);

      expect(ended).toMatchObject({
        code: 2,
        out: '',
        errors: expect.stringMatching(/--settings prod\.json\. .*"npx broadsheet init" writes it/),
      });
    },
  );

  test.each([
    [['adit', '2026-01-06'], 'Did you mean audit?'],
    [['subscribers', 'imprt', 'a.csv'], 'Did you mean import?'],
    [['audit', '2026-01-06', '--setings', 'prod.json'], 'Did you mean --settings?'],
    [['audit', '--settings', 'prod.json'], "missing required argument 'day'"],
    [['doctor', 'now', '--settings', 'prod.json'], "Too many arguments: 'doctor' takes none.\n"],
    [['deploy', '-c', 'settings=prod.json'], "unknown option '-c'"],
    [['deploy', '-c', 'setings=prod.json', '--settings', 'prod.json'], "unknown option '-c'"],
    [['destroy', '--setings', 'prod.json'], 'Did you mean --settings?'],
    [['audit', '2026-01-05', '2026-01-06', '2026-01-07'], "Too many arguments: 'audit' takes at most 2.\n"],
    [['destroy', 'prod.json'], 'Too many arguments'],
    [['show', 'ada@example.org'], 'Did you mean subscribers show'],
    [
      ['subscribers', 'show', `-_${'A'.repeat(20)}`, '--settings', 'prod.json'],
      `If it is an id, put -- before it, after all options: -- -_${'A'.repeat(20)}`,
    ],
    [
      ['why', '--', `-${'A'.repeat(21)}`, '2026-01-06', '--settings', 'prod.json'],
      'Put --settings and other options before it',
    ],
    [['doctor', '--settings'], 'argument missing'],
    [['doctor', '--settings', 'none.json'], '"none.json" does not exist'],
    [['doctor', '--settings', ''], 'expected the path of a JSON file'],
    [
      ['subscribers', 'show', '--settings', 'none.json', '--', `-${'A'.repeat(21)}`],
      '"none.json" does not exist',
    ],
    [
      ['subscribers', 'list', '--settings', 'none.json', '--status', 'gone'],
      'Allowed choices are unconfirmed',
    ],
  ])('for %j, with advice', async (args, advice) => {
    expect(await run(...args)).toMatchObject({
      code: 2,
      out: '',
      errors: expect.stringMatching(new RegExp(advice, 'i')),
    });
  });

  test.each([[[]], [['subscribers']]])('for %j, with the commands that there are', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2, errors: expect.stringContaining('Commands:') });
  });
});

describe('a name that is no subscriber', () => {
  const commands = COMMANDS.filter(([, needed]) => needed[0] === 'ada@example.org').filter(
    ([name]) => name !== 'subscribers add',
  );

  // The process of the tests has neither credentials nor network, so a call to AWS would fail first.
  test.each(commands)('is refused by %s before it asks for credentials', async (name, [, ...needed]) => {
    const ended = await run(...name.split(' '), 'ada', ...needed, '--settings', settingsFile);

    expect(ended).toEqual({
      code: 2,
      out: '',
      errors:
        '"ada" names nobody: expected an address, an id of 22 characters, or the subject "unsubscribe <id>"',
    });
  });
});

test('the terminal gets no control characters of others, and JSON stays the same', async () => {
  // Clears the screen, names the window, hides the rest of a line, and turns the reading direction.
  const typed = 'a\u001b[2J\u009b1A\u0007\r\u202e\u007f';
  const { errors } = await run('subscribers', 'show', typed, '--settings', settingsFile);

  expect(errors).toContain('"a\\u001b[2J\\u009b1A\\u0007\\u000d\\u202e\\u007f" names nobody');
  const values = { lines: 'a\nb\tc', typed };
  expect(JSON.parse(toPrintable(JSON.stringify(values)))).toEqual(values);
  expect(toPrintable('a\n\tb')).toBe('a\n\tb');
});

describe('a wrong argument', () => {
  // As above: a call to AWS would fail first.
  test.each([
    [['snapshots', 'rebuild', '--from', 'monday'], '"monday" is not a day'],
    [['snapshots', 'rebuild', '--list', 'nature'], '"nature" is not a list'],
    [['archive', 'rebuild', '--from', 'January'], '"January" is not a month'],
    [['archive', 'rebuild', '--from', '2026-01', '--to', '2025-01'], 'is after --to 2025-01'],
    [['backfill', 'hf-daily', '--from', 'monday'], '"monday" is not a day'],
  ])('is refused before %j asks for credentials', async (args, fault) => {
    const ended = await run(...args, '--settings', settingsFile);

    expect(ended).toMatchObject({ code: 2, out: '', errors: expect.stringContaining(fault) });
  });
});

describe('the installed program', () => {
  test('hands on its arguments and the exit code', async () => {
    expect(await start(['audit', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Usage: broadsheet audit'),
      errors: '',
    });
  });

  // One that only reads and one that changes something: both find their target in the same way as all others.
  test.each(COMMANDS.filter(([name]) => ['doctor', 'deploy'].includes(name)))(
    '%s explains a missing region and missing credentials, and warns of nothing else',
    async (name, needed) => {
      const ended = await start([...name.split(' '), ...needed, '--settings', settingsFile]);

      expect(ended).toEqual({
        code: 2,
        out: '',
        errors: expect.stringMatching(
          /^(Checking stage dev …\n)?There is no region\. .*\nThere are no credentials for AWS .*\n$/,
        ),
      });
    },
  );

  describe('in an account without a deployment', () => {
    let server: LoopbackServer;
    let account: Readonly<Record<string, string>>;
    beforeAll(async () => {
      server = await listenOnLoopback(answerAsEmptyAccount);
      account = {
        AWS_ENDPOINT_URL: server.url,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'eu-west-1',
      };
    });
    afterAll(() => server.close());

    test('says where it looked before it would change anything', async () => {
      expect(await start(['destroy', '--settings', settingsFile], account)).toEqual({
        code: 2,
        out: '',
        errors: expect.stringMatching(
          /^Stage dev, account 111122223333, region eu-west-1\nThere is nothing to delete: .*\n$/,
        ),
      });
    });

    test('advises the command that deploys these settings', async () => {
      const { code, errors } = await start(['rotate-keys', '--settings', settingsFile], account);

      expect(code).toBe(2);
      expect(errors).toContain('in account 111122223333, region eu-west-1');
      expect(errors).toContain(`Deploy first (npx broadsheet deploy --settings ${settingsFile})`);
    });
  });
});

/** STS and CloudFormation of an account that nothing is deployed in. */
function answerAsEmptyAccount(request: IncomingMessage, response: ServerResponse): void {
  text(request).then((body) => {
    if (body.includes('Action=GetCallerIdentity'))
      return response.end(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    response.statusCode = 400;
    return response.end(
      '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>',
    );
  }, response.destroy.bind(response));
}
