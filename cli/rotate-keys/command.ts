import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { createStacks, createStacksClient } from '../deployment/adapters/cloudformation.ts';
import { createKeysSecret } from '../deployment/adapters/keys-secret.ts';
import { findData } from '../deployment/find-deployment.ts';
import { parseArguments } from '../deployment/parse-arguments.ts';
import { readSettings } from '../deployment/read-settings.ts';
import type { CommandContext } from '../deployment/run-command.ts';
import { type Rotation, rotate } from './rotate.ts';

const USAGE = `npm run rotate-keys -- [--settings <file>]

Adds a key to a deployment that signs links from an hour later on. Links mailed before work on for 90 days. Needs no
deployment. Keys are never printed, only their numbers.

  --settings <file>  the settings it was deployed with, like prod.json (default: those in cdk.json)

Of two runs at once one changes the keys. Within an hour of a rotation nothing is changed.`;

const KEY_BYTES = 32;

/** Rotates the link keys of a deployment, prints what became of them, and returns the exit code. */
export async function rotateKeys(
  args: readonly string[],
  { print }: Pick<CommandContext, 'print'>,
): Promise<number> {
  const { values } = parseArguments({
    args: [...args],
    options: { settings: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const { KeysSecret } = await findData(createStacks(createStacksClient()), readSettings(values.settings));
  const rotation = await rotate({
    secret: createKeysSecret(createSecretsClient(), KeysSecret),
    clock: systemClock,
    newKey: () => randomBytes(KEY_BYTES).toString('base64url'),
    wait,
  });
  print(toText(rotation));
  return 0;
}

/** What became of the keys, in words. */
export function toText({ isNew, next, present, known, dropped }: Rotation): string {
  const takesOver = `Key ${next.id} signs links from ${next.activeFrom} on; until then key ${present} does.`;
  return [
    isNew ? takesOver : `Nothing was changed: a rotation is under way already. ${takesOver}`,
    `Links signed with ${known.length === 1 ? 'key' : 'the keys'} ${known.join(', ')} work.`,
    ...(dropped.length > 0
      ? [`Dropped: ${dropped.join(', ')}; the last links signed with it are too old to work.`]
      : []),
  ].join('\n');
}
