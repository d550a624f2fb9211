import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { loadSettings } from '../infra/settings/load-settings.ts';
import { createSecretsClient } from '../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../shared/adapters/system-clock.ts';
import { ConflictError } from '../shared/domain/errors.ts';
import type { Clock, Instant } from '../shared/domain/time/time.ts';
import {
  dropReplacedKeys,
  type Keys,
  type LinkKey,
  rotateLinkKeys,
  signingKeyOf,
} from '../shared/subscribers/keys.ts';
import { type CommandContext, EXIT_NOT_DONE, EXIT_OK, whileChanging } from './command.ts';
import { announceTarget, confirm } from './confirm.ts';
import { CommandError } from './deployment/errors.ts';
import { openData } from './deployment/find-deployment.ts';
import { createKeysSecret, type KeysSecret, type StoredKeys } from './deployment/keys-secret.ts';

const KEY_BYTES = 32;

/** Rotates the link keys of a deployment or drops the old ones, prints the result, and returns the exit code. */
export async function runRotateKeys(
  options: {
    readonly settings: string;
    readonly dropOld?: true;
    readonly yes?: true;
    readonly json?: true;
  },
  context: Pick<CommandContext, 'print' | 'printError' | 'input' | 'terminal'>,
): Promise<number> {
  const { target, outputs } = await openData(loadSettings(options.settings));
  announceTarget(context, target);
  const ports = {
    secret: createKeysSecret(createSecretsClient(), outputs.KeysSecret),
    clock: systemClock,
    newKey: () => randomBytes(KEY_BYTES).toString('base64url'),
    wait,
  };
  const question = 'Make the links in all mails of the old keys invalid, those to unsubscribe too?';
  if (options.dropOld && !(await confirm(question, options.yes === true, context))) return EXIT_NOT_DONE;
  const rotation = await (options.dropOld ? dropOldKeys(ports) : rotate(ports));
  context.print(options.json ? JSON.stringify(rotation) : toText(rotation));
  return EXIT_OK;
}

/** Returns the result in words. */
export function toText({ isNew, next, present, known, dropped }: Rotation): string {
  const takesOver = `Key ${next.id} signs links from ${next.activeFrom} on; until then key ${present} does.`;
  return [
    ...(next.id === present ? [`Key ${present} signs links.`] : []),
    ...(next.id !== present && isNew ? [takesOver] : []),
    ...(isNew ? [] : [`Nothing was changed: a rotation is under way already. ${takesOver}`]),
    `Links signed with ${known.length === 1 ? 'key' : 'the keys'} ${known.join(', ')} work.`,
    ...(dropped.length > 0
      ? [
          `Dropped: ${dropped.join(', ')}. Links signed with ${dropped.length === 1 ? 'it' : 'them'} no longer work.`,
        ]
      : []),
  ].join('\n');
}

export interface RotationPorts {
  readonly secret: KeysSecret;
  readonly clock: Clock;
  /** A new random text of 32 characters or more. */
  readonly newKey: () => string;
  readonly wait: (ms: number) => Promise<void>;
}

/** The result of a rotation. It names keys only by their ids. */
export interface Rotation {
  /** False if an earlier rotation has not taken effect yet. Nothing was changed then. */
  readonly isNew: boolean;
  readonly next: Pick<LinkKey, 'id' | 'activeFrom'>;
  /** The key that signs until then. */
  readonly present: LinkKey['id'];
  /** Keys with links that still work. */
  readonly known: readonly LinkKey['id'][];
  readonly dropped: readonly LinkKey['id'][];
}

/** The service may return the previous version for a short time. */
const READS = 5;
const WAIT_MS = 500;

/**
 * Adds a link key to the secret and drops those that no link needs any more. While the newest key has not taken over, nothing
 * is changed.
 *
 * If two runs meet, only one changes the keys. The id of a new version depends on that of the previous version, and the
 * secret refuses a second text for it. The keys are read again before the result is printed.
 *
 * @throws CommandError if another run changed the keys at the same time
 */
