import type { DigestContent, SectionContent } from './digest-content.ts';

/**
 * The content with as many cards as `fits` allows; what is left out is counted in the `moreCount` of its section.
 *
 * Room is given out in rounds: every section's best paper comes before any section's second, so that no subscription is
 * crowded out by the one before it. `fits` is asked about 10 times for 1,000 cards, once where everything fits.
 */
export function fitToSize(
  content: DigestContent,
  fits: (candidate: DigestContent) => boolean,
): DigestContent {
  if (fits(content)) return content;
  let kept = 0;
  let tooMany = content.sections.reduce((sum, { cards }) => sum + cards.length, 0);
  while (tooMany - kept > 1) {
    const middle = Math.floor((kept + tooMany) / 2);
    if (fits(keepCards(content, middle))) kept = middle;
    else tooMany = middle;
  }
  return keepCards(content, kept);
}

/** The content with `count` cards, given out in rounds. */
function keepCards(content: DigestContent, count: number): DigestContent {
  const shares = content.sections.map(() => 0);
  let left = count;
  for (let round = 0; left > 0; round++) {
    for (const [index, { cards }] of content.sections.entries()) {
      if (left === 0 || round >= cards.length) continue;
      shares[index] = round + 1;
      left--;
    }
  }
  return {
    ...content,
    sections: content.sections.map((section, index) => keepFirst(section, shares[index] ?? 0)),
  };
}

function keepFirst(section: SectionContent, count: number): SectionContent {
  return {
    ...section,
    cards: section.cards.slice(0, count),
    moreCount: section.moreCount + section.cards.length - count,
  };
}
