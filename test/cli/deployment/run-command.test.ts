import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CommandError, PermissionError } from '../../../cli/deployment/command-error.ts';
import { parseArguments } from '../../../cli/deployment/parse-arguments.ts';
import { readSettings } from '../../../cli/deployment/read-settings.ts';
import { runCommand } from '../../../cli/deployment/run-command.ts';
import { SettingsError } from '../../../infra/settings/parse-settings.ts';
import { InvalidInputError, UnavailableError } from '../../../shared/domain/errors.ts';
import { KeysError } from '../../../shared/keys.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('a command', () => {
  const run = async (error: Error) => {
    const told: string[] = [];
    const code = await runCommand(
      () => Promise.reject(error),
      (text) => told.push(text),
    );
    return { code, told };
  };

  test('ends with its own exit code', async () => {
    const told: string[] = [];
    expect(
      await runCommand(
        async () => 1,
        (text) => told.push(text),
      ),
    ).toBe(1);
    expect(told).toEqual([]);
  });

  test.each([
    new CommandError('not deployed'),
    new SettingsError('no stage'),
    new InvalidInputError('no such option'),
    new KeysError('no keys'),
  ])('ends with 2 and the message for %p', async (error) => {
    expect(await run(error)).toEqual({ code: 2, told: [error.message] });
  });

  test.each([
    [new PermissionError('ses:GetAccount'), /may not do ses:GetAccount: expected a role/],
    [
      named('CredentialsProviderError', 'Could not load credentials'),
      /no credentials .*: expected .*sign in/,
    ],
    [named('ExpiredTokenException', 'expired'), /does not take the current credentials .*sign in/],
    [named('UnrecognizedClientException', 'invalid'), /does not take the current credentials/],
    [new Error('Region is missing'), /no region: expected that of the deployment, in AWS_REGION/],
    [named('TimeoutError', 'socket'), /AWS cannot be reached \(TimeoutError/],
    [
      new UnavailableError('not available', { cause: named('TimeoutError', 'socket') }),
      /AWS cannot be reached \(TimeoutError/,
    ],
    [Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), /AWS cannot be reached \(ENOTFOUND/],
  ])('ends with 2 and what to do for %p', async (error, message) => {
    expect(await run(error)).toEqual({ code: 2, told: [expect.stringMatching(message)] });
  });

  test('does not hide what nobody foresaw', async () => {
    await expect(run(new TypeError('a fault'))).rejects.toThrow('a fault');
  });

  test.each([
    [['--jsn'], "Unknown option '--jsn'; --help tells what there is"],
    [['--settings'], "Option '--settings <value>' argument missing; --help tells what there is"],
    [['--settings', '--json'], "Option '--settings' argument is ambiguous; --help tells what there is"],
  ])('is told of an argument that it does not know, and where to look: %j', (args, message) => {
    const options = { json: { type: 'boolean' }, settings: { type: 'string' } } as const;
    const parse = () => parseArguments({ args, options, allowPositionals: true });

    expect(parse).toThrow(InvalidInputError);
    expect(parse).toThrow(message);
  });
});

describe('the settings of a deployment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const write = async (name: string, content: unknown) => {
    const path = join(folder, name);
    await writeFile(path, JSON.stringify(content));
    return path;
  };
  const settings = { stage: 'prod', publication: { fromAddress: 'papers@example.org' } };

  test('are those of the CDK’s context, or of a file of their own', async () => {
    const cdk = await write('cdk.json', { context: { broadsheet: { ...settings, stage: 'dev' } } });

    expect(readSettings(undefined, cdk)).toMatchObject({ stage: 'dev', sending: { maxRatePerSec: 14 } });
    expect(readSettings(await write('prod.json', settings), cdk).stage).toBe('prod');
  });

  test('are asked for where there are none', async () => {
    expect(() => readSettings('')).toThrow('--settings is ""');
    expect(() => readSettings(join(folder, 'none.json'))).toThrow(/none\.json cannot be read/);
    expect(() => readSettings(undefined, join(folder, 'nowhere.json'))).toThrow(
      /expected the folder of the project/,
    );
    const empty = await write('empty.json', {});
    expect(() => readSettings(undefined, empty)).toThrow(SettingsError);
  });
});