export async function rotate({ secret, clock, newKey, wait }: RotationPorts): Promise<Rotation> {
  const now = clock.now();
  const before = await secret.load();
  const newest = before.keys.linkKeys.at(-1);
  if (newest && newest.activeFrom > now)
    return toRotation(before.keys.linkKeys, before.keys.linkKeys, now, false);

  const rotated = rotateLinkKeys(before.keys, newKey(), now);
  await saveKeys({ secret, wait }, before, rotated);
  return toRotation(before.keys.linkKeys, rotated.linkKeys, now, true);
}

/**
 * Drops every key but the one that signs links. So an older one that leaked can no longer sign links.
 *
 * @throws CommandError if there is only one key, if the newest one does not sign yet, or if another run changed the keys
 */
export async function dropOldKeys({ secret, clock, wait }: RotationPorts): Promise<Rotation> {
  const now = clock.now();
  const before = await secret.load();
  const { linkKeys } = before.keys;
  const newest = linkKeys.at(-1);
  if (newest && newest.activeFrom > now)
    throw new CommandError(`Key ${newest.id} signs links from ${newest.activeFrom} on. Run this again then.`);
  if (linkKeys.length === 1)
    throw new CommandError(
      'There is only one key. Run this without --drop-old first, and again an hour later.',
    );
  const left = dropReplacedKeys(before.keys, now);
  await saveKeys({ secret, wait }, before, left);
  return toRotation(linkKeys, left.linkKeys, now, true);
}

async function saveKeys(
  { secret, wait }: Pick<RotationPorts, 'secret' | 'wait'>,
  before: StoredKeys,
  keys: Keys,
): Promise<void> {
  // The secret may hold more, which a later version needs.
  const text = JSON.stringify({ ...JSON.parse(before.text), ...keys });
  const isSaved = await whileChanging(() => trySave(secret, text, nextVersionId(before.versionId)));
  if (!isSaved) throw new CommandError(await describeConflict(secret, before));
  await whileChanging(() => waitUntilCurrent(secret, text, wait));
}

/** Saves the keys. False if the secret has another text under this version. */
async function trySave(secret: KeysSecret, text: string, versionId: string): Promise<boolean> {
  try {
    await secret.save(text, versionId);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

/** Waits until the secret returns what was saved. @throws CommandError if it keeps returning something else */
async function waitUntilCurrent(
  secret: KeysSecret,
  text: string,
  wait: RotationPorts['wait'],
): Promise<void> {
  for (let read = 1; (await secret.load()).text !== text; read += 1) {
    if (read === READS)
      throw new CommandError(
        'The new keys were saved, but the secret still returns other ones. Something else may change it. Look at its versions, then run this again.',
      );
    await wait(WAIT_MS);
  }
}

function toRotation(
  before: readonly LinkKey[],
  after: readonly LinkKey[],
  now: Instant,
  isNew: boolean,
): Rotation {
  const known = after.map(({ id }) => id);
  const { id, activeFrom } = after.at(-1) ?? signingKeyOf(after, now);
  return {
    isNew,
    next: { id, activeFrom },
    present: signingKeyOf(after, now).id,
    known,
    dropped: before.map((key) => key.id).filter((keyId) => !known.includes(keyId)),
  };
}

async function describeConflict(secret: KeysSecret, before: StoredKeys): Promise<string> {
  const { versionId } = await secret.load();
  return versionId === before.versionId
    ? `The secret was set back to its version ${versionId} after a rotation. Save the text of the version to use as a new version, and run this again.`
    : 'Another run rotated the keys at the same time, so this run changed nothing.';
}

/** Runs that read the same version get the same id, so the secret refuses the second one. */
function nextVersionId(versionId: string): string {
  return createHash('sha256').update(`broadsheet keys after ${versionId}`).digest('hex');
}
