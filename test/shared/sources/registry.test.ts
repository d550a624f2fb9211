import { describe, expect, it, test } from '@jest/globals';
import { findList, type ListId, type SourceName, sourceNames } from '../../../shared/domain/lists/lists.ts';
import { sourceRegistry } from '../../../shared/sources/registry.ts';
import { collect } from '../../collect.ts';
import { scriptHttpClient } from '../../factories/scripted-http-client.ts';

/** The hosts of all requests of one read. Every answer is a 404. */
async function hostsAsked(
  name: SourceName,
  list: ListId,
  settings: Parameters<(typeof sourceRegistry)[SourceName]['create']>[0],
): Promise<readonly string[]> {
  const http = scriptHttpClient(() => ({ status: 404, body: '' }));
  const request = { lists: [list], histories: {}, cursor: undefined, now: '2026-01-06T12:00:00.000Z', http };
  await collect(sourceRegistry[name].create(settings).fetch(request));
  return [...new Set(http.asked.map(({ host }) => host))];
}

test.each(sourceNames)('the entry of %s creates a source of that name', (name) => {
  expect(sourceRegistry[name].create({}).name).toBe(name);
});

describe.each<[SourceName, ListId]>([
  ['hf-daily', 'hf-daily'],
  ['arxiv', 'arxiv/cs.CL'],
])('the entry of %s', (name, list) => {
  it('reads a list of the catalogue', () => {
    expect(findList(list)?.source).toBe(name);
  });

  it('allows the hosts that it reads', async () => {
    const asked = await hostsAsked(name, list, {});

    expect(asked.length).toBeGreaterThan(0);
    expect(sourceRegistry[name].allowedHosts({})).toEqual(expect.arrayContaining([...asked]));
  });

  it('reads at the address in the settings', async () => {
    const settings = { url: 'http://127.0.0.1:8080/papers' };

    expect(await hostsAsked(name, list, settings)).toEqual(['127.0.0.1:8080']);
    expect(sourceRegistry[name].allowedHosts(settings)).toEqual(['127.0.0.1:8080']);
  });
});

test('the entry of feed reads the feeds of the settings, and allows their hosts', async () => {
  const settings = {
    feeds: { Distill: 'https://distill.example/rss.xml', Lab: 'http://127.0.0.1:8080/feed' },
  };

  expect(findList('feed/Distill')).toMatchObject({ source: 'feed', name: 'Distill' });
  expect(await hostsAsked('feed', 'feed/Distill', settings)).toEqual(['distill.example']);
  expect(sourceRegistry.feed.allowedHosts(settings)).toEqual(['distill.example', '127.0.0.1:8080']);
});
