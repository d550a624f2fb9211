/** Accents and invisible characters, but no vowel sign of Indian scripts and no voicing mark of Japanese. */
const IGNORED =
  /(?![\u3099\u309a])\p{Script=Inherited}|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|\p{Default_Ignorable_Code_Point}/gu;

/** Replacements of folded characters for which Unicode has no rule. A final sigma is a sigma. */
const REPLACEMENTS = toTable('ø o, ł l, đ d, ð d, ħ h, ŧ t, þ th, æ ae, œ oe, ß ss, ς σ, ♯ #');
const REPLACED = new RegExp(`[${[...REPLACEMENTS.keys()].join('')}]`, 'g');

/** A Greek letter alone is a symbol, which people type by its name: `τ-bench`, `π0`, `βVAE`. */
const GREEK_SYMBOL = /(?<!\p{Script=Greek})\p{Script=Greek}(?!\p{Script=Greek})/gu;
const GREEK_NAMES = toTable(
  'α alpha, β beta, γ gamma, δ delta, ε epsilon, ζ zeta, η eta, θ theta, ι iota, κ kappa, λ lambda, μ mu, ' +
    'ν nu, ξ xi, ο omicron, π pi, ρ rho, σ sigma, τ tau, υ upsilon, φ phi, χ chi, ψ psi, ω omega',
);

/** A character of a script without spaces, or of Hangul. Each is a word. */
export const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;

/** A word for which folding is only lower case. Nearly every word is one. */
const PLAIN = /^[A-Za-z0-9]+$/;

/** The parts of a folded word. Most have one. `½` has two, because it is written `1/2`. */
const PARTS = new RegExp(
  [
    String.raw`\.net|\+\+|(?=[\p{L}\p{N}])${UNSPACED.source}\p{M}*`,
    String.raw`(?:(?!${UNSPACED.source})[\p{L}\p{N}]\p{M}*|(?<=\p{N})\.(?=\p{N}))+(?:\+\+|[#*])?`,
  ].join('|'),
  'gu',
);

/**
 * Returns a word in lower case, without accents and invisible characters, and in its plainest characters.
 *
 * - `Erdős` gives `erdos`, `Straße` gives `strasse`, `Łukasz` gives `lukasz`. The Turkish `ı` and `İ` are `i`.
 * - `ö` gives `o`, also in German words. A word does not show whether `oe` is meant.
 * - `ℓ₂` gives `l2`, and `τ` gives `tau`.
 * - A few characters give no word, or two.
 */
export function foldWord(word: string): readonly string[] {
  if (PLAIN.test(word)) return [word.toLowerCase()];
  const folded = word
    .normalize('NFKD')
    // Some characters have several lower cases, but only one upper case.
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/['\u02bc\u2018\u2019\u201b\u2032,]/g, '')
    .replace(IGNORED, '')
    .replace(REPLACED, (character) => REPLACEMENTS.get(character) ?? character)
    .replace(GREEK_SYMBOL, (letter) => GREEK_NAMES.get(letter) ?? letter)
    .normalize('NFC');
  return folded.match(PARTS) ?? [];
}

/** Returns the table of a text such as `ø o, æ ae`. */
function toTable(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(', ').map((entry) => entry.split(' ') as [string, string]));
}
