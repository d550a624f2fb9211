import { createMemo } from '../../matching/memo.ts';
import { flatten, type Piece, toPiece } from '../piece.ts';

/** What stands in for a place while its template is rendered. No text from outside has these characters: they are private. */
const START = '\ue000';
const END = '\ue001';

/** A rendered piece of HTML with places that differ from mail to mail. */
export interface Template<Place extends string> {
  /** Returns the HTML with these pieces in its places. */
  fill(places: Readonly<Record<Place, Piece>>): Piece;
}

/**
 * Renders a component once, and cuts its HTML at its places. The component gets a stand-in for each place, and puts it where a text or
 * a value of an attribute goes.
 */
export function createTemplate<Place extends string = never>(
  render: (at: (place: Place) => string) => { toString(): unknown },
): Template<Place> {
  const html = String(render((place) => `${START}${place}${END}`));
  const [first = '', ...others] = html.split(START);
  const start = flatten(toPiece(first));
  const rest = others.map((part) => {
    const [place = '', ...texts] = part.split(END);
    return { place: place as Place, after: flatten(toPiece(texts.join(END))) };
  });
  return {
    fill(places) {
      let { encoded, bytes } = start;
      for (const { place, after } of rest) {
        const piece = places[place];
        encoded += piece.encoded;
        encoded += after.encoded;
        bytes += piece.bytes + after.bytes;
      }
      return { encoded, bytes };
    },
  };
}

/** Returns an unescaped text as HTML, for an element or an attribute in double quotes. */
export function toHtmlPiece(text: string): Piece {
  return toPiece(escapeHtml(text));
}

/** The HTML of texts that many mails have, such as headings and the lines of the footer. */
const sharedTexts = createMemo<string, Piece>(1_000_000, ({ bytes }, text) => bytes + 2 * text.length);

/** Returns an unescaped text as HTML, as {@link toHtmlPiece} does. It remembers the last ones. */
export function recallHtmlPiece(text: string): Piece {
  return sharedTexts.recall(text, () => flatten(toHtmlPiece(text)));
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const SPECIAL = /[&<>"']/g;

function escapeHtml(text: string): string {
  return text.replace(SPECIAL, (sign) => ESCAPED[sign] ?? sign);
}
