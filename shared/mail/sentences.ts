import { shorten } from './reader-text.ts';

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

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
  for (const sentence of splitSentences(text).slice(0, count)) {
    const longer = `${kept}${sentence}`;
    if (longer.trimEnd().length > maxChars) break;
    kept = longer;
  }
  return kept.trimEnd() || shorten(text, maxChars);
}

/** Returns the sentences with their trailing spaces. Joined, they give the original text. */
export function splitSentences(text: string): readonly string[] {
  const whole: string[] = [];
  let isOpen = false; // the previous segment ended in an abbreviation, so this one continues its sentence
  for (const { segment } of sentences.segment(text)) {
    const last = whole.length - 1;
    if (isOpen) whole[last] = `${whole[last]}${segment}`;
    else whole.push(segment);
    isOpen = ABBREVIATION.test(segment) || INITIAL.test(segment);
  }
  return whole;
}
