import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeFormula, unescapeFormula } from '../../../../cli/subscribers/csv/write-record.ts';

test.each([
  ['=SUM(A1)', "'=SUM(A1)"],
  ['+44 123', "'+44 123"],
  ['-5', "'-5"],
  ['@handle', "'@handle"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ["'=1", "''=1"],
  ["'quoted'", "'quoted'"],
  ['ada@example.org', 'ada@example.org'],
  ['', ''],
])('%j is written as %j', (cell, written) => {
  expect(escapeFormula(cell)).toBe(written);
});

test('no text is a formula once it is written, and every text comes back', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a'), maxLength: 6 }),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (cell) => {
      expect(escapeFormula(cell)).not.toMatch(/^[=+\-@\t\r]/);
      expect(unescapeFormula(escapeFormula(cell))).toBe(cell);
    }),
  );
});
