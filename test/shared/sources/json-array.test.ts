import { describe, expect, it } from '@jest/globals';
import { parseJsonArray } from '../../../shared/sources/json-array.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';

describe('parseJsonArray', () => {
  it('reads a whole array', () => {
    expect(parseJsonArray('[{"a":1},{"a":2}]')).toEqual({ items: [{ a: 1 }, { a: 2 }] });
  });

  it('reads null as an array without items', () => {
    expect(parseJsonArray('null')).toEqual({ items: [] });
  });

  it.each([
    ['an object', '{"error":"no"}', 'expected a list, found "{\\"error\\":\\"no\\"}"'],
    [
      'a page',
      '<!DOCTYPE html><title>Sorry</title>',
      'expected a list, found "<!DOCTYPE html><title>Sorry</title>"',
    ],
    ['nothing', ' ', 'expected a list, found nothing'],
  ])('finds no items in %s', (_what, body, problem) => {
    expect(parseJsonArray(body)).toEqual({ items: [], problem });
  });

  it('shows only the beginning of an unexpected answer', () => {
    const { problem = '' } = parseJsonArray('x'.repeat(10_000));
    expect(problem.length).toBeLessThan(100);
  });

  it.each([
    ['breaks off in an item', '[{"a":1},{"a":', 1],
    ['breaks off after an item', '[{"a":1},{"a":2}', 2],
    ['turns bad between items', '[{"a":1}{"a":2}]', 1],
    ['turns bad in an item', '[{"a":1},{"a":nope},{"a":3}]', 1],
    ['has something else than an item', '[{"a":1},2,{"a":3},', 1],
    ['has a comma too many', '[{"a":1},,{"a":2}]', 1],
    ['begins with a comma', '[,{"a":1}]', 0],
    ['closes what it did not open', '[{"a":1},{"a":[2}},{"a":3}]', 1],
    ['breaks off in a long text', `[{"a":1},{"a":"${'{\\"'.repeat(200_000)}`, 1],
    ['breaks off in a text of 16 MB', `[{"a":1},{"a":"${'x\\n'.repeat(5_000_000)}`, 1],
    ['continues after its end', '[{"a":1}] and more', 1],
    ['begins with a byte order mark', '\ufeff[{"a":1},', 1],
  ])('keeps the items that were complete before a list %s', (_what, body, count) => {
    const { items, problem } = parseJsonArray(body);
    expect(items).toHaveLength(count);
    expect(problem).toBe(`the list breaks off after ${count} ${count === 1 ? 'item' : 'items'}`);
  });

  it('keeps exactly the complete items of a list that is cut anywhere', () => {
    // Items as a feed has them: objects, whose end is plain to see, with texts that look like JSON.
    const item = fc.record({
      id: fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ',', '"', '\\', 'é', '😀', 'a') }),
      nested: fc.jsonValue({ maxDepth: 2, noUnicodeString: false }),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), fc.nat(), (items, seed) => {
        const texts = items.map((value) => JSON.stringify(value));
        const bytes = Buffer.from(`[${texts.join(',')}]`);
        const cut = seed % bytes.length;
        const ends = texts.map((_, index) => 1 + Buffer.byteLength(texts.slice(0, index + 1).join(',')));
        const complete = texts.filter((_, index) => (ends[index] ?? Number.POSITIVE_INFINITY) <= cut);

        const read = parseJsonArray(bytes.subarray(0, cut).toString());

        expect(read.items).toEqual(complete.map((text): unknown => JSON.parse(text)));
        expect(read.problem).toBeDefined();
      }),
      { numRuns: runs(150, 2_000) },
    );
  });
});
