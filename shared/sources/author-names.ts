import { toPlainName } from './plain-text.ts';

/** What may follow a whole name after a comma: `Jr.`, `III`, `Ph.D.`. */
export const SUFFIX = /^(?:jr|sr|ii|iii|iv|v|ph\.? ?d|m\.? ?d)\.?$/i;

/** Between two names: a comma, a semicolon, `and`, `&`. A colon ends the name of a collaboration: `Planck Collaboration: A. Author`. */
const SEPARATOR = /\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+|(?<=collaborations?)\s*:\s*/i;

/** `A. Author for the ATLAS Collaboration` and `on behalf of the ATLAS Collaboration`. */
const ON_BEHALF =
  /(?:^|\s+)(?:for|on behalf of)\s+(?:the\s+)?(?=\S.*\b(?:collaboration|team|group|consortium)s?\b)/i;

const HAS_LETTER = /\p{L}/u;
const IS_REST = /^et al\.?$/i;

/**
 * Returns the names in arXiv's list of authors: `A. Author, Jr., B. Writer (MIT) and the C Collaboration`.
 *
 * - Affiliations and numbers of affiliations in brackets are left out.
 * - A suffix belongs to the name before it: `John Smith, III` is one author.
 * - A collaboration is an author, also at the end of a name: `A. Author for the B Collaboration` are two.
 */
export function readAuthorNames(authors: string): readonly string[] {
  const names: string[] = [];
  for (const part of withoutBrackets(toPlainName(authors)).split(SEPARATOR).flatMap(splitCollaboration)) {
    const name = part.replace(/\s+/g, ' ').trim();
    const before = names.at(-1);
    if (before !== undefined && SUFFIX.test(name)) names[names.length - 1] = `${before} ${name}`;
    else if (HAS_LETTER.test(name) && !IS_REST.test(name)) names.push(name);
  }
  return names;
}

/** Returns the name of one author that comes in parts. Undefined for a part that names nobody, such as a colon. */
export function joinName(parts: readonly (string | undefined)[]): string | undefined {
  const name = toPlainName(parts.filter((part) => part !== undefined).join(' '));
  return HAS_LETTER.test(name) ? name : undefined;
}

/** No name is longer. Longer texts would take long to search. */
const MAX_PART_CHARS = 1_000;

function splitCollaboration(part: string): readonly string[] {
  return part
    .slice(0, MAX_PART_CHARS)
    .split(ON_BEHALF)
    .map((name) => name.replace(/^\s*the\s+(?=.*collaboration)/i, ''));
}

/** Removes what is in brackets, in nested ones too, and all after a bracket that does not end. Leaves no runs of spaces. */
function withoutBrackets(text: string): string {
  let depth = 0;
  let kept = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += character;
  }
  return kept.replace(/\s+/g, ' ');
}
