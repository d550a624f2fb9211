import { describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { buildMessage } from '../../../shared/mail/build-message.ts';
import { flatten, join, toPiece } from '../../../shared/mail/piece.ts';
import { createPublication } from '../../factories/digests.ts';
import { decodePiece, decodeRaw } from '../../factories/mail-texts.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { fc } from '../../fast-check.ts';

/** Texts with many line breaks, spaces at line ends, escape characters, and characters of several bytes. */
const text = fc
  .array(
    fc.constantFrom(
      '\n',
      ' ',
      '=',
      'a',
      'Z',
      '>',
      '?',
      '~',
      'é',
      '注',
      '📄',
      'word '.repeat(20),
      '='.repeat(40),
    ),
  )
  .map((parts) => parts.join(''));

const texts = fc.array(text, { maxLength: 5 });

describe('a piece', () => {
  test('has the text in lines of at most 76 characters', () => {
    fc.assert(
      fc.property(text, (said) => {
        const piece = toPiece(said);

        expect(decodePiece(piece)).toBe(said);
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

        expect(decodePiece(flatten(join(pieces)))).toBe(said.join(''));
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
  ])('escapes no more than it needs: %s', (_, said, encoded) => {
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

      const [shownText, shownHtml] = [parsed.text, parsed.html].map((shown) =>
        shown?.replaceAll('\r\n', '\n').trimEnd(),
      );
      expect(shownText).toBe(`text\n${said.join('')}end`);
      expect(shownHtml).toBe(format === 'html' ? `html\n${said.join('')}end` : undefined);
    }),
  );
});
