import { existsSync, readFileSync } from 'node:fs';
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
      `No settings file is named. Add ${option}prod.json (copy settings.example.json to start one)`,
    );
  if (typeof file !== 'string' || file === '')
    throw new SettingsError(`${option}${JSON.stringify(file)}: expected the path of a JSON file`);
  return parseSettings(readJson(file), file);
}

function readJson(file: string): unknown {
  if (!existsSync(file))
    throw new SettingsError(
      `${file} does not exist. "npx broadsheet init" writes a settings file. To write one yourself, copy settings.example.json`,
    );
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`${file} cannot be read: ${reason}`, { cause: error });
  }
}
