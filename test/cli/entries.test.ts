import { execFile } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs a command as npm does, signed in nowhere. */
function run(...args: readonly string[]): Promise<Ended> {
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

describe.each(['doctor', 'rotate-keys', 'subscribers', 'audit', 'why', 'redrive'])('npm run %s', (name) => {
  test('tells how it is used, ends with 2 for what it does not know or cannot do, and warns of nothing', async () => {
    const needed = NEEDED[name] ?? [];
    const [help, unknown, signedOut] = await Promise.all([
      run(`cli/${name}.ts`, '--help'),
      run(`cli/${name}.ts`, ...needed, '--unknown'),
      run(`cli/${name}.ts`, ...needed),
    ]);

    expect(help).toEqual({ code: 0, out: expect.stringContaining(`npm run ${name}`), errors: '' });
    expect(unknown).toEqual({ code: 2, out: '', errors: expect.stringContaining('--unknown') });
    expect(signedOut).toEqual({
      code: 2,
      out: '',
      errors: expect.stringMatching(/^there is no region: .*\n$/),
    });
  });
});
