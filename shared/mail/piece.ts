// Written by hand, because the encoder of nodemailer takes a whole body. The pieces that many mails share are encoded once.

/**
 * A part of a mail's body as it is in a request to SES: quoted-printable, in base64. A body is joined from pieces, so the parts that many
 * mails share are rendered and encoded once. See ADR 62.
 */
export interface Piece {
  /** Whole lines, and whole groups of four characters of base64. So pieces can follow each other. */
  readonly encoded: string;
  /** The size before encoding, in bytes of UTF-8. */
  readonly bytes: number;
}

/** An empty piece. */
export const NOTHING: Piece = { encoded: '', bytes: 0 };

/** The longest line of quoted-printable, without the `=` of a soft line break. */
const LINE_CHARS = 75;

/** What quoted-printable escapes: `=`, a space at the end of a line, and all but line breaks and printable ASCII. */
const NOT_PLAIN = /[^\n -<>-~]+| (?=\n)/g;

/** `=XX` for each byte. */
const ESCAPES = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

const BREAK = '\r\n';
const SOFT_BREAK = `=${BREAK}`;

/**
 * Encodes a text. Its lines end in `\n`. A last line without one ends in a soft line break, which mail programs remove, so the
 * next piece continues it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2045#section-6.7
 */
export function toPiece(text: string): Piece {
  if (text === '') return NOTHING;
  const escaped = align(text.replace(NOT_PLAIN, escapeBytes).replaceAll('\n', BREAK));
  let lines = '';
  let start = 0;
  for (let end = escaped.indexOf(BREAK); end !== -1; end = escaped.indexOf(BREAK, start)) {
    lines += wrap(escaped.slice(start, end)) + BREAK;
    start = end + BREAK.length;
  }
  if (start < escaped.length) lines += wrap(escaped.slice(start)) + SOFT_BREAK;
  return { encoded: toFormBase64(lines), bytes: Buffer.byteLength(text) };
}

/**
 * Makes the length divisible by three, by escaping up to two more characters. Then base64 needs no `=` at its end. An escaped byte has three
 * characters, and so has a soft line break.
 */
function align(escaped: string): string {
  let aligned = escaped;
  let at = 0;
  while (aligned.length % 3 > 0) {
    const sign = aligned[at];
    if (sign === '=') at += 3;
    else if (sign === '\r') at += BREAK.length;
    else if (sign === undefined) {
      // Only line breaks are left to escape. No mail has such a piece.
      aligned = aligned.replace(BREAK, '=0D=0A');
      at = aligned.length;
    } else aligned = aligned.slice(0, at) + ESCAPES[sign.charCodeAt(0)] + aligned.slice(at + 1);
  }
  return aligned;
}

/** Wraps a line in which every `=` begins an escaped byte. It breaks no escape. */
function wrap(line: string): string {
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

function escapeBytes(text: string): string {
  let escaped = '';
  for (const byte of Buffer.from(text)) escaped += ESCAPES[byte];
  return escaped;
}

/** The signs of base64 that mean something else in a form. */
const FORM_SIGNS: Readonly<Record<string, string>> = { '+': '%2B', '/': '%2F', '=': '%3D' };

/**
 * Returns an ASCII text in base64, as the value of a form.
 *
 * @throws DOMException if a character is above U+00FF
 */
export function toFormBase64(ascii: string): string {
  return btoa(ascii).replace(/[+/=]/g, (sign) => FORM_SIGNS[sign] ?? sign);
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
  return { encoded: Buffer.from(encoded, 'latin1').toString('latin1'), bytes };
}
