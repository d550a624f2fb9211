import { describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { buildMessage } from '../../../shared/mail/build-message.ts';
import { flatten, join, toPiece } from '../../../shared/mail/piece.ts';
import { createPublication } from '../../factories/digests.ts';
import { decodePiece, decodeRaw } from '../../factories/mail-texts.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { fc } from '../../fast-check.ts';

/** What a text may have beside words: line breaks, spaces at line ends, escape characters, characters of several bytes, and halves of one. */
const PARTS = ['\n', ' ', '=', 'a', 'Z', '>', '?', '~', '\r', '\t', '\0', '\x7f', 'é', '注', '📄', '\ud83d'];

const text = fc
  .array(fc.constantFrom(...PARTS, 'word '.repeat(20), '='.repeat(40)))
  .map((parts) => Buffer.from(parts.join('')).toString());

const texts = fc.array(text, { maxLength: 5 });

describe('a piece', () => {
  test('has the text in lines of at most 76 characters', () => {
    fc.assert(
      fc.property(text, (said) => {
        const piece = toPiece(said);

        expect(decodePiece(piece)).toBe(said.replaceAll('\n', '\r\n'));
        expect(piece.bytes).toBe(Buffer.byteLength(said));
        const lines = decodeRaw(piece.encoded).split('\r\n');
        expect(lines.pop()).toBe('');
        expect(lines.filter((line) => !/^[ -~]{0,75}[!-~]$|^$/.test(line))).toEqual([]);
      }),
    );
  });

  test('can follow any other piece, because both fill whole groups of base64', () => {
    fc.assert(
      fc.property(texts, (said) => {
        const pieces = said.map(toPiece);

        expect(decodePiece(flatten(join(pieces)))).toBe(said.join('').replaceAll('\n', '\r\n'));
        expect(pieces.filter(({ encoded }) => encoded.includes('%3D'))).toEqual([]);
      }),
    );
  });

  test.each([
    ['no letter', '\n', '=0D=0A=\r\n'],
    ['one letter', 'a\n\n', '=61=0D=0A=0D=0A=\r\n'],
    ['two letters', 'ab\n\n', 'ab\r\n\r\n'],
    ['a letter too many', 'abcd', '=61bcd=\r\n'],
    ['two letters too many', 'abcde', '=61=62cde=\r\n'],
    ['a space at the end of a line', 'a \n', 'a=20\r\n'],
  ])('fills up to a multiple of three: %s', (_, said, encoded) => {
    expect(decodeRaw(toPiece(said).encoded)).toBe(encoded);
  });
});

test.each(['html', 'text'] as const)('a message in the format %s has its pieces', async (format) => {
  const subscriber = createSubscriber({ format });
  const from = { identity: 'daily.2026-01-07.x7', composedAt: '2026-01-07T07:00:00.000Z' };
  await fc.assert(
    fc.asyncProperty(texts, fc.stringMatching(/^[ -~]{1,60}$/), async (said, subject) => {
      const part = (name: string) => join([`${name}\n`, ...said, 'end\n'].map(toPiece));
      const { raw } = buildMessage(
        { subscriber, ...from, subject, headers: [], text: part('text'), html: part('html') },
        createPublication(),
      );

      const parsed = await PostalMime.parse(decodeRaw(raw));

      const linesOf = (shown = '') => shown.replaceAll('\r\n', '\n').trimEnd();
      expect(linesOf(parsed.text)).toBe(linesOf(`text\n${said.join('')}end`));
      expect(linesOf(parsed.html)).toBe(format === 'html' ? linesOf(`html\n${said.join('')}end`) : '');
    }),
  );
});
