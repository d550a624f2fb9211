import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldWords } from '../../../shared/domain/fold.ts';
import {
  parseQuery,
  parseStoredQuery,
  QueryError,
  querySchema,
  storedQuerySchema,
} from '../../../shared/domain/query.ts';

describe('an invalid query', () => {
  test.each([
    ['mlp "residual', 5, 'never closed'],
    ['mlp “residual', 5, 'never closed'],
    ['vision OR audio', 8, '"OR" is not supported yet'],
    ['vision or audio', 8, '"or" is not supported yet'],
    ['Or audio', 1, 'put it in quotes'],
    ['NOT vision', 1, '"NOT" is not supported yet'],
    ['audio not vision', 7, '"not" is not supported yet'],
    ['-vision', 1, '"-" is not supported yet'],
    ['−vision', 1, '"−" is not supported yet'],
    ['!vision', 1, '"!" is not supported yet'],
    ['vision|audio', 1, '"|" is not supported yet'],
    ['a title:vision', 3, '"title:" is not supported yet. Use words or "phrases"'],
    ['(a b)', 1, '"(" is not supported yet'],
    ['mod*', 1, '"*" is not supported yet'],
    ['AND vision', 1, '"AND" must have'],
    ['and vision', 1, '"and" must have'],
    ['vision AND', 11, 'the query ends'],
    ['a AND AND b', 7, '"AND" must have'],
    ['vision ...', 8, '"..." has no letter or digit'],
    ['in C++', 4, 'only "c" of "C++" can be searched for'],
    ['C#', 1, 'only "c" of "C#"'],
    ['"C++"', 1, 'only "c" of "C++"'],
    ['"é!"', 1, 'only "e" of "é!"'],
    ['a '.repeat(41), 81, 'at most 40'],
  ])('%s is refused, with the position of the fault', (query, character, words) => {
    expect(() => parseQuery(query)).toThrow(QueryError);
    expect(() => parseQuery(query)).toThrow(new RegExp(`^at character ${character}: `));
    expect(() => parseQuery(query)).toThrow(words);
  });

  test('is refused when a subscription is saved', () => {
    expect(querySchema.safeParse('vision').success).toBe(true);
    expect(querySchema.safeParse('vision OR audio').error?.issues[0]?.message).toMatch('at character 8');
    expect(querySchema.safeParse('x'.repeat(501)).success).toBe(false);
    expect(querySchema.safeParse('a '.repeat(40)).success).toBe(true);
  });

  test.each([
    ...[
      '"C++ compiler"',
      'R',
      'é',
      'x2',
      'R&D',
      'A/B testing',
      '「猫」',
      '"to be or not to be"',
      '"or"',
      'nota',
    ],
    ...['state-of-the-art', 'don’t', '3D', 'T5.', 'GPT-4'],
  ])('is not %s', (query) => {
    expect(querySchema.safeParse(query).error?.issues).toBeUndefined();
  });
});

/** The rules by which stored queries were accepted before typographic quotes, `or`, `not` and single letters were looked at. */
function parseAsBefore(text: string): readonly (readonly string[])[] | undefined {
  const terms: (readonly string[])[] = [];
  let isAwaited = false;
  for (const [whole, phrase, closing] of text.matchAll(/"([^"]*)("?)|\S+/g)) {
    if (whole === 'AND') {
      if (terms.length === 0 || isAwaited) return undefined;
      isAwaited = true;
      continue;
    }
    const isSign = phrase === undefined && /^-|^\w+:(?=.)|[()*"]|^(?:OR|NOT)$/.test(whole);
    const words = foldWords(phrase ?? whole);
    if (isSign || closing === '' || words.length === 0 || terms.length === 40) return undefined;
    terms.push(words);
    isAwaited = false;
  }
  return isAwaited ? undefined : terms;
}

describe('a stored query', () => {
  const parts = fc.constantFrom(
    ...[
      'agents',
      'or',
      'not',
      'and',
      'Not',
      'OR',
      'NOT',
      'AND',
      'C++',
      'C#',
      '“',
      '”',
      '“world',
      'model”',
      '"',
    ],
    ...['"world model"', 'a|b', '!x', '—x', '-x', 'title:x', '(x)', '...', 'R', 'say“x', 'x”y'],
  );
  const texts = fc.array(parts, { maxLength: 6 }).map((words) => words.join(' '));

  test('is readable if it was ever valid', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ maxLength: 60 })), (text) => {
        if (parseAsBefore(text)) expect(storedQuerySchema.safeParse(text).error?.issues).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps its meaning if it would be refused today', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const before = parseAsBefore(text);
        if (!before || querySchema.safeParse(text).success) return;
        expect(parseStoredQuery(text).terms.map(({ words }) => words)).toEqual(before);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is read like a new one if it is still valid', () => {
    fc.assert(
      fc.property(texts, (text) => {
        if (querySchema.safeParse(text).success) expect(parseStoredQuery(text)).toEqual(parseQuery(text));
      }),
    );
  });
});

describe('folding', () => {
  test.each([
    ['Self-Supervised Müller models', ['self', 'supervised', 'muller', 'model']],
    ['bias, class, corpus, axis', ['bias', 'class', 'corpus', 'axis']],
    ['queries policies LLMs', ['query', 'policy', 'llm']],
    ['losses classes boxes biases searches', ['loss', 'class', 'box', 'bias', 'search']],
    ['meshes buzzes caches lenses axes', ['mesh', 'buzz', 'cache', 'lens', 'axis']],
    ['cases phases movies ties', ['case', 'phase', 'movie', 'tie']],
    ['news, lens, series, species', ['news', 'lens', 'series', 'species']],
    ['always, perhaps, analysis, chaos', ['always', 'perhaps', 'analysis', 'chaos']],
    ['physics, robotics, metrics, topics', ['physics', 'robotics', 'metric', 'topic']],
    ['GPT-4o 3D', ['gpt', '4o', '3d']],
    ['constructor', ['constructor']],
    ['  ', []],
  ])('%s', (text, words) => {
    expect(foldWords(text)).toEqual(words);
  });

  test('does not change a folded word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = foldWords(text);
        expect(foldWords(once.join(' ')).length).toBe(once.length);
      }),
    );
    const endings = fc.constantFrom(
      's',
      'e',
      'x',
      'ch',
      'zz',
      'es',
      'ies',
      'ics',
      'bias',
      'lens',
      'axes',
      'a',
    );
    fc.assert(
      fc.property(fc.array(endings), (parts) => {
        const once = foldWords(parts.join(''));
        expect(foldWords(once.join(' '))).toEqual(once);
      }),
    );
  });
});
