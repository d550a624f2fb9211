import { expect, test } from '@jest/globals';
import { parseImportOptions } from '../../../../cli/subscribers/import/import-options.ts';
import { InvalidInputError } from '../../../../shared/domain/errors.ts';

test('without options everybody is asked', () => {
  expect(parseImportOptions({})).toEqual({ consentText: undefined, maxAsked: Number.POSITIVE_INFINITY });
});

test('options say what was agreed to, and how many are asked', () => {
  expect(parseImportOptions({ consent: ' Send me papers. ', askAtMost: '500' })).toEqual({
    consentText: 'Send me papers.',
    maxAsked: 500,
  });
});

test.each([
  [{ consent: ' ' }, /^--consent is " ": expected a text$/],
  [{ askAtMost: 'few' }, /^--ask-at-most is "few": expected a number like 500$/],
])('%j are refused', (given, message) => {
  expect(() => parseImportOptions(given)).toThrow(InvalidInputError);
  expect(() => parseImportOptions(given)).toThrow(message);
});
