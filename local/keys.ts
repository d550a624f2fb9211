import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Keys, parseKeys } from '../shared/subscribers/keys.ts';

/** New random keys. */
export function createKeys(): Keys {
  return parseKeys(createKeysText());
}

/**
 * The keys kept in a file, which is made at the first call.
 *
 * @throws Error naming the file where it holds something else
 */
export async function loadKeys(path: string): Promise<Keys> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return parseKeysOf(path, kept);
  const text = createKeysText();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
  return parseKeys(text);
}

/** The keys as a file or a secret holds them. */
function createKeysText(): string {
  return `${JSON.stringify({ idKey: randomBytes(32).toString('base64url') })}\n`;
}

function parseKeysOf(path: string, text: string): Keys {
  try {
    return parseKeys(text);
  } catch {
    throw new Error(`${path} does not hold the local keys; start with --fresh to make new ones`);
  }
}
