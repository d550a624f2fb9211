import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { explainFault } from '../../../../shared/matching/query/explain-fault.ts';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { printQuery } from '../../../../shared/matching/query/print-query.ts';
import { QueryError } from '../../../../shared/matching/query/query.ts';
import { fieldNames } from '../../../../shared/matching/query/query-fields.ts';
import { findEnteredQueryFault, findQueryFault } from '../../../../shared/matching/query/query-schema.ts';

const text = readFileSync('docs/query-language.md', 'utf8');

/** The cells of the tables whose last column has a heading. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  return text
    .split('\n\n')
    .filter((part) => part.split('\n')[0]?.endsWith(`| ${heading} |`))
    .flatMap((table) => table.split('\n').slice(2))
    .map((row) => row.trim().slice(2, -2).split(' | '));
}

const unquote = (cell = '') => cell.replace(/^`|`$/g, '');

describe('the document of the query language', () => {
  const valid = rowsBelow('Normal form').map(
    ([query, , normal]) => [unquote(query), unquote(normal)] as const,
  );
  const invalid = rowsBelow('Hint').map(
    ([query, character, hint = '']) => [unquote(query), Number(character), hint] as const,
  );

  test.each(valid)('%s has the normal form %s', (query, normal) => {
    expect(printQuery(parseQuery(query))).toBe(normal);
  });

  test.each(invalid)('%s has a fault at character %s', (query, character, hint) => {
    const fault = findEnteredQueryFault(query);

    expect(fault).toBeInstanceOf(QueryError);
    expect(fault && explainFault(fault)).toMatchObject({
      position: character - 1,
      hint: expect.stringContaining(hint),
    });
  });

  test('shows every field, and its first example is valid', () => {
    const queries = valid.map(([query]) => query).join(' ');

    expect(valid.length).toBeGreaterThan(25);
    expect(invalid.length).toBeGreaterThan(8);
    expect(fieldNames.filter((name) => !queries.includes(`${name}:`))).toEqual([]);
    expect(findQueryFault(/```\n(.*)\n```/.exec(text)?.[1] ?? '"')).toBeUndefined();
  });
});
