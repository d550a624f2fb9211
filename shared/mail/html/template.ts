import { createMemo } from '../../matching/memo.ts';
import { flatten, join, NOTHING, type Piece, toPiece } from '../piece.ts';
import { type Markup, PLACE_END, PLACE_START } from './markup.ts';

/** A rendered piece of HTML with places that differ from mail to mail. */
export interface Template<Place extends string> {
  /** Returns the HTML with these pieces in its places. */
  fill(places: Readonly<Record<Place, Piece>>): Piece;
  /** Returns a template with these pieces in some of its places. The others are still open. */
  bind<Bound extends Place>(places: Readonly<Record<Bound, Piece>>): Template<Exclude<Place, Bound>>;
}

/**
 * Cuts markup at its places.
 *
 * @param constants what stands in the places that are the same in all mails, as HTML
 */
export function createTemplate<Place extends string>(
  { html }: Markup<Place>,
  constants: ReadonlyMap<string, string>,
): Template<Place> {
  const [first = '', ...others] = html.split(PLACE_START);
  const texts = [first];
  const dynamic: Place[] = [];
  for (const part of others) {
    const end = part.indexOf(PLACE_END);
    const place = part.slice(0, end);
    const after = part.slice(end + PLACE_END.length);
    const constant = constants.get(place);
    if (constant === undefined) {
      dynamic.push(place as Place);
      texts.push(after);
    } else texts[texts.length - 1] += constant + after;
  }
  const [start = NOTHING, ...afterPlaces] = texts.map(toPiece);
  return joinTemplate(
    start,
    dynamic.map((place, index) => ({ place, after: afterPlaces[index] ?? NOTHING })),
  );
}

/** A place, and what stands between it and the next one. */
interface OpenPlace<Place extends string> {
  readonly place: Place;
  readonly after: Piece;
}

function joinTemplate<Place extends string>(
  first: Piece,
  places: readonly OpenPlace<Place>[],
): Template<Place> {
  const start = flatten(first);
  const rest = places.map(({ place, after }) => ({ place, after: flatten(after) }));
  return {
    fill(pieces) {
      let { encoded, bytes } = start;
      for (const { place, after } of rest) {
        const piece = pieces[place];
        encoded += piece.encoded;
        encoded += after.encoded;
        bytes += piece.bytes + after.bytes;
      }
      return { encoded, bytes };
    },
    bind<Bound extends Place>(pieces: Readonly<Record<Bound, Piece>>) {
      let before = start;
      const open: OpenPlace<Exclude<Place, Bound>>[] = [];
      for (const { place, after } of rest) {
        const last = open.pop();
        if (!(place in pieces)) {
          if (last) open.push(last);
          open.push({ place: place as Exclude<Place, Bound>, after });
          continue;
        }
        const bound = [pieces[place as Bound], after];
        if (last) open.push({ ...last, after: join([last.after, ...bound]) });
        else before = join([before, ...bound]);
      }
      return joinTemplate(before, open);
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

/** Returns a text as HTML, for an element or an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(SPECIAL, (sign) => ESCAPED[sign] ?? sign);
}
