import { onFirstUse } from '../domain/once.ts';
import { shorten } from './reader-text.ts';

const sentences = onFirstUse(() => new Intl.Segmenter('en', { granularity: 'sentence' }));

/** Abbreviations whose dot does not end a sentence: `et al.`, `e.g.`, `Fig.`. */
const ABBREVIATION =
  /(?:^|[\s([])(?:et al|e\.g|i\.e|cf|vs|resp|approx|ca|Figs?|Eqs?|Secs?|Tab|Refs?|Thm|Dr|Prof|Mr|Ms|St)\.\s*$/i;

/** The initial in `J. Smith`. */
const INITIAL = /(?:^|[\s(])\p{Lu}\.\s*$/u;

/**
 * Returns the first `count` sentences of a one-line text, or fewer if they exceed `maxChars`. A first sentence that is too
 * long is cut.
 *
 * @example toFirstSentences('We follow Vaswani et al. Our gain is 3.5 points. More.', 2, 300)
 * // 'We follow Vaswani et al. Our gain is 3.5 points. More.'
 */
export function toFirstSentences(text: string, count: number, maxChars: number): string {
  let kept = '';
  let left = count;
  for (const sentence of findSentences(text)) {
    const longer = `${kept}${sentence}`;
    if (left === 0 || longer.trimEnd().length > maxChars) break;
    kept = longer;
    left -= 1;
  }
  return kept.trimEnd() || shorten(text, maxChars);
}

/** Returns the sentences with their trailing spaces. Joined, they give the original text. */
export function splitSentences(text: string): readonly string[] {
  return [...findSentences(text)];
}

/** Finds one sentence after the other, because a card shows only the first two of an abstract. */
function* findSentences(text: string): Generator<string> {
  let open = ''; // its last segment ended in an abbreviation, so the next one continues the sentence
  for (const { segment } of sentences().segment(text)) {
    open += segment;
    if (ABBREVIATION.test(segment) || INITIAL.test(segment)) continue;
    yield open;
    open = '';
  }
  if (open !== '') yield open;
}
