import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { SettingsError } from '../../infra/settings/parse-settings.ts';
import type { Settings } from '../../infra/settings/schema.ts';

const cdkSchema = z.object({ context: z.object({ broadsheet: z.unknown() }).optional() });

/**
 * The settings that a deployment was made with.
 *
 * @param file as `--settings` names it; without it, those in `cdk.json` of the current folder
 * @throws SettingsError where they are missing or wrong
 */
export function readSettings(file: string | undefined, cdkFile = 'cdk.json'): Settings {
  if (file === '') throw new SettingsError('--settings is "": expected the path of a JSON file');
  return file === undefined ? loadSettings(undefined, readContext(cdkFile)) : loadSettings(file, undefined);
}

function readContext(cdkFile: string): unknown {
  try {
    return cdkSchema.parse(JSON.parse(readFileSync(cdkFile, 'utf8'))).context?.broadsheet;
  } catch (error) {
    throw new SettingsError(
      `${cdkFile} cannot be read: expected the folder of the project as the current one, or --settings with a file`,
      { cause: error },
    );
  }
}
