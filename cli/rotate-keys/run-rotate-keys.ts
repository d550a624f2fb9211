import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { type CommandContext, EXIT_OK } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { createKeysSecret } from '../deployment/adapters/keys-secret.ts';
import { openData } from '../deployment/open-deployment.ts';
import { type Rotation, rotate } from './rotate.ts';

const KEY_BYTES = 32;

/** Rotates the link keys of a deployment, prints what became of them, and returns the exit code. */
export async function runRotateKeys(
  options: { readonly settings: string; readonly json?: true },
  context: Pick<CommandContext, 'print' | 'printError'>,
): Promise<number> {
  const { target, outputs } = await openData(loadSettings(options.settings));
  announceTarget(context, target);
  const rotation = await rotate({
    secret: createKeysSecret(createSecretsClient(), outputs.KeysSecret),
    clock: systemClock,
    newKey: () => randomBytes(KEY_BYTES).toString('base64url'),
    wait,
  });
  context.print(options.json ? JSON.stringify(rotation) : toText(rotation));
  return EXIT_OK;
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
