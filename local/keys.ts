import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidInputError } from '../shared/domain/errors.ts';
import { type Keys, parseKeys } from '../shared/subscribers/keys.ts';

/** Creates random keys. */
export function createKeys(): Keys {
  return parseKeys(createKeysText());
}

/**
 * Loads the keys from a file. The first call creates the file.
 *
 * @throws InvalidInputError that names the file if it does not contain valid keys, or if it is missing beside tables that need it
 */
export async function loadKeys(path: string): Promise<Keys> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return parseKeysOf(path, kept);
  if (existsSync(join(dirname(path), 'tables'))) {
    throw new InvalidInputError(
      `${path} is missing, and the subscribers beside it cannot be found without their keys. Put the file back, or start with --fresh to create new keys and delete all data.`,
    );
  }
  const text = createKeysText();
  await mkdir(dirname(path), { recursive: true });
  // A process that dies here leaves no half file. Without its keys, the data of a copy is of no use.
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
  return parseKeys(text);
}

/** Creates random keys in the format of the file and of the secret on AWS. */
function createKeysText(): string {
  return `${JSON.stringify({ idKey: randomBytes(32).toString('base64url') })}\n`;
}

function parseKeysOf(path: string, text: string): Keys {
  try {
    return parseKeys(text);
  } catch {
    throw new InvalidInputError(
      `${path} does not contain valid keys. Start with --fresh to create new ones and delete all data.`,
    );
  }
}
