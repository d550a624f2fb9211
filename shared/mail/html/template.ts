import { createMemo } from '../../matching/memo.ts';
import { flatten, join, NOTHING, type Piece, toPiece } from '../piece.ts';
import { type Markup, SLOT_END, SLOT_START } from './markup.ts';

/** A rendered piece of HTML with slots that differ from mail to mail. */
export interface Template<Slot extends string> {
  /** Returns the HTML with these pieces in its slots. */
  fill(slots: Readonly<Record<Slot, Piece>>): Piece;
  /** Returns a template with these pieces in some of its slots. The others stay open. */
  bind<Bound extends Slot>(slots: Readonly<Record<Bound, Piece>>): Template<Exclude<Slot, Bound>>;
}

/**
 * Cuts markup at its slots.
 *
 * @param constants the HTML of the slots that are the same in all mails
 */
export function createTemplate<Slot extends string>(
  { html }: Markup<Slot>,
  constants: ReadonlyMap<string, string>,
): Template<Slot> {
  const [first = '', ...others] = html.split(SLOT_START);
  const texts = [first];
  const dynamic: Slot[] = [];
  for (const part of others) {
    const end = part.indexOf(SLOT_END);
    const slot = part.slice(0, end);
    const after = part.slice(end + SLOT_END.length);
    const constant = constants.get(slot);
    if (constant === undefined) {
      dynamic.push(slot as Slot);
      texts.push(after);
    } else texts[texts.length - 1] += constant + after;
  }
  const [start = NOTHING, ...afterSlots] = texts.map(toPiece);
  return joinTemplate(
    start,
    dynamic.map((slot, index) => ({ slot, after: afterSlots[index] ?? NOTHING })),
  );
}

/** A slot, and the piece between it and the next one. */
interface OpenSlot<Slot extends string> {
  readonly slot: Slot;
  readonly after: Piece;
}

function joinTemplate<Slot extends string>(first: Piece, slots: readonly OpenSlot<Slot>[]): Template<Slot> {
  const start = flatten(first);
  const rest = slots.map(({ slot, after }) => ({ slot, after: flatten(after) }));
  return {
    fill(pieces) {
      let { encoded, bytes } = start;
      for (const { slot, after } of rest) {
        const piece = pieces[slot];
        encoded += piece.encoded;
        encoded += after.encoded;
        bytes += piece.bytes + after.bytes;
      }
      return { encoded, bytes };
    },
    bind<Bound extends Slot>(pieces: Readonly<Record<Bound, Piece>>) {
      let before = start;
      const open: OpenSlot<Exclude<Slot, Bound>>[] = [];
      for (const { slot, after } of rest) {
        const last = open.pop();
        if (!(slot in pieces)) {
          if (last) open.push(last);
          open.push({ slot: slot as Exclude<Slot, Bound>, after });
          continue;
        }
        const bound = [pieces[slot as Bound], after];
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

/** The HTML of texts that many mails share, such as headings and the lines of the footer. */
const sharedTexts = createMemo<string, Piece>(
  1_000_000,
  ({ encoded }, text) => encoded.length + 2 * text.length,
);

/** Returns an unescaped text as HTML, as {@link toHtmlPiece} does. It caches the last ones. */
export function recallHtmlPiece(text: string): Piece {
  return sharedTexts.recall(text, () => toHtmlPiece(text));
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
