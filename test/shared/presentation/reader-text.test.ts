import { describe, expect, test } from '@jest/globals';
import { TEXT_WIDTH, wrapText } from '../../../shared/mail/wrap-text.ts';
import { shorten, toPaperText, toReaderText } from '../../../shared/presentation/reader-text.ts';
import { toFirstSentences } from '../../../shared/presentation/sentences.ts';
import { fc } from '../../fast-check.ts';
import { hostileText } from '../mail/hostile-texts.ts';

describe('a text from outside', () => {
  test('becomes one line without control characters', () => {
    expect(toReaderText(' Two\r\n lines\u0000 and\u202e tabs\t ', 80)).toBe('Two lines and tabs');
    expect(toReaderText('half \ud800 a character', 80)).toBe('half \ufffd a character');
  });

  test('keeps the author’s characters', () => {
    const text = 'Earn $1 Million: <think> & “τ-bench” 👩‍👩‍👧 “Éclair”';
    expect(toReaderText(text, 80)).toBe(text);
  });

  test('handles a letter with hundreds of accents and an emoji longer than the limit', () => {
    expect(toReaderText(`e${'\u0301'.repeat(900)}`, 240)).toMatch(/^e\u0301{8}$/);
    expect(shorten('👩‍👩‍👧‍👦'.repeat(3).replaceAll('👦👩', '👦\u200d👩'), 20)).toMatch(/^👩.*…$/u);
  });

  test('becomes one well-formed line within the limit, for any input', () => {
    fc.assert(
      fc.property(
        hostileText,
        fc.integer({ min: 2, max: 300 }),
        fc.boolean(),
        (text, maxChars, isOfPaper) => {
          const clean = isOfPaper ? toPaperText(text, maxChars) : toReaderText(text, maxChars);
          expect(clean.length).toBeLessThanOrEqual(maxChars);
          expect(clean).not.toMatch(/[\p{Cc}\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
          expect(clean).toBe(clean.trim());
        },
      ),
    );
  });
});

describe('shortening', () => {
  test('cuts between words and drops the punctuation before the cut', () => {
    expect(shorten('Unified modeling, for all', 20)).toBe('Unified modeling…');
    expect(shorten('short enough', 12)).toBe('short enough');
  });

  test('cuts a long word but no grapheme', () => {
    expect(shorten('x'.repeat(40), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(shorten('ab👩‍👩‍👧‍👦cd', 6)).toBe('ab…');
  });
});

describe('the first sentences', () => {
  test('are as many as requested', () => {
    expect(toFirstSentences('One is here. Two is there? Three!', 2, 200)).toBe('One is here. Two is there?');
  });

  test.each([
    ['We follow Vaswani et al. Our gain is real. More.', 'We follow Vaswani et al. Our gain is real.'],
    ['Take e.g. ImageNet as given. Next.', 'Take e.g. ImageNet as given.'],
    ['As in Fig. 3 it grows. Next.', 'As in Fig. 3 it grows.'],
    ['The method of J. Smith wins. Next.', 'The method of J. Smith wins.'],
    ['It gains 3.5 points (vs. GPT-4). Next.', 'It gains 3.5 points (vs. GPT-4).'],
  ])('do not end at an abbreviation: %s', (text, first) => {
    expect(toFirstSentences(text, 1, 200)).toBe(first);
  });

  test('are fewer if the second one is too long', () => {
    expect(toFirstSentences(`Short. This is ${'long '.repeat(80)}.`, 2, 100)).toBe('Short.');
  });

  test('are cut if the first one is too long', () => {
    const cut = toFirstSentences(`${'long '.repeat(80)}end.`, 2, 100);
    expect(cut.length).toBeLessThanOrEqual(100);
    expect(cut).toMatch(/^(long )+long…$/);
  });

  test('are the whole text if it has no full stop', () => {
    expect(toFirstSentences('no full stop', 2, 100)).toBe('no full stop');
    expect(toFirstSentences('', 2, 100)).toBe('');
  });
});

describe('wrapping', () => {
  test('indents the lines after the first', () => {
    expect(wrapText('one two three', { first: '1. ', rest: '   ' }, 11)).toEqual(['1. one two', '   three']);
  });

  test('never exceeds the width and loses only spaces', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const clean = toReaderText(text, 5000);
        const lines = wrapText(clean, { first: '    ' });
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(TEXT_WIDTH);
        expect(lines.join('').replaceAll(' ', '')).toBe(clean.replaceAll(' ', ''));
      }),
    );
  });
});
