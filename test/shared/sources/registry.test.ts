import { describe, expect, it } from '@jest/globals';
import { listsOf, type SourceName, sourceNames } from '../../../shared/domain/lists.ts';
import { sourceRegistry } from '../../../shared/sources/registry.ts';
import { collect } from '../../collect.ts';
import { scriptHttpClient } from '../../factories/scripted-http-client.ts';

/** The hosts of all requests of one read. Every answer is a 404. */
async function hostsAsked(name: SourceName, settings: { url?: string }): Promise<readonly string[]> {
  const http = scriptHttpClient(() => ({ status: 404, body: '' }));
  const lists = listsOf(name).map(({ id }) => id);
  const request = { lists, histories: {}, cursor: undefined, now: '2026-01-06T08:00:00.000Z', http };
  await collect(sourceRegistry[name].create(settings).fetch(request));
  return [...new Set(http.asked.map(({ host }) => host))];
}

describe.each(sourceNames)('the entry of %s', (name) => {
  it('creates a source of that name, with lists of the catalogue', () => {
    expect(sourceRegistry[name].create({}).name).toBe(name);
    expect(listsOf(name).length).toBeGreaterThan(0);
  });

  it('allows the hosts that it reads', async () => {
    const asked = await hostsAsked(name, {});

    expect(asked.length).toBeGreaterThan(0);
    expect(sourceRegistry[name].allowedHosts({})).toEqual(expect.arrayContaining([...asked]));
  });

  it('reads at the address in the settings', async () => {
    const settings = { url: 'http://127.0.0.1:8080/papers' };

    expect(await hostsAsked(name, settings)).toEqual(['127.0.0.1:8080']);
    expect(sourceRegistry[name].allowedHosts(settings)).toEqual(['127.0.0.1:8080']);
  });
});
