import type { SettingsInput } from '../../infra/settings/schema.ts';

export const FROM_ADDRESS = 'papers@example.org';

/**
 * The public address of the pages in the settings. Tests follow links at the address of the API instead, which has the same paths. It
 * is the default on AWS. Here the API has a plain HTTP address, which a publication must not have.
 */
const PUBLIC_URL = 'https://daily.example.org';

/** Returns the settings of a stage that reads its papers from this machine. */
export function createSettings(
  stage: SettingsInput['stage'],
  papersUrl: string,
  logRetentionDays: SettingsInput['logRetentionDays'],
): SettingsInput {
  return {
    stage,
    publication: { fromAddress: FROM_ADDRESS, publicUrl: PUBLIC_URL },
    lists: { 'hf-daily': { url: papersUrl } },
    logRetentionDays,
  };
}
