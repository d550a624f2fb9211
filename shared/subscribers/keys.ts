import { hkdfSync } from 'node:crypto';
import { addMs, EPOCH, type Instant, MS_PER_DAY, MS_PER_HOUR, msBetween } from '../domain/time/time.ts';
import { instantSchema } from '../domain/time/time-schemas.ts';
import * as z from '../domain/zod.ts';

/** At least 190 bits in letters and digits, or 192 in base64url: too many to guess. */
const MIN_KEY_CHARS = 32;
const keyTextSchema = z.string().check(z.minLength(MIN_KEY_CHARS));

const linkKeySchema = z.object({
  /** Each token has the id of the key that signed it: `1`. */
  id: z.string().check(z.regex(/^[1-9][0-9]{0,5}$/)),
  key: keyTextSchema,
  /** The time from which it signs links. */
  activeFrom: instantSchema,
});

/** A key that signs links until the next key does. Its links work for longer. */
export type LinkKey = z.infer<typeof linkKeySchema>;

/**
 * The stored keys of one deployment. A new deployment has only the id key, and its first link key is derived from that. Every later link
 * key is random.
 */
const keysSchema = z.pipe(
  z.object({
    /** Turns addresses into subscriber ids. It must not change as long as the tables exist. */
    idKey: keyTextSchema,
    /** The oldest first. */
    linkKeys: z.optional(z.array(linkKeySchema).check(z.minLength(1))),
  }),
  z.transform(({ idKey, linkKeys }) => ({ idKey, linkKeys: linkKeys ?? [firstLinkKey(idKey)] })),
);

export type Keys = z.infer<typeof keysSchema>;

/** The source of the keys. */
export interface Keyring {
  load(): Promise<Keys>;
}

/** How long the links of a key work after another key replaced it. */
const LINK_LIFE_DAYS = 90;

/** Every function reads the keys again within this time. So all of them know a new key before any signs with it. */
const NEW_KEY_DELAY_MS = MS_PER_HOUR;

/**
 * Parses the keys in a text: `{"idKey":"…"}`, with `linkKeys` after the first rotation.
 *
 * @throws KeysError for any other text. It quotes nothing of the text
 */
export function parseKeys(text: string): Keys {
  try {
    return keysSchema.parse(JSON.parse(text));
  } catch {
    throw new KeysError(
      'the keys cannot be read: expected JSON with an "idKey" of 32 characters or more, and "linkKeys" if they were rotated',
    );
  }
}

/** Keys that cannot be used. It has no cause, because a parser quotes what it reads. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/** Returns the key that signs links now: the newest active one, or the first if none is active. */
export function signingKeyOf(linkKeys: readonly LinkKey[], now: Instant): LinkKey {
  const key = linkKeys.findLast(({ activeFrom }) => activeFrom <= now) ?? linkKeys[0];
  if (!key) throw new KeysError('there is no link key');
  return key;
}

/** Returns the keys whose links work. Leaves out those that were replaced 90 days ago or earlier. */
export function findValidKeys(linkKeys: readonly LinkKey[], now: Instant): LinkKey[] {
  return linkKeys.filter((_, index) => {
    const replacedAt = linkKeys[index + 1]?.activeFrom;
    return replacedAt === undefined || msBetween(replacedAt, now) < LINK_LIFE_DAYS * MS_PER_DAY;
  });
}

/** Returns the keys without those that were replaced. All links that these signed stop working. */
export function dropReplacedKeys({ idKey, linkKeys }: Keys, now: Instant): Keys {
  return { idKey, linkKeys: linkKeys.slice(linkKeys.indexOf(signingKeyOf(linkKeys, now))) };
}

/**
 * Returns the keys with a new link key, which signs links after an hour. Leaves out link keys whose links no longer work. The id key
 * stays.
 *
 * @param key a new random text of 32 characters or more
 */
export function rotateLinkKeys(keys: Keys, key: string, now: Instant): Keys {
  const newest = Number(keys.linkKeys.at(-1)?.id ?? 0);
  const added = { id: String(newest + 1), key, activeFrom: addMs(now, NEW_KEY_DELAY_MS) };
  return { idKey: keys.idKey, linkKeys: [...findValidKeys(keys.linkKeys, now), added] };
}

/** @see https://www.rfc-editor.org/rfc/rfc5869 */
function firstLinkKey(idKey: string): LinkKey {
  const derived = hkdfSync('sha256', idKey, '', 'broadsheet link key 1', 32);
  return {
    id: '1',
    key: Buffer.from(derived).toString('base64url'),
    activeFrom: EPOCH,
  };
}
