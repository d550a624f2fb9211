import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import * as z from 'zod';

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
  snapshots: 'cli/snapshots/run-rebuild.ts',
  archive: 'cli/archive/rebuild.ts',
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
  const sources = Object.keys(metafile.inputs)
    .filter((file) => file.startsWith('cli/'))
    .map((file) => readFileSync(file, 'utf8'));
  const named = sources.flatMap((text) =>
    [...text.matchAll(/permitted\(\s*'([a-z0-9]+:\w+)'/g)].map(([, action = '']) => action),
  );
  return [...new Set(named)]
    .filter((action) => action !== 'secretsmanager:PutSecretValue' || command === WRITES_KEYS)
    .sort();
}

describe('the permissions of the runbook', () => {
  test('cover every command that looks after a deployment', () => {
    expect([...documented.keys()]).toEqual(Object.keys(ENTRIES));
  });

  test.each([...documented.keys()])(
    '%s asks for what the runbook lists, and for nothing else',
    async (command) => {
      expect(documented.get(command)).toEqual(await permissionsOf(command));
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
