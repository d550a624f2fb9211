import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import * as z from 'zod';
import { PermissionError } from '../../cli/deployment/errors.ts';
import { openPorts } from '../../cli/doctor/run-doctor.ts';
import { loadStatus } from '../../cli/status.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';
import { listenOnLoopback, localClientOptions } from '../../local/emulators/loopback.ts';
import { outputs } from './deployment/outputs.ts';
import { createPorts } from './doctor/fake-account.ts';

const runbook = readFileSync('docs/operating.md', 'utf8');
const section = /\n## Permissions of the commands\n(.*?)\n## /s.exec(runbook)?.[1] ?? '';

/** The rows of the table: the actions of each command. */
const documented = new Map(
  [...section.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(([, command = '', actions = '']) => [
    command,
    [...actions.matchAll(/`([\w:]+)`/g)].map(([, action = '']) => action),
  ]),
);

const policySchema = z.object({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.object({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.unknown() }),
  ),
});

/** One file reads and writes the secret. Only this command writes it. */
const WRITES_KEYS = 'rotate-keys';

/** The file with which each command begins. */
const ENTRIES: Readonly<Record<string, string>> = {
  doctor: 'cli/doctor/run-doctor.ts',
  status: 'cli/status.ts',
  audit: 'cli/audit/run-audit.ts',
  why: 'cli/why/run-why.ts',
  backfill: 'cli/backfill/run-backfill.ts',
  redrive: 'cli/redrive/run-redrive.ts',
  'rotate-keys': 'cli/rotate-keys.ts',
  snapshots: 'cli/rebuild/snapshots.ts',
  archive: 'cli/rebuild/archive.ts',
  subscribers: 'cli/subscribers/command.ts',
};

/** The permissions that the sources of a command ask for. Each call of AWS in `cli/` names its permission. */
async function permissionsOf(command: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [ENTRIES[command] ?? ''],
    outdir: 'nowhere',
    write: false,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
  });
  const sources = Object.keys(metafile.inputs).filter((file) => file.startsWith('cli/'));
  return permissionsIn(sources).filter(
    (action) => action !== 'secretsmanager:PutSecretValue' || command === WRITES_KEYS,
  );
}

function permissionsIn(files: readonly string[]): readonly string[] {
  const named = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/[ (]'([a-z0-9]+:[A-Z]\w+)'/g)].map(([, action = '']) => action),
  );
  return [...new Set(named)].sort();
}

/** A call of a port: `queues.load` with the address of a queue. */
interface PortCall {
  readonly path: readonly PropertyKey[];
  readonly args: readonly unknown[];
}

/** Returns the same ports, which also record the calls. */
function recording<Ports extends object>(
  ports: Ports,
  calls: PortCall[],
  path: readonly PropertyKey[] = [],
): Ports {
  return new Proxy(ports, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value === 'object' && value !== null) return recording(value, calls, [...path, name]);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        calls.push({ path: [...path, name], args });
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** Returns the permissions that the real ports name when the account refuses these calls. */
async function refusalsOf(calls: readonly PortCall[]): Promise<readonly string[]> {
  const server = await listenOnLoopback((request, response) => {
    const isQuery = request.headers['content-type']?.includes('x-www-form-urlencoded');
    response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
    response.end(isQuery ? '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' : '{}');
  });
  const options = localClientOptions(server.url);
  const real = openPorts(SETTINGS, outputs, new AbortController().signal, options);
  const refused = await Promise.all(
    calls.map(async ({ path, args }) => {
      const port = path.slice(0, -1).reduce<object>((part, name) => Reflect.get(part, name), real);
      try {
        await Reflect.apply(Reflect.get(port, path.at(-1) ?? ''), port, args);
        return [];
      } catch (error) {
        if (error instanceof PermissionError) return [error.permission];
        throw error;
      }
    }),
  );
  await server.close();
  return refused.flat();
}

const SETTINGS = parseSettings({ stage: 'prod', publication: { fromAddress: 'papers@example.org' } });

/** The permissions of `status`. It imports all checks of the doctor, and runs only some. */
async function permissionsOfStatus(): Promise<readonly string[]> {
  const calls: PortCall[] = [];
  const ports = recording({ ...createPorts(), loadAlarms: async () => [] }, calls);
  const name = { stage: 'prod', region: 'eu-west-1', account: '111122223333' };
  await loadStatus({ settings: SETTINGS, outputs }, name, ports);
  const ofChecks = await refusalsOf(calls.filter(({ path }) => path[0] !== 'loadAlarms'));
  const own = permissionsIn(['cli/status.ts', 'cli/deployment/find-deployment.ts']);
  return [...new Set([...own, ...ofChecks])].sort();
}

describe('the permissions of the runbook', () => {
  test('cover every command that looks after a deployment', () => {
    expect([...documented.keys()]).toEqual(Object.keys(ENTRIES));
  });

  test.each([...documented.keys()])(
    '%s asks for what the runbook lists, and for nothing else',
    async (command) => {
      expect(documented.get(command)).toEqual(
        await (command === 'status' ? permissionsOfStatus() : permissionsOf(command)),
      );
    },
  );

  describe('the policy', () => {
    let actions: readonly string[];
    beforeAll(() => {
      const [, text = ''] = /```json\n(.*?)```/s.exec(section) ?? [];
      actions = policySchema.parse(JSON.parse(text)).Statement.flatMap(({ Action }) => Action);
    });

    test('allows what the commands ask for, and nothing else', () => {
      expect([...new Set(actions)].sort()).toEqual([...new Set([...documented.values()].flat())].sort());
    });

    test('has no wildcard among its actions', () => {
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    });
  });
});
