// Written by hand, because the encoder of nodemailer takes a whole body. The pieces that many mails share are encoded once.

/**
 * A part of a mail's body as it is in the message: quoted-printable. A body is joined from pieces, so the parts that many mails share
 * are rendered and encoded once.
 */
export interface Piece {
  /** It begins and ends at the end of a line, so pieces can follow each other. */
  readonly encoded: string;
  /** The size before encoding, in bytes of UTF-8. */
  readonly bytes: number;
}

/** An empty piece. */
export const NOTHING: Piece = { encoded: '', bytes: 0 };

/** The longest line of quoted-printable, without the `=` of a soft line break. */
const LINE_CHARS = 75;

/** Printable ASCII except `=`, the escape character of quoted-printable. */
const PLAIN = /^[ -<>-~]*$/;

const NOT_PLAIN = /[^ -<>-~]+/g;

/** `=XX` for each byte. */
const ESCAPES = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

const SOFT_BREAK = '=\r\n';

/**
 * Encodes a text. Its lines end in `\n`. A last line without one ends in a soft line break, which mail programs remove, so the
 * next piece continues it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2045#section-6.7
 */
export function toPiece(text: string): Piece {
  if (text === '') return NOTHING;
  if (PLAIN.test(text)) return { encoded: wrapPlain(text) + SOFT_BREAK, bytes: text.length };
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  let encoded = '';
  for (const line of lines) encoded += `${encodeLine(line, true)}\r\n`;
  if (last !== '') encoded += encodeLine(last, false) + SOFT_BREAK;
  return { encoded: toOneByte(encoded), bytes: Buffer.byteLength(text) };
}

/** @param isWhole whether a hard line break follows, which must not follow a space */
function encodeLine(line: string, isWhole: boolean): string {
  const isSpaceLast = isWhole && line.endsWith(' ');
  if (!isSpaceLast && PLAIN.test(line)) return wrapPlain(line);
  const escaped = line.replace(NOT_PLAIN, (text) => escapeBytes(Buffer.from(text)));
  return wrapEscaped(isSpaceLast ? `${escaped.slice(0, -1)}=20` : escaped);
}

function wrapPlain(line: string): string {
  let wrapped = line.slice(0, LINE_CHARS);
  for (let at = LINE_CHARS; at < line.length; at += LINE_CHARS) {
    wrapped += SOFT_BREAK + line.slice(at, at + LINE_CHARS);
  }
  return wrapped;
}

/** Wraps a line in which every `=` begins an escaped byte. It breaks no escape. */
function wrapEscaped(line: string): string {
  let wrapped = '';
  let at = 0;
  while (line.length - at > LINE_CHARS) {
    let end = at + LINE_CHARS;
    if (line[end - 1] === '=') end -= 1;
    else if (line[end - 2] === '=') end -= 2;
    wrapped += line.slice(at, end) + SOFT_BREAK;
    at = end;
  }
  return wrapped + line.slice(at);
}

function escapeBytes(bytes: Buffer): string {
  let escaped = '';
  for (const byte of bytes) escaped += ESCAPES[byte];
  return escaped;
}

/** Returns one piece of several, in order. */
export function join(pieces: readonly Piece[]): Piece {
  let encoded = '';
  let bytes = 0;
  for (const piece of pieces) {
    encoded += piece.encoded;
    bytes += piece.bytes;
  }
  return { encoded, bytes };
}

/**
 * Returns the same piece, ready for repeated use. V8 keeps a concatenated string as a tree, and each use would walk through it.
 */
export function flatten({ encoded, bytes }: Piece): Piece {
  return { encoded: toOneByte(encoded), bytes };
}

/**
 * Returns the same ASCII text, with one byte of memory for each character. V8 uses two bytes for a slice of a text with other characters,
 * even if the slice has none. A string that is joined with it then takes two bytes as well.
 */
export function toOneByte(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1');
}
