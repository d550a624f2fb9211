import { execFile } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { runAudit } from '../../cli/audit/command.ts';
import { runCommand } from '../../cli/deployment/run-command.ts';
import { doctor } from '../../cli/doctor/command.ts';
import { redrive } from '../../cli/redrive/command.ts';
import { rotateKeys } from '../../cli/rotate-keys/command.ts';
import { subscribers } from '../../cli/subscribers/command.ts';
import { why } from '../../cli/why/command.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs a command as npm does, signed in nowhere. */
function start(...args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' };
  return new Promise((resolve) => {
    execFile('node', ['--import', 'tsx', ...args], { env }, (error, out, errors) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, errors }),
    );
  });
}

/** The ledger keeps 100 days, so what looks into it wants a day that is not long ago. */
const TODAY = new Date().toISOString().slice(0, 10);

/** What a command needs to be told before it asks who is signed in. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  subscribers: ['add', 'ada@example.org'],
  audit: [TODAY],
  why: ['ada@example.org', TODAY],
};

const commands = {
  doctor,
  'rotate-keys': rotateKeys,
  subscribers,
  audit: runAudit,
  why,
  redrive,
};

/** Runs a command in this process, which takes a hundredth of the time of a process of its own. */
async function run(name: keyof typeof commands, ...args: readonly string[]): Promise<Ended> {
  const said: { out: string[]; errors: string[] } = { out: [], errors: [] };
  const print = (text: string) => said.out.push(text);
  const printError = (text: string) => said.errors.push(text);
  const streams = { output: new PassThrough(), progress: new PassThrough() };
  const { signal } = new AbortController();
  const context = { print, printError, signal, onInterrupt: () => signal, ...streams };
  const code = await runCommand(() => commands[name](args, context), printError);
  return { code, out: said.out.join('\n'), errors: said.errors.join('\n') };
}

describe.each(Object.keys(commands) as (keyof typeof commands)[])('npm run %s', (name) => {
  const needed = NEEDED[name] ?? [];

  test('tells how it is used', async () => {
    expect(await run(name, '--help')).toEqual({
      code: 0,
      out: expect.stringContaining(`npm run ${name}`),
      errors: '',
    });
  });

  test('ends with 2 for what it does not know', async () => {
    expect(await run(name, ...needed, '--unknown')).toEqual({
      code: 2,
      out: '',
      errors: expect.stringContaining('--unknown'),
    });
  });

  test('ends with 2 where nobody is signed in, and warns of nothing', async () => {
    expect(await start(`cli/${name}.ts`, ...needed)).toEqual({
      code: 2,
      out: '',
      errors: expect.stringMatching(/^there is no region: .*\n$/),
    });
  });
});

test('an entry hands on its arguments, and its exit code when all is well', async () => {
  expect(await start('cli/audit.ts', '--help')).toEqual({
    code: 0,
    out: expect.stringContaining('npm run audit'),
    errors: '',
  });
});
