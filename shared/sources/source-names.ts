/** The sources that Broadsheet can read. Each has an entry in the registry; the compiler asks for a missing one. */
export const sourceNames = ['hf-daily'] as const;

export type SourceName = (typeof sourceNames)[number];
