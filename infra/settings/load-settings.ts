import { readFileSync } from 'node:fs';
import { parseSettings, SettingsError } from './parse-settings.ts';
import type { Settings } from './schema.ts';

/**
 * The settings of a deployment: those in a file of their own where one is named, else those of the context.
 *
 * @param file a JSON file with what `broadsheet` holds in cdk.json, as `-c settings=prod.json` names it
 * @param context the value of `broadsheet` in the context of cdk.json
 * @throws SettingsError also where the file cannot be read
 */
export function loadSettings(file: unknown, context?: unknown): Settings {
  if (file === undefined) return parseSettings(context);
  if (typeof file !== 'string' || file === '') {
    throw new SettingsError(`-c settings=${JSON.stringify(file)}: expected the path of a JSON file`);
  }
  return parseSettings(readJson(file), file);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`the settings in ${file} cannot be read: ${reason}`, { cause: error });
  }
}
