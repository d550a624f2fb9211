/** Endings that make another word of the same family. The longest ones come first. */
const ENDING =
  /(?:ization|isation|ational|ically|ation|ative|ating|ated|ment|ness|able|ible|abil|ibil|ance|ence|ical|ally|ity|ive|ion|ing|ous|ant|ent|ate|ize|ise|iv|os|ed|er|or|al|ic|ly|es|e|y|i|s)$/;

/** A root has so many letters at least. */
const MIN_LENGTH = 4;

/**
 * Returns what an English word has in common with its family: `train` for `training` and `trained`, `viscos` for `viscosity`. It is always
 * a beginning of the word. A word with a digit or sign, or a short one, is its own root.
 *
 * Roots only rank papers. What a paper has is decided by stems, because `policy` and `police` have one root.
 */
export function toRoot(word: string): string {
  if (!/^[a-z]{5,}$/.test(word)) return word;
  let root = word;
  for (;;) {
    const shorter = root.replace(ENDING, '');
    if (shorter === root || shorter.length < MIN_LENGTH) break;
    root = shorter;
  }
  // `running` is `runn` without its ending.
  return /([^aeiouls])\1$/.test(root) && root.length > MIN_LENGTH ? root.slice(0, -1) : root;
}
