import { type Handler, Parser } from 'htmlparser2';
import { toPlainText } from './plain-text.ts';

/** A longer text is cut before it is read. The longest abstract on record has 1,923 characters. */
const MAX_HTML_CHARS = 30_000;

const toWords = (text: string) => text.trim().split(/\s+/);

const inline = toWords(`
  a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q s samp
  small span strike strong sub sup time tt u var wbr
`);
const block = toWords(`
  address article aside blockquote body br caption center dd details div dl dt figcaption figure
  footer form h1 h2 h3 h4 h5 h6 head header hr html img input li link main meta nav ol p picture pre
  section source summary table tbody td tfoot th thead tr ul
`);
const silent = toWords(`
  audio button canvas embed iframe noscript object script select style svg template textarea title
  video
`);

const INLINE: ReadonlySet<string> = new Set(inline);
const SILENT: ReadonlySet<string> = new Set(silent);

/** A `<` that begins neither a tag of HTML, nor one with a prefix such as `jats:p`, nor a comment. It is a sign of the text. */
const NO_TAG = new RegExp(
  `<(?!/?(?:${[...inline, ...block, ...silent].join('|')}|[a-z]+:[a-z]+)(?=[\\s/>])|!--|!\\[CDATA\\[)`,
  'gi',
);

/**
 * Returns the text of a piece of HTML on one line (see {@link toPlainText}), at most `maxChars` characters long.
 *
 * - Blocks and line breaks become spaces. `H<sub>2</sub>O` is one word.
 * - Scripts, styles, media and form fields are left out.
 * - A tag that HTML does not have is text, such as the token `<think>`. Plain text stays as it is, except for entities.
 */
export function toTextOfHtml(html: string, maxChars: number): string {
  const parts: string[] = [];
  let silence = 0;
  const handler: Partial<Handler> = {
    onopentagname(name) {
      if (SILENT.has(name)) silence += 1;
      if (!INLINE.has(name)) parts.push(' ');
    },
    onclosetag(name) {
      if (SILENT.has(name)) silence -= 1;
      if (!INLINE.has(name)) parts.push(' ');
    },
    ontext(text) {
      if (silence === 0) parts.push(text);
    },
  };
  new Parser(handler, { recognizeCDATA: true }).end(html.slice(0, MAX_HTML_CHARS).replace(NO_TAG, '&lt;'));
  return toPlainText(parts.join(''), maxChars);
}
