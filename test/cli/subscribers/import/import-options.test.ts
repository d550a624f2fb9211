import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { parseImportOptions, toResumeCommand } from '../../../../cli/subscribers/import/run-import.ts';
import { InvalidInputError } from '../../../../shared/domain/errors.ts';
import { fc } from '../../../fast-check.ts';

const DEFAULTS = {
  as: undefined,
  addressColumn: undefined,
  ignoredColumns: [],
  dateOrder: undefined,
  consentText: undefined,
  fromLine: undefined,
  limits: { isDryRun: false, maxAsked: Number.POSITIVE_INFINITY },
};

test('without options, the import asks everybody and is no dry run', () => {
  expect(parseImportOptions({})).toEqual(DEFAULTS);
});

test('options set the consent text, the most people to ask, and the first line', () => {
  const given = { consent: ' Send me papers. ', askAtMost: '500', fromLine: '2101', dryRun: true } as const;
  expect(parseImportOptions(given)).toEqual({
    ...DEFAULTS,
    consentText: 'Send me papers.',
    fromLine: 2101,
    limits: { isDryRun: true, maxAsked: 500 },
  });
});

test.each([
  [{ consent: ' ' }, /^--consent is " ": expected a text$/],
  [{ askAtMost: 'few' }, /^--ask-at-most is "few": expected a number like 500$/],
  [{ fromLine: '0' }, /^--from-line is "0": expected the number of a line, like 2101$/],
  [{ as: 'bounced', consent: 'x' }, /^--consent has no effect with --as bounced/],
  [{ as: 'bounced', askAtMost: '5' }, /^--ask-at-most has no effect with --as bounced/],
] as const)('invalid options are refused: %j', (given, message) => {
  expect(() => parseImportOptions(given)).toThrow(InvalidInputError);
  expect(() => parseImportOptions(given)).toThrow(message);
});

test('the command that continues has all given options, the line, and the remaining people to ask', () => {
  const given = {
    path: 'my members.csv',
    settings: 'prod.json',
    addressColumn: 'Kontakt',
    ignoreColumn: ['Spam score', 'Deleted'],
    consent: "it's fine",
    askAtMost: '500',
    fromLine: '7',
    dates: 'day-first',
    dryRun: true,
  } as const;

  expect(toResumeCommand(given, 2101, 120)).toBe(
    String.raw`npx broadsheet subscribers import 'my members.csv' --settings prod.json --address-column Kontakt --ignore-column 'Spam score' --ignore-column Deleted --dates day-first --consent 'it'\''s fine' --ask-at-most 120 --dry-run --from-line 2101`,
  );
  expect(
    toResumeCommand({ path: 'a.csv', settings: 'p.json', as: 'unsubscribed' }, 2, Number.POSITIVE_INFINITY),
  ).toBe('npx broadsheet subscribers import a.csv --settings p.json --as unsubscribed --from-line 2');
});

test('the command that continues is quoted for a shell', () => {
  const text = fc.string({ unit: fc.constantFrom(...`a'"$\`\\ ;*~#!(é`), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, (consent) => {
      const given = { path: 'a.csv', settings: 'p.json', consent };
      const command = toResumeCommand(given, 2, Number.POSITIVE_INFINITY);
      const [, args = ''] = /import (.*)$/s.exec(command) ?? [];
      const read = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${args}`], { encoding: 'utf8' });
      expect(read).toBe(`a.csv\n--settings\np.json\n--consent\n${consent}\n--from-line\n2\n`);
    }),
    { numRuns: 20 },
  );
});
