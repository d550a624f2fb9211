import { describe, expect, it, test } from '@jest/globals';
import { toPlainName, toPlainText } from '../../../shared/sources/plain-text.ts';
import { anyCharacter } from '../../factories/texts.ts';
import { fc } from '../../fast-check.ts';

test.each([
  ['{\\L}ukasz Kaiser', 'Łukasz Kaiser'],
  ['Gro{\\ss}', 'Groß'],
  ['Wei\\ss mann', 'Weißmann'],
  ['S{\\o}ren \\O rsted', 'Søren Ørsted'],
  ['{\\AA}ke and H{\\aa}kon', 'Åke and Håkon'],
  ['Micha{\\l} M\\oe{}ller', 'Michał Mœller'],
  ["\\DJ or\\dj evi\\'c", 'Đorđević'],
  ["Garc{\\'\\i}a, Mart{\\'{\\i}}n", 'García, Martín'],
  ['{van der Berg}, Jan', 'van der Berg, Jan'],
  ['\\v{Z}elj {O}', 'Želj O'],
  ['\\xy Unknown', '\\xy Unknown'],
  ['Ada \\& Ben', 'Ada & Ben'],
])('toPlainName makes %s %s', (text, expected) => {
  expect(toPlainName(text)).toBe(expected);
  expect(toPlainName(expected)).toBe(expected);
});

describe('toPlainText', () => {
  it.each([
    ['line breaks and runs of spaces', 'A Title\n  over Two\u00a0 Lines ', 'A Title over Two Lines'],
    ['control characters', 'a\u0000b\u0007c', 'a b c'],
    ['decomposed letters', 'Mu\u0308ller', 'Müller'],
    ['a lone half of a character', 'a\ud800b', 'a\ufffdb'],
    ['an escaped ampersand', 'Question \\& Answer', 'Question & Answer'],
    ['an escaped space', 'up to\\ 3 times', 'up to 3 times'],
    ['an escaped percent sign', 'by 5\\%', 'by 5%'],
    ['an accent on an i without a dot', "Bolet\\'{ı}n", 'Boletín'],
    ['an accent on a letter that has one', 'Nguy\\~ên', 'Nguyễn'],
    ['a backslash before a letter that needs none', 'Peter St\\ütz', 'Peter Stütz'],
    ['a tie between names', 'Juan-Manuel~Pérez', 'Juan-Manuel Pérez'],
    ['an accent', 'Schr\\"odinger', 'Schrödinger'],
    ['an accent with braces inside', 'Schr\\"{o}dinger', 'Schrödinger'],
    ['an accent with braces outside', 'Schr{\\"o}dinger', 'Schrödinger'],
    ['an accent on a dotless i', "Garc\\'{\\i}a", 'García'],
    ['an accent that is named by a letter', '\\v{S}ahin and Fran\\c{c}ois', 'Šahin and François'],
    ['invisible marks inside words', 'Soft\ufeffBom, hy\u00adphen', 'SoftBom, hyphen'],
    ['only invisible characters', '\u200b\u3164 \u00ad', ''],
  ])('makes plain: %s', (_what, text, expected) => {
    expect(toPlainText(text)).toBe(expected);
  });

  it.each([
    ['money', 'Earn $1 Million for $2'],
    ['tags', 'The <think> token & friends'],
    ['an approximation', 'grows ~100x, from 10~20'],
    ['a quotation', 'answers \\"no\\" often'],
    ['other TeX', '\\alpha x_{i}^2 \\textit{Small}'],
    ['an escaped dollar sign, which is no formula', '\\$OneMillion-Test'],
    ['joiners that words and emoji are made of', 'می\u200cخواهم 👩‍👩‍👧‍👦 क्\u200dष'],
    ['an address with a tilde', 'https://example.org/~someone'],
  ])('keeps %s', (_what, text) => {
    expect(toPlainText(text)).toBe(text);
  });

  it('cuts a long text between characters and marks the cut', () => {
    expect(toPlainText('abcdef', 6)).toBe('abcdef');
    expect(toPlainText('abcdefg', 6)).toBe('abcde…');
    expect(toPlainText('abcd😀efg', 6)).toBe('abcd…');
  });

  it('returns one well-formed line within the limit for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.integer({ min: 1, max: 40 }), (text, maxChars) => {
        const plain = toPlainText(text, maxChars);

        expect(plain.length).toBeLessThanOrEqual(maxChars);
        expect(plain).not.toMatch(/\p{Cc}|\p{Surrogate}|^\s|\s$/u);
      }),
    );
  });
});
