import type { SettingsInput } from '../../infra/settings/schema.ts';

export const FROM_ADDRESS = 'papers@example.org';

/**
 * Where the pages are said to be. Links are followed at the address of the API instead, which takes the same paths: on AWS
 * that is the default, and here it is one of plain HTTP, with which no publication can be found.
 */
const PUBLIC_URL = 'https://daily.example.org';

/** The settings of a stage that reads its papers from this machine. */
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
