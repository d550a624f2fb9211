import { renderDigest } from '../../shared/mail/compose-digest-mail.ts';
import type { Piece } from '../../shared/mail/piece.ts';

/** Returns a message, or a part of one, as SES reads it from the form. */
export function decodeRaw(raw: string): string {
  if (!/^(?:[A-Za-z0-9]|%2B|%2F|%3D)*$/.test(raw)) throw new Error('the message is not the value of a form');
  return atob(decodeURIComponent(raw));
}

/** Returns what a quoted-printable text says. It skips the rest of a message. */
export function decodeQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** Returns the text of a piece, as a mail program decodes it. */
export function decodePiece({ encoded }: Piece): string {
  return decodeQuotedPrintable(decodeRaw(encoded));
}

const decodeLines = (piece: Piece) => decodePiece(piece).replaceAll('\r\n', '\n');

/** Renders a digest as a reader gets it. */
export function renderTexts(...args: Parameters<typeof renderDigest>) {
  const { html, text, ...rendered } = renderDigest(...args);
  return { ...rendered, html: decodeLines(html), text: decodeLines(text) };
}
