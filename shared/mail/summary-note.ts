import type { CardContent } from './card-content.ts';

const NOTE =
  'The short summaries were written by a model on Hugging Face. A paper without one shows how its abstract begins.';

/** What is said below cards of which one shows a summary that no author wrote; none where all show abstracts. */
export function findSummaryNote(cards: readonly Pick<CardContent, 'isAiSummary'>[]): string | undefined {
  return cards.some(({ isAiSummary }) => isAiSummary) ? NOTE : undefined;
}
