import type { PaperId } from '../../domain/paper.ts';

/** The page of one paper: `/papers/2601.00001`, `/papers/hep-ex/0307015`. */
export function toPaperPath(id: PaperId): string {
  return `/papers/${id}`;
}

/** The page of an organisation's papers: `/organisations/Example%20Lab`. */
export function toOrganisationPath(name: string): string {
  return `/organisations/${encodeURIComponent(name)}`;
}
