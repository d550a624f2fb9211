import type { DigestContent } from './digest-content.ts';

const NOTE =
  'The short summaries were written by a model on Hugging Face. A paper without one shows how its abstract begins.';

/** What the footer says where a mail shows a summary that no author wrote; none where it shows abstracts only. */
export function findSummaryNote({ sections }: Pick<DigestContent, 'sections'>): string | undefined {
  return sections.some(({ cards }) => cards.some(({ isAiSummary }) => isAiSummary)) ? NOTE : undefined;
}
