import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CsvRecord, MAX_ROW_BYTES, readRecords } from '../../../../cli/subscribers/csv/read-records.ts';
import { unescapeFormula, writeRecord } from '../../../../cli/subscribers/csv/write-record.ts';
import { anyCharacter } from '../../../factories/texts.ts';
import { collect, inPieces } from './text-file.ts';

async function read(text: string, pieceChars = 65_536): Promise<readonly CsvRecord[]> {
  return collect(readRecords(inPieces(text, pieceChars)));
}

const cellsOf = async (text: string) =>
  (await read(text)).map(({ line, ...rest }) => ('cells' in rest ? rest.cells : line));

describe('rows', () => {
  test.each([
    ['commas', 'email,name\na@x.org,A\n'],
    ['semicolons', 'email;name\r\na@x.org;A\r\n'],
    ['tabs', 'email\tname\ra@x.org\tA'],
    ['what Excel names before them', 'sep=|\r\nemail|name\r\na@x.org|A\r\n'],
    ['what Excel names, after a blank line', '\n"sep=;"\nemail;name\na@x.org;A'],
    ['a comma within quotation marks', '"email";"name"\n"a@x.org";"A"'],
  ])('are told apart by %s', async (_, text) => {
    expect(await cellsOf(text)).toEqual([
      ['email', 'name'],
      ['a@x.org', 'A'],
    ]);
  });

  test('keep what stands within quotation marks, and nothing of the blanks around them', async () => {
    expect(await cellsOf('a, b ,c\n "x, y" ,  "say ""hi""", "two\r\nlines, " \n')).toEqual([
      ['a', 'b', 'c'],
      ['x, y', 'say "hi"', 'two\r\nlines, '],
    ]);
  });

  test('without anything in them are left out, and lines are counted as an editor does', async () => {
    expect(await read('a,b\n\n , \n"1\n2",3\n4,5\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 4, cells: ['1\n2', '3'] },
      { line: 6, cells: ['4', '5'] },
    ]);
  });

  test('with a quotation mark within a cell are read as they are', async () => {
    expect(await cellsOf('a,b\nscreen,5" wide\nx,Ada "Countess" Lovelace\ny,"z"\n')).toEqual([
      ['a', 'b'],
      ['screen', '5" wide'],
      ['x', 'Ada "Countess" Lovelace'],
      ['y', 'z'],
    ]);
  });

  test.each([
    ['is never closed', '"open,b'],
    ['is closed too early', '"open"er,b'],
  ])('where a quotation mark %s cost one row', async (_, bad) => {
    const rows = Array.from({ length: 600 }, (_row, n) => `"${n}",x`);

    const records = await read(`a,b\n${bad}\n${rows.join('\n')}\n`);

    expect(records).toHaveLength(602);
    expect(records.filter(({ fault }) => fault !== undefined)).toEqual([
      { line: 2, fault: expect.stringContaining('quotation mark') },
    ]);
    expect(records.at(-1)).toEqual({ line: 602, cells: ['599', 'x'] });
  });

  test('that a stray quotation mark would swallow are kept', async () => {
    const records = await read('a,b,c\n"open,1,2\nx,3,4\ny,5",6\nz,7,8');

    expect(records.map(({ line, fault }) => [line, fault === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, true],
      [5, true],
    ]);
  });

  test('of a line with many breaks in a cell are counted as an editor does', async () => {
    expect(await read('a,b\r\n"1\r2\r\n3\n",x\r\n4,y', 1)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1\r2\r\n3\n', 'x'] },
      { line: 6, cells: ['4', 'y'] },
    ]);
  });

  test('that are too long cost one row', async () => {
    const records = await read(`a,b\n${'x'.repeat(2 * MAX_ROW_BYTES)},1\n2,3\n`);

    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, undefined],
      [2, `the line is longer than ${MAX_ROW_BYTES} bytes: expected a row`],
      [3, undefined],
    ]);
  });

  test('that were written are read as they were, whatever is in them and however they come', async () => {
    const cell = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', '=', "'", ' ', 'é'), maxLength: 8 }),
    );
    const rows = fc.array(fc.tuple(fc.constant('x'), cell, cell), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (given, pieceChars) => {
        const text = ['a,b,c\r\n', ...given.map(writeRecord)].join('');
        const [, ...records] = await read(text, pieceChars);
        expect(records.map((record) => 'cells' in record && record.cells.map(unescapeFormula))).toEqual(
          given,
        );
      }),
    );
  });

  test('never end a reading, whatever the text', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', ' ', '\r', '\n'), maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const records = await read(`email\n${given}\nada@example.org`);
        expect(records[0]).toEqual({ line: 1, cells: ['email'] });
      }),
    );
  });
});
