import { describe, expect, it } from '@jest/globals';
import { splitItems } from '../../../local/hugging-face/split-items.ts';
import { fc } from '../../fast-check.ts';

describe('splitItems', () => {
  it('keeps the bytes of each item and drops the white space around it', () => {
    expect(splitItems(' [ {"a":1.0,\n "a":2} ,\n"x,]}" , [1, [2]] ,7]\n')).toEqual([
      '{"a":1.0,\n "a":2}',
      '"x,]}"',
      '[1, [2]]',
      '7',
    ]);
  });

  it('handles quotes and backslashes in strings', () => {
    const items = ['{"a":"\\"},{\\""}', '{"b":"\\\\"}', '{"c":"\\u005d"}'];

    expect(splitItems(`[${items.join(',')}]`)).toEqual(items);
  });

  it('finds no item in an empty array', () => {
    expect(splitItems('[ ]')).toEqual([]);
  });

  it('splits any joined items into the same items', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), fc.constantFrom('', '  '), (values, indent) => {
        const items = values.map((value) => JSON.stringify(JSON.parse(value), null, indent));
        expect(splitItems(`[${items.join(',\n')}]`)).toEqual(items);
      }),
    );
  });

  it.each([
    ['{"status":"no list"}', 'found object'],
    ['null', 'found null'],
    ['[1, 2', 'not JSON'],
    ['', 'not JSON'],
  ])('refuses %j', (json, reason) => {
    expect(() => splitItems(json)).toThrow(reason);
  });
});
