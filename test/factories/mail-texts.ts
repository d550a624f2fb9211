import { renderDigest } from '../../shared/mail/compose-digest-mail.ts';
import type { Piece } from '../../shared/mail/piece.ts';

/** Returns the text of a piece, as a mail program decodes it, with `\n` for line breaks. */
function decodePiece({ encoded }: Piece): string {
  const bytes = encoded
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString().replaceAll('\r\n', '\n');
}

/** Renders a digest as a reader gets it. */
export function renderTexts(...args: Parameters<typeof renderDigest>) {
  const { html, text, ...rendered } = renderDigest(...args);
  return { ...rendered, html: decodePiece(html), text: decodePiece(text) };
}
