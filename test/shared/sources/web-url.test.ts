import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { toRepositoryUrl, toWebUrl } from '../../../shared/sources/web-url.ts';
import { anyCharacter } from '../../factories/texts.ts';
import { fc } from '../../fast-check.ts';

describe('toWebUrl', () => {
  it.each([
    ['https://example.org/a', 'https://example.org/a'],
    [' https://example.org/a ', 'https://example.org/a'],
    ['https://example.org/some\n  one/page', 'https://example.org/someone/page'],
    ['http://example.org', 'http://example.org/'],
    ['https://example.org/a b', 'https://example.org/a%20b'],
  ])('reads %j as %s', (text, expected) => {
    expect(toWebUrl(text)).toBe(expected);
  });

  it.each([
    '',
    'no address',
    '/avatars/1.svg',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
    'https://user:secret@example.org/',
    `https://example.org/${'a'.repeat(2_000)}`,
  ])('refuses %j', (text) => {
    expect(toWebUrl(text)).toBeUndefined();
  });

  it('returns a valid address or none for any text', () => {
    const anyText = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.webUrl(),
      fc.webUrl().map((url) => `${url}\n`),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const url = toWebUrl(text);

        expect(
          z
            .url({ protocol: /^https?$/ })
            .optional()
            .safeParse(url).success,
        ).toBe(true);
      }),
    );
  });
});

describe('toRepositoryUrl', () => {
  it.each([
    ['https://github.com/o/r.git', 'https://github.com/o/r'],
    ['https://github.com/o/r/', 'https://github.com/o/r'],
    ['https://github.com/o/r.git/', 'https://github.com/o/r'],
    ['https://github.com/o/\nr', 'https://github.com/o/r'],
    ['https://github.com/o/r/tree/main', 'https://github.com/o/r/tree/main'],
  ])('reads %j as %s', (text, expected) => {
    expect(toRepositoryUrl(text)).toBe(expected);
  });

  it('does not accept a bare host as a repository', () => {
    expect(toRepositoryUrl('https://github.com/')).toBeUndefined();
  });
});
