import { expect, test } from '@jest/globals';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { printQuery } from '../../../../shared/matching/query/print-query.ts';
import { allOf, anyOf, negate, partsOf, type QueryNode } from '../../../../shared/matching/query/query.ts';
import { fc } from '../../../fast-check.ts';

const all: QueryNode = { kind: 'all' };
const [a, b, c] = ['agents', 'robots', 'vision'].map(parseQuery) as [QueryNode, QueryNode, QueryNode];

/** Returns whether a query keeps the rules of its type. */
function isRegular(node: QueryNode): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return (
        node.parts.length > 1 &&
        node.parts.every((part) => part.kind !== node.kind && part.kind !== 'all' && isRegular(part))
      );
    case 'not':
      return node.part.kind !== 'not' && isRegular(node.part);
    default:
      return true;
  }
}

const queries = fc.letrec<{ query: QueryNode }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(all, a, b, c),
    fc.array(tie('query'), { maxLength: 3 }).map(allOf),
    fc
      .tuple(tie('query'), fc.array(tie('query'), { maxLength: 2 }))
      .map(([first, others]) => anyOf(first, ...others)),
    fc.constantFrom(a, b, c).map(negate),
  ),
})).query;

test('joined queries are as flat as parsed ones', () => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(isRegular(query)).toBe(true);
      if (query.kind !== 'all') expect(printQuery(parseQuery(printQuery(query)))).toBe(printQuery(query));
    }),
  );
});

test.each([
  [allOf([]), ''],
  [allOf([all, a]), 'agents'],
  [allOf([allOf([a, b]), c]), 'agents robots vision'],
  [allOf([anyOf(a, b), c]), '(agents OR robots) vision'],
  [allOf([anyOf(a, b), all]), 'agents OR robots'],
  [anyOf(a, anyOf(b, c)), 'agents OR robots OR vision'],
  [anyOf(a, all), ''],
  [negate(negate(a)), 'agents'],
])('query %# is printed as "%s"', (node, text) => {
  expect(printQuery(node)).toBe(text);
});

test('the parts of a query are joined to the same query again', () => {
  fc.assert(fc.property(queries, (query) => expect(allOf(partsOf(query))).toEqual(query)));
});
