import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TransformFailure } from 'esbuild';
import { parseSettings, SettingsError } from './parse-settings.ts';
import type { Settings } from './schema.ts';

/**
 * Reads the settings of a deployment.
 *
 * @param file path of a JSON file. It is in UTF-8, with or without a byte order mark.
 * @param option the option that names the file. The messages show it.
 * @throws SettingsError if no file is named, if it cannot be read, or if its settings are wrong
 */
export function loadSettings(file: unknown, option = '--settings '): Settings {
  if (file === undefined)
    throw new SettingsError(
      `No settings file is named. Add ${option}prod.json (copy settings.example.json to start one, and set "stage" in it)`,
    );
  if (typeof file !== 'string' || file === '')
    throw new SettingsError(`${option}${JSON.stringify(file)}: expected the path of a JSON file`);
  return parseSettings(readJson(file), file);
}

/** What to do if there are no settings yet. */
const HOW_TO_START =
  '"npx broadsheet init" writes a settings file. To write one yourself, copy settings.example.json, and set "stage" to "prod" for a deployment with readers';

function readJson(file: string): unknown {
  const text = readText(file).replace(/^\ufeff/, '');
  if (text.trim() === '') throw new SettingsError(`"${file}" is empty. ${HOW_TO_START}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`"${file}" is not valid JSON${findFault(text)}`, { cause: error });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new SettingsError(`"${file}" does not exist. ${HOW_TO_START}`, { cause: error });
    if (code === 'EISDIR')
      throw new SettingsError(`"${file}" is a folder: expected a JSON file, such as prod.json`, {
        cause: error,
      });
    throw new SettingsError(`"${file}" cannot be read: ${message}`, { cause: error });
  }
}

/** Returns the position and the kind of a fault in JSON: ` at line 3, column 5: JSON does not support trailing commas`. */
function findFault(text: string): string {
  // Node.js gives no line, and for some faults no position. esbuild takes 40 ms to load, so only a wrong file loads it.
  const { transformSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  try {
    transformSync(text, { loader: 'json', logLevel: 'silent' });
    return '';
  } catch (error) {
    const [fault] = (error as TransformFailure).errors;
    if (!fault?.location) return '';
    const { line, column, lineText } = fault.location;
    const charsBefore = Buffer.from(lineText).subarray(0, column).toString().length;
    return ` at line ${line}, column ${charsBefore + 1}: ${fault.text}`;
  }
}
