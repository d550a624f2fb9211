import { isArxivId, type Paper } from '../../../domain/papers/paper.ts';
import { toOneLine } from '../../../domain/text/one-line.ts';
import { parseName } from '../../../matching/text/names.ts';
import { findOwnPage } from '../../../presentation/paper-url.ts';

/** How many bytes the names of authors may take. Longer lists end in `and others`. */
const MAX_AUTHOR_BYTES = 8000;

/** The longest title on record has 206 characters. */
const MAX_TITLE_CHARS = 600;

/**
 * Returns the BibTeX entry of a paper, as arXiv writes it: `@misc{example2026small, …}`. It has the DOI and the
 * journal if they are known.
 */
export function toBibTex(paper: Paper): string {
  const year = paper.publishedAt.slice(0, 4);
  const [category = ''] = paper.categories;
  const fields: readonly (readonly [name: string, value: string])[] = [
    ['title', toTitle(paper.title)],
    ['author', toAuthors(paper)],
    ['year', year],
    ...(isArxivId(paper.id)
      ? [
          ['eprint', paper.id] as const,
          ['archivePrefix', 'arXiv'] as const,
          ['primaryClass', escapeTex(category)] as const,
        ]
      : []),
    ['doi', escapeTex(toOneLine(paper.doi ?? ''))],
    ['journal', escapeTex(toOneLine(paper.journalReference ?? '').slice(0, MAX_TITLE_CHARS))],
    ['url', findOwnPage(paper)?.url ?? ''],
  ];
  const lines = fields.filter(([, value]) => value !== '').map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${toKey(paper, year)},\n${lines.join(',\n')}\n}`;
}

/** Returns a key of plain letters and digits: `example2026small`. It is the id if the names have none. */
function toKey({ id, authors: [first = ''], title }: Paper, year: string): string {
  const family = toPlain(parseName(first).readings[0]?.familyCore ?? '');
  const word =
    title
      .split(/[\s-]+/)
      .map(toPlain)
      .find((plain) => plain.length > 3) ?? '';
  return family === '' ? toPlain(id) : `${family}${year}${word}`;
}

function toPlain(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Keeps valid TeX and escapes any other title. The inner braces keep its capitals. */
function toTitle(title: string): string {
  const line = toOneLine(title).slice(0, MAX_TITLE_CHARS);
  return `{${isTex(line) ? line.replace(/(?<!\\)[&%#]/g, '\\$&') : escapeTex(line)}}`;
}

/** Returns whether a text has TeX whose braces and dollar signs are in pairs. */
function isTex(text: string): boolean {
  const signs = text.replace(/\\[{}$\\]/g, '');
  let depth = 0;
  for (const sign of signs) {
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth < 0) return false;
  }
  const dollars = signs.split('$').length - 1;
  return /\\[a-zA-Z]|\$/.test(text) && depth === 0 && dollars % 2 === 0 && !text.endsWith('\\');
}

function toAuthors({ authors, authorCount }: Paper): string {
  const names: string[] = [];
  let bytes = 0;
  for (const author of authors) {
    const name = toAuthor(author);
    bytes += Buffer.byteLength(name) + ' and '.length;
    if (bytes > MAX_AUTHOR_BYTES) break;
    if (name !== '') names.push(name);
  }
  const isWhole = names.length > 0 && names.length >= authorCount;
  return [...names, ...(isWhole || names.length === 0 ? [] : ['others'])].join(' and ');
}

/** A family name with a suffix: `Smith Jr.` */
const WITH_SUFFIX = /\S+ (?:Jr|jr|Sr|sr|II|III|IV)\.?$/;

/**
 * Returns a name as BibTeX reads it: `Kaiming He` or `He, Kaiming`. A name with `and` or several commas, such as that of a team, is in
 * braces, because BibTeX would split it. So is a family name with a suffix, because BibTeX would take the suffix for the name.
 */
function toAuthor(author: string): string {
  const name = escapeTex(toOneLine(author));
  return /\band\b|,.*,/i.test(name) ? `{${name}}` : name.replace(WITH_SUFFIX, '{$&}');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function escapeTex(text: string): string {
  return text.replace(/[\\~^{}$&%#_]/g, (sign) => ESCAPES[sign] ?? `\\${sign}`);
}
