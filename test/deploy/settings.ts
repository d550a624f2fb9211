import type { SettingsInput } from '../../infra/settings/schema.ts';

export const FROM_ADDRESS = 'papers@example.org';

/** The only category of arXiv that is followed. Recordings of it exist. */
const ARXIV_CATEGORY = 'cs.CV';
export const ARXIV_LIST = `arxiv/${ARXIV_CATEGORY}`;

/**
 * The public address of the pages in the settings. Tests follow links at the address of the API instead, which has the same paths. It
 * is the default on AWS. Here the API has a plain HTTP address, which a publication must not have.
 */
const PUBLIC_URL = 'https://daily.example.org';

/** Returns the settings of a stage that reads its papers from this machine. Without `arxivUrl` it does not read arXiv. */
export function createSettings(
  stage: SettingsInput['stage'],
  papersUrl: string,
  logRetentionDays: SettingsInput['logRetentionDays'],
  arxivUrl?: string,
): SettingsInput {
  return {
    stage,
    publication: { fromAddress: FROM_ADDRESS, publicUrl: PUBLIC_URL },
    lists: {
      'hf-daily': { url: papersUrl },
      ...(arxivUrl !== undefined && { arxiv: { categories: [ARXIV_CATEGORY], url: arxivUrl } }),
    },
    logRetentionDays,
  };
}
