import { describe, expect, test } from '@jest/globals';
import { toQueryPhrase } from '../../../../shared/mail/account/request-lines.ts';
import { fc } from '../../../fast-check.ts';
import { hostileText } from '../hostile-texts.ts';

const HIDDEN = 'filtered by a query';

describe('a query that a stranger may have written', () => {
  test.each([
    ['mlp', 'matching “mlp”'],
    ['"residual stream" AND mlp', 'matching “residual stream” and “mlp”'],
    ['“residual stream” and „mlp“', 'matching “residual stream” and “mlp”'],
    ['C++ R&D Schrödinger 大模型', 'matching “C++”, “R&D”, “Schrödinger” and “大模型”'],
    ['a b c d e f g h', 'matching “a”, “b”, “c”, “d”, “e”, “f” and 2 more'],
    ['state-of-the-art 2024 "Stein\'s method"', "matching “state-of-the-art”, “2024” and “Stein's method”"],
  ])('is shown term by term: %s', (query, phrase) => {
    expect(toQueryPhrase(query)).toBe(phrase);
  });

  test.each(['', '  '])('is not mentioned if it matches every paper: %j', (query) => {
    expect(toQueryPhrase(query)).toBeUndefined();
  });

  test.each([
    ['a link', 'mlp https://evil.example/win'],
    ['a link in other signs', 'mlp https：∕∕evil．example'],
    ['a host', 'www.evil.example'],
    ['a bare domain', 'prize evil.com'],
    ['a bare domain with the full stop of another script', 'prize evil。com'],
    ['an address', 'write eve@example'],
    ['a telephone number', 'call 0800 123 4567'],
    ['a telephone number in other digits', '٠٨٠٠١٢٣٤٥'],
    ['a message', '"your account is locked call us today"'],
    ['markup', '<b>mlp</b>'],
    ['a line break', 'mlp\nurgent'],
    ['a quotation mark that would end ours', 'mlp” and “nothing'],
    ['a turn of the direction', 'mlp \u202egnp'],
    ['marks piled up', `mlp e${'\u0301'.repeat(4)}`],
    ['more than 80 characters', 'learning '.repeat(9)],
    ['what is no query', 'mlp AND'],
  ])('is only said to be there where it holds %s', (_, query) => {
    expect(toQueryPhrase(query)).toBe(HIDDEN);
  });

  test('never contains a text that a mail program would link, and stays one short line', () => {
    const words = fc
      .array(
        fc.constantFrom('mlp', '"a b"', 'evil.com', 'http://x', 'www', '@', '.', '/', ':', ' ', '\n', '１'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(hostileText, words), (query) => {
        const phrase = toQueryPhrase(query) ?? '';
        expect(phrase).not.toMatch(/[.:/@<>\\\p{C}\p{Zl}\p{Zp}。．｡：／＠]/u);
        expect(phrase.length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 1000 },
    );
  });
});
