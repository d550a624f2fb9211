import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CommandError } from '../../../cli/deployment/errors.ts';
import {
  type CsvRecord,
  escapeFormula,
  MAX_ROW_BYTES,
  openCsvFile,
  REPLACEMENT,
  readRecords,
  unescapeFormula,
  writeRecord,
} from '../../../cli/subscribers/csv.ts';
import { anyCharacter } from '../../factories/texts.ts';
import { fc } from '../../fast-check.ts';
import { collect, inPieces } from './text-file.ts';

describe('a file', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-csv-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const TEXT = 'email,name\r\nada@example.org,Zoë\r\n';

  test.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')],
    ['UTF-16 BE with its mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['UTF-16 BE without a mark', Buffer.from(TEXT, 'utf16le').swap16()],
  ])('in %s can be read more than once', async (_, bytes) => {
    const path = join(folder, 'members.csv');
    await writeFile(path, bytes);

    const file = await openCsvFile(path);

    expect(file.name).toBe('members.csv');
    for (const _time of [1, 2]) expect((await collect(file.read())).join('')).toBe(TEXT);
  });

  test('marks only bytes of another encoding', async () => {
    const path = join(folder, 'latin.csv');
    await writeFile(path, Buffer.from('email,name\nada@example.org,Zo\xeb\n', 'latin1'));

    const file = await openCsvFile(path);

    expect((await collect(file.read())).join('')).toBe(`email,name\nada@example.org,Zo${REPLACEMENT}\n`);
  });

  test('is refused with advice if it is a workbook or an archive', async () => {
    const path = join(folder, 'members.xlsx');
    await writeFile(path, Buffer.from('PK\u0003\u0004 and more'));

    await expect(openCsvFile(path)).rejects.toThrow(
      `"${path}" is an archive or an Excel workbook, not a CSV file. Unpack it, or save the sheet as`,
    );
  });

  test('is refused by name if it is missing or a folder', async () => {
    const missing = join(folder, 'missing.csv');
    await expect(openCsvFile(missing)).rejects.toThrow(CommandError);
    await expect(openCsvFile(missing)).rejects.toThrow(
      `"${missing}" does not exist. Give the path of a CSV file.`,
    );
    await expect(openCsvFile(folder)).rejects.toThrow('(EISDIR)');
  });
});

async function read(text: string, pieceChars = 65_536): Promise<readonly CsvRecord[]> {
  return collect(readRecords(inPieces(text, pieceChars)));
}

const cellsOf = async (text: string) =>
  (await read(text)).map(({ line, ...rest }) => ('cells' in rest ? rest.cells : line));

describe('reading rows', () => {
  test.each([
    ['commas', 'email,name\na@x.org,A\n'],
    ['semicolons', 'email;name\r\na@x.org;A\r\n'],
    ['tabs', 'email\tname\ra@x.org\tA'],
    ['what Excel names before them', 'sep=|\r\nemail|name\r\na@x.org|A\r\n'],
    ['what Excel names, after a blank line', '\n"sep=;"\nemail;name\na@x.org;A'],
    ['a comma within quotation marks', '"email";"name"\n"a@x.org";"A"'],
  ])('splits cells at %s', async (_, text) => {
    expect(await cellsOf(text)).toEqual([
      ['email', 'name'],
      ['a@x.org', 'A'],
    ]);
  });

  test('keeps the text inside quotation marks, and drops the blanks around them', async () => {
    expect(await cellsOf('a, b ,c\n "x, y" ,  "say ""hi""", "two\r\nlines, " \n')).toEqual([
      ['a', 'b', 'c'],
      ['x, y', 'say "hi"', 'two\r\nlines, '],
    ]);
  });

  test('skips blank rows, and counts lines as an editor does', async () => {
    expect(await read('a,b\n\n , \n"1\n2",3\n4,5\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 4, cells: ['1\n2', '3'] },
      { line: 6, cells: ['4', '5'] },
    ]);
  });

  test('keeps a quotation mark inside a cell', async () => {
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
  ])('loses one row if a quotation mark %s', async (_, bad) => {
    const rows = Array.from({ length: 600 }, (_row, n) => `"${n}",x`);

    const records = await read(`a,b\n${bad}\n${rows.join('\n')}\n`);

    expect(records).toHaveLength(602);
    expect(records.filter(({ fault }) => fault !== undefined)).toEqual([
      { line: 2, fault: expect.stringContaining('quotation mark') },
    ]);
    expect(records.at(-1)).toEqual({ line: 602, cells: ['599', 'x'] });
  });

  test('keeps the rows after a stray quotation mark', async () => {
    const records = await read('a,b,c\n"open,1,2\nx,3,4\ny,5",6\nz,7,8');

    expect(records.map(({ line, fault }) => [line, fault === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, true],
      [5, true],
    ]);
  });

  test('counts the line breaks inside a cell as an editor does', async () => {
    expect(await read('a,b\r\n"1\r2\r\n3\n",x\r\n4,y', 1)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1\r2\r\n3\n', 'x'] },
      { line: 6, cells: ['4', 'y'] },
    ]);
  });

  test('loses one row if a line is too long', async () => {
    const records = await read(`a,b\n${'x'.repeat(2 * MAX_ROW_BYTES)},1\n2,3\n`);

    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, undefined],
      [2, `the line is longer than ${MAX_ROW_BYTES} bytes. Check its quotation marks.`],
      [3, undefined],
    ]);
  });

  test('reads what was written, whatever the cells and pieces are', async () => {
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

  test('names the same lines, wherever the pieces end', async () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'é', ',', '\r', '\n'), maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (given) => {
        const pieces = ['a,b\n', ...given, '\na'];

        expect(await collect(readRecords(Readable.from(pieces)))).toEqual(await read(pieces.join('')));
      }),
    );
  });

  test('never throws, whatever the text is', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', ' ', '\r', '\n'), maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const records = await read(`email\n${given}\nada@example.org`);
        expect(records[0]).toEqual({ line: 1, cells: ['email'] });
      }),
    );
  });
});

describe('formulas', () => {
  test.each([
    ['=SUM(A1)', "'=SUM(A1)"],
    ['+44 123', "'+44 123"],
    ['-5', "'-5"],
    ['@handle', "'@handle"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ["'=1", "''=1"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠sum', "'＠sum"],
    ["'quoted'", "'quoted'"],
    ['ada@example.org', 'ada@example.org'],
    ['', ''],
  ])('are escaped: %j becomes %j', (cell, written) => {
    expect(escapeFormula(cell)).toBe(written);
  });

  test('never survive writing, and every text can be restored', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '＝', '\t', '\r', 'a'), maxLength: 6 }),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (cell) => {
        expect(escapeFormula(cell)).not.toMatch(/^[=+\-@＝\t\r]/);
        expect(unescapeFormula(escapeFormula(cell))).toBe(cell);
      }),
    );
  });
});
