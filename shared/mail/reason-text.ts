import type { MatchField, MatchReason } from '../domain/match.ts';
import { toReaderText } from './reader-text.ts';
import { toListing } from './wording.ts';

const PLACES: Readonly<Record<MatchField, string>> = {
  title: 'in the title',
  abstract: 'in the abstract',
  keywords: 'among the keywords',
};

const MAX_TERM_CHARS = 60;
const MAX_TERMS = 4;

/**
 * Why a paper matched, as a sentence: `Matches “residual stream” and “mlp” in the title, “vision” in the abstract.` None
 * where there is no reason to give. Beyond four terms the rest is counted.
 */
export function toReasonText(reasons: readonly MatchReason[]): string | undefined {
  const termsByPlace = new Map<string, Set<string>>();
  for (const { term, field } of reasons) {
    const terms = termsByPlace.get(PLACES[field]) ?? new Set();
    termsByPlace.set(PLACES[field], terms.add(`“${toReaderText(term, MAX_TERM_CHARS)}”`));
  }
  if (termsByPlace.size === 0) return undefined;
  const places = [...termsByPlace].map(([place, terms]) => `${toListing([...terms], MAX_TERMS)} ${place}`);
  return `Matches ${places.join(', ')}.`;
}
