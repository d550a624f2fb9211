import { expect, test } from '@jest/globals';
import { parseUrl } from '../../../../shared/domain/text/parse-url.ts';

/** After this many calls the compiler of V8 has replaced the function by a faster one. */
const MANY = 20_000;

test.each([
  ['https://bücher.example/a', 'https://xn--bcher-kva.example/a'],
  ['https://例え.example/', 'https://xn--r8jz45g.example/'],
  ['https://example.org/é', 'https://example.org/%C3%A9'],
  ['https://', undefined],
])('%s is parsed the same the first and the thousandth time', (text, href) => {
  const read = new Set(Array.from({ length: MANY }, () => parseUrl(text)?.href));

  expect([...read]).toEqual([href]);
});

test('a relative URL needs a base', () => {
  expect(parseUrl('/a')).toBeUndefined();
  expect(parseUrl('/a', 'https://example.org/b')?.href).toBe('https://example.org/a');
});
