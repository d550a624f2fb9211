import { renderDigest } from '../../shared/mail/compose-digest-mail.ts';
import type { Piece } from '../../shared/mail/piece.ts';

/** Returns a message, or a part of one, as SES reads it. */
export function decodeRaw(raw: string): string {
  return atob(decodeURIComponent(raw));
}

/** Returns what a quoted-printable text says. It skips the rest of a message. */
export function decodeQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** Returns the text of a piece, as a mail program decodes it, with `\n` for line breaks. */
export function decodePiece({ encoded }: Piece): string {
  return decodeQuotedPrintable(decodeRaw(encoded)).replaceAll('\r\n', '\n');
}

/** Renders a digest as a reader gets it. */
export function renderTexts(...args: Parameters<typeof renderDigest>) {
  const { html, text, ...rendered } = renderDigest(...args);
  return { ...rendered, html: decodePiece(html), text: decodePiece(text) };
}
