import { describe, expect, it } from '@jest/globals';
import { listIdSchema } from '../../../shared/domain/list.ts';
import { sourceRegistry } from '../../../shared/sources/registry.ts';
import { sourceNames } from '../../../shared/sources/source-names.ts';

describe.each(sourceNames)('the entry of %s', (name) => {
  it('makes a source of that name whose list can be followed', () => {
    const source = sourceRegistry[name].create({});
    expect(source.name).toBe(name);
    expect(listIdSchema.safeParse(source.list).success).toBe(true);
    expect(source.calendar.weekdays.length).toBeGreaterThan(0);
  });

  it('names at least one host to read', () => {
    expect(sourceRegistry[name].allowedHosts({}).length).toBeGreaterThan(0);
  });
});

describe('the setting hfUrl', () => {
  it('moves hf-daily to another host', () => {
    const settings = { hfUrl: 'http://127.0.0.1:8080/papers' };
    expect(sourceRegistry['hf-daily'].allowedHosts(settings)).toEqual(['127.0.0.1:8080']);
  });
});
