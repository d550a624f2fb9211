import { foldWord } from './fold-word.ts';

/** A parsed name. Names are compared often, so each is parsed once. */
export interface Name {
  /** How the name can be read. Nearly every name has one reading. */
  readonly readings: readonly Reading[];
}

/** One way to read a name. */
export interface Reading {
  /** The given names and initials in order: `Jean-Baptiste` gives `jean`, `baptiste`, and `J.-B.` gives `j`, `b`. */
  readonly given: readonly string[];
  /** The family name without spaces, with its particles: `vandermaaten`. */
  readonly family: string;
  /** The family name without its particles: `maaten`. */
  readonly familyCore: string;
  /** The whole name without spaces, in its natural order. */
  readonly whole: string;
  /** Every word that finds this name alone. */
  readonly words: readonly string[];
  /** The name is one word without a comma, or is written without spaces. So it may be any part of another name. */
  readonly isOneWord: boolean;
}

/** Words before a family name that belong to it. */
export const PARTICLES: ReadonlySet<string> = new Set(
  'af al bin da dal de del della den der di do dos du el ibn la le ten ter van von zu zum zur'.split(' '),
);

const SUFFIXES = new Set(['jr', 'sr', 'ii', 'iii', 'iv']);

/** Transcriptions of these letters on a keyboard without them. */
const TRANSCRIPTIONS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

/** Scripts in which a name has no space between its parts. */
const UNSPACED_NAME = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}·・\s]+$/u;

/**
 * Returns a name of an author, or of a query, for {@link matchesName}. Reads `Kaiming He`, `K. He` and `He, Kaiming`. The last word is
 * the family name, with particles before it. Suffixes such as `Jr.` do not count.
 */
export function parseName(text: string): Name {
  const readings = read(text);
  const lower = text.normalize('NFC').toLowerCase();
  if (!/[äöüøå]/.test(lower)) return { readings };
  const transcribed = lower.replace(/[äöüøå]/g, (letter) => TRANSCRIPTIONS[letter] ?? letter);
  return { readings: [...readings, ...read(transcribed)] };
}

/**
 * Returns whether the name of an author matches the name in a query.
 *
 * - One word finds every name with that word: `He`, `Kaiming`.
 * - Otherwise the family names agree. Particles may be missing.
 * - Given names agree in order. An initial agrees with a name that begins with it, whichever of the two has the initial. A middle name
 *   may be missing. So `K. He` finds `Kaiming He`, and `Kaiming He` finds `K. He`.
 * - Spaces and hyphens do not matter: `Fei-Fei Li`, `Feifei Li`.
 */
export function matchesName(query: Name, author: Name): boolean {
  return query.readings.some((asked) => author.readings.some((own) => agree(asked, own)));
}

function agree(query: Reading, author: Reading): boolean {
  if (query.whole === '') return false;
  if (query.isOneWord)
    return author.words.includes(query.whole) || (isPartOfNames(query) && author.whole.includes(query.whole));
  if (familiesAgree(query, author) && givenNamesAgree(query.given, author.given)) return true;
  return query.whole === author.whole;
}

/** Returns whether a reading of a query means every name that contains it, such as one character of a Chinese name. */
export function isPartOfNames({ whole, isOneWord }: Reading): boolean {
  return isOneWord && UNSPACED_NAME.test(whole);
}

function familiesAgree(a: Reading, b: Reading): boolean {
  if (a.family === b.family) return true;
  const isWithoutParticles = a.family === a.familyCore || b.family === b.familyCore;
  return isWithoutParticles && a.familyCore === b.familyCore;
}

function givenNamesAgree(query: readonly string[], author: readonly string[]): boolean {
  if (query.length === 0) return true;
  if (author.length === 0) return false;
  if (query.join('') === author.join('')) return true;
  const [short, long] = query.length <= author.length ? [query, author] : [author, query];
  let at = 0;
  for (const [n, name] of short.entries()) {
    // A first name may be the middle name of the other, but an initial of it must not.
    const found = long.findIndex(
      (candidate, k) =>
        k >= at && (n === 0 && k > 0 ? candidate === name && name.length > 1 : areSame(candidate, name)),
    );
    if (found === -1) return false;
    at = found + 1;
  }
  return true;
}

function areSame(a: string, b: string): boolean {
  if (a === b) return true;
  return (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));
}

/** The parts of a word with hyphens or points: `Jean-Baptiste`, `J.-B.`, `K.M.` */
type Parts = readonly string[];

function read(text: string): readonly Reading[] {
  const sections = text.split(/[,，]/).map(readWords);
  const [first = [], ...others] = sections;
  const after = others.flat();
  const hasComma = after.length > 0 || (sections.length > 1 && text.trim().endsWith(','));
  if (hasComma) return [describe(after, first, false)];
  const at = findFamily(first);
  const reading = describe(first.slice(0, at), first.slice(at), first.length === 1);
  if (at === 0 || !isParticle(first[0])) return [reading];
  // `Van Gool` is a family name, and `Van Nguyen` is not.
  const whole = describe([], first, false);
  return [reading, { ...whole, familyCore: whole.family }];
}

/** The position after an initial without a space: `Y.Shi`, `C.O'Brien`. `K.M.` and `Z.AI` stay one word, because no small letter follows. */
const AFTER_INITIAL = /(?<=(?<!\p{L})\p{Lu}\.)(?=\p{Lu}(?:[’']\p{L})?\p{Ll})/gu;

function readWords(section: string): readonly Parts[] {
  return section
    .replace(AFTER_INITIAL, ' ')
    .split(/[\s()"“”~]+/)
    .map(readParts)
    .filter((parts) => parts.length > 0 && !SUFFIXES.has(parts.join('')));
}

function readParts(word: string): Parts {
  const parts = /[-‐‑–]/.test(word) ? word.split(/[-‐‑–]/).flatMap(foldWord) : foldWord(word);
  // A character of Chinese, Japanese or Korean is a word in a text, but not in a name.
  return parts.length > 1 && UNSPACED_NAME.test(word) ? [parts.join('')] : parts;
}

/** Returns the index of the word with which the family name begins. */
function findFamily(words: readonly Parts[]): number {
  const last = words.length - 1;
  const particle = words.findIndex((parts, n) => n > 0 && n < last && isParticle(parts));
  return particle === -1 ? Math.max(0, last) : particle;
}

function isParticle(parts: Parts | undefined): boolean {
  return parts?.length === 1 && PARTICLES.has(parts[0] ?? '');
}

function describe(given: readonly Parts[], family: readonly Parts[], isOneWord: boolean): Reading {
  const names = [...given, ...family];
  const givenParts = given.flat();
  const coreAt = family.findIndex((parts) => !isParticle(parts));
  const pairs = givenParts.map((part, n) => part + (givenParts[n + 1] ?? ''));
  const compounds = names.map((parts) => parts.join(''));
  const whole = compounds.join('');
  const familyName = family.flat().join('');
  return {
    given: givenParts,
    family: familyName,
    familyCore: family.slice(coreAt).flat().join(''),
    whole,
    words: [...names.flat(), ...compounds, ...pairs, familyName],
    isOneWord: isOneWord || UNSPACED_NAME.test(whole),
  };
}

/** Returns the words under which an author's name is indexed. A query means this author only if it has one of its keys among them. */
export function toAuthorKeys(author: string): readonly string[] {
  const keys = parseName(author).readings.flatMap(({ words, family, familyCore, whole }) => [
    ...words,
    family,
    familyCore,
    whole,
  ]);
  return [...new Set(keys)].filter((key) => key !== '');
}
