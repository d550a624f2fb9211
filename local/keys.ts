import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';

const localKeysSchema = z.object({
  /** Turns addresses into subscriber ids; never changes while the tables live. */
  idKey: z.string().min(32),
  /** Signs the links in digests. */
  linkKey: z.string().min(32),
});

export type LocalKeys = z.infer<typeof localKeysSchema>;

/** New random keys. */
export function createKeys(): LocalKeys {
  return { idKey: randomBytes(32).toString('base64url'), linkKey: randomBytes(32).toString('base64url') };
}

/**
 * The keys kept in a file, which is made at the first call.
 *
 * @throws Error naming the file where it holds something else
 */
export async function loadKeys(path: string): Promise<LocalKeys> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return parseKeys(path, text);
  const keys = createKeys();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
  return keys;
}

function parseKeys(path: string, text: string): LocalKeys {
  try {
    return localKeysSchema.parse(JSON.parse(text));
  } catch {
    // The parser's own error quotes the file, and with it a key.
    throw new Error(`${path} does not hold the local keys; start with --fresh to make new ones`);
  }
}
