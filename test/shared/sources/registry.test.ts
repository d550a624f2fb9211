import { describe, expect, it, test } from '@jest/globals';
import { listsOf, sourceNames } from '../../../shared/domain/lists.ts';
import { sourceRegistry } from '../../../shared/sources/registry.ts';

describe.each(sourceNames)('the entry of %s', (name) => {
  it('creates a source of that name, with lists of the catalogue', () => {
    expect(sourceRegistry[name].create({}).name).toBe(name);
    expect(listsOf(name).length).toBeGreaterThan(0);
  });

  it('names at least one host to read', () => {
    expect(sourceRegistry[name].allowedHosts({}).length).toBeGreaterThan(0);
  });
});

test('the setting hfUrl moves hf-daily to another host', () => {
  const settings = { hfUrl: 'http://127.0.0.1:8080/papers' };
  expect(sourceRegistry['hf-daily'].allowedHosts(settings)).toEqual(['127.0.0.1:8080']);
});
