import { expect, test } from '@jest/globals';
import { readImportArguments } from '../../../../cli/subscribers/import/import-options.ts';
import { InvalidInputError } from '../../../../shared/domain/errors.ts';

test('left out ask everybody, and change things', () => {
  expect(readImportArguments(['members.csv'])).toEqual({
    path: 'members.csv',
    consent: undefined,
    maxAsked: Number.POSITIVE_INFINITY,
    settings: undefined,
    isDryRun: false,
  });
});

test('say what was agreed to, how many are asked, and that it is a try', () => {
  const given = [
    '--consent',
    ' Send me papers. ',
    '--ask-at-most',
    '500',
    '--dry-run',
    '--settings',
    'prod.json',
  ];
  expect(readImportArguments(['members.csv', ...given])).toEqual({
    path: 'members.csv',
    consent: 'Send me papers.',
    maxAsked: 500,
    settings: 'prod.json',
    isDryRun: true,
  });
  expect(readImportArguments(['--help'])).toBeUndefined();
});

test.each([
  [[], /^0 files were given: expected one/],
  [['a.csv', 'b.csv'], /^2 files were given: expected one/],
  [['a.csv', '--consent', ' '], /^--consent is " ": expected a text$/],
  [['a.csv', '--ask-at-most', 'few'], /^--ask-at-most is "few": expected a number like 500$/],
  [['a.csv', '--force'], /--force/],
])('%j are refused', (args, message) => {
  expect(() => readImportArguments(args)).toThrow(InvalidInputError);
  expect(() => readImportArguments(args)).toThrow(message);
});
