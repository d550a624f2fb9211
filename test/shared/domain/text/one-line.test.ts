import { describe, expect, test } from '@jest/globals';
import { isBlank, toOneLine } from '../../../../shared/domain/text/one-line.ts';
import { anyCharacter } from '../../../factories/texts.ts';
import { fc } from '../../../fast-check.ts';

describe('an invisible text', () => {
  const invisible = fc.constantFrom(
    ...[' ', '\t', '\n', '\u0000', '\u00a0', '\u3000', '\u2028'],
    ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u061c', '\u180e', '\u202e'],
    ...['\u115f', '\u1160', '\u3164', '\uffa0', '\u2800', '\ufe0f', '\u{e0100}', '\u{e0041}', '\u{e007f}'],
    ...['\u0301', '\ufff9', '\ufffb', '\ufffc'],
  );

  test('is blank, and becomes an empty line', () => {
    fc.assert(
      fc.property(fc.array(invisible), (marks) => {
        expect(isBlank(marks.join(''))).toBe(true);
        expect(toOneLine(marks.join(''))).toBe('');
      }),
    );
  });

  test('is not blank with one visible character, which stays', () => {
    fc.assert(
      fc.property(
        fc.array(invisible),
        fc.constantFrom('a', '1', '-', '€', '漢', 'ا', '\u{1f469}', '\ufffd'),
        fc.array(invisible),
        (before, visible, after) => {
          const text = [...before, visible, ...after].join('');
          expect(isBlank(text)).toBe(false);
          expect(toOneLine(text)).toContain(visible);
        },
      ),
    );
  });
});

describe('one line', () => {
  test('of ASCII is the same within a text of other characters', () => {
    const ascii = fc.string({ unit: fc.constantFrom(...' \t\n\rab~-{}\\$', '\u0000', '\u007f') });
    fc.assert(
      fc.property(ascii, (text) => {
        expect(toOneLine(`a${text}b`)).toBe(toOneLine(`é${text}é`).replace(/^é(.*)é$/, 'a$1b'));
      }),
    );
  });

  test.each([
    ['a byte order mark', 'Soft\ufeffBom', 'SoftBom'],
    ['a soft hyphen', 'Soft\u00adware', 'Software'],
    ['a zero-width space', 'a\u200bb', 'ab'],
    ['a word joiner', 'a\u2060b', 'ab'],
    ['a mark of direction', 'left\u200eright', 'leftright'],
    ['a turn of direction', 'x\u202ey\u202c', 'xy'],
    ['tag characters in a word', 'tag\u{e0041}\u{e0042}ged', 'tagged'],
    ['joiners in a row', 'a\u200d\u200d\u200db', 'ab'],
    ['a joiner at the end of a word', 'a\u200d b', 'a b'],
  ])('leaves no space for %s', (_, text, line) => {
    expect(toOneLine(text)).toBe(line);
  });

  test.each([
    ['a Persian word', 'می\u200cخواهم'],
    ['a Hindi conjunct', 'क्\u200dष'],
    ['a family', '👩‍👩‍👧‍👦'],
    ['a rainbow flag', '🏳️‍🌈'],
    ['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a key cap', '1\ufe0f\u20e3'],
    ['a variant of a Chinese character', '葛\u{e0100}'],
    ['the marks of a Hebrew letter', 'שּׁ֖'],
  ])('keeps %s whole', (_, text) => {
    expect(toOneLine(`of ${text} here`)).toBe(`of ${text} here`);
  });

  test('turns line breaks, controls and runs of spaces into one space', () => {
    expect(toOneLine(' a\r\nb\u2028c\u0000\u0007d\t \u00a0e ')).toBe('a b c d e');
  });

  test('keeps eight accents of a letter', () => {
    expect(toOneLine(`e${'\u0301'.repeat(900)}x`)).toBe(`e${'\u0301'.repeat(8)}x`);
  });

  test('is well-formed, and does not change a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (text) => {
        const line = toOneLine(text);
        expect(line).not.toMatch(/[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069]|^ | $| {2}/u);
        expect(toOneLine(line)).toBe(line);
      }),
      { numRuns: 500 },
    );
  });
});
