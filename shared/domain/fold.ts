/**
 * The words of a text in the form in which two texts are compared: small letters, no accents, no plural, hyphens and
 * all other punctuation as spaces. `Self-Supervised Müller models` becomes `['self', 'supervised', 'muller', 'model']`.
 */
export function foldWords(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(toSingular);
}

/** English plurals, by the endings that are safe to fold: `queries` and `query`, `models` and `model`; not `bias`. */
function toSingular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 3 && /[^aiosu]s$/.test(word)) return word.slice(0, -1);
  return word;
}
