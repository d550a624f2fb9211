import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { toFurtherPath, toPapersPath } from '../../../shared/presentation/papers-path.ts';
import { toSearchPath } from '../../../shared/web/paths/search-path.ts';
import {
  CARDS_PATH,
  FETCH_SITE_HEADER,
  ORIGIN_HEADER,
  PRIVATE_FEEDS_PATH,
  publicRoutes,
  SIGN_UP_HEADERS,
  SIGN_UP_PATH,
  TIME_ZONE_HEADER,
} from '../../../shared/web/public-routes.ts';
import { groupsWithOwnLimit, pageGroups } from '../../../shared/web/route-groups.ts';
import { isPublic } from '../../../shared/web/v1/endpoint.ts';
import { paperGroups } from '../../../shared/web/v1/paper-groups.ts';
import { subscriberGroups } from '../../../shared/web/v1/subscriber-groups.ts';

/** Groups for forms and for one subscriber. No cache may keep them. */
const UNCACHED = [
  ...['/unsubscribe/*', '/manage-link', '/confirm/*', '/manage/*', '/mute/*', '/your-data/*'],
  ...[SIGN_UP_PATH, '/v1/*', PRIVATE_FEEDS_PATH, CARDS_PATH],
];

const publicPaths = Object.values(publicRoutes).flatMap(({ paths }) => paths);
const isBelow = (path: string, pattern: string) =>
  pattern === path || (pattern.endsWith('/*') && `${path}/`.startsWith(pattern.slice(0, -1)));

/** The sources of the public pages that read parameters of their address. */
async function sourcesIn(folders: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const folder of folders) {
    for (const file of await readdir(join('shared/web', folder), { recursive: true })) {
      if (/\.tsx?$/.test(file)) texts.push(await readFile(join('shared/web', folder, file), 'utf8'));
    }
  }
  return texts.join('\n');
}

test('every group of pages is public, or known to be kept from caches', () => {
  const unknown = [...pageGroups, ...groupsWithOwnLimit]
    .flatMap(({ paths }) => paths)
    .filter((path) => !UNCACHED.includes(path) && !publicPaths.some((pattern) => isBelow(path, pattern)));

  expect(unknown).toEqual([]);
});

test('no public route reaches a path that caches may not keep', () => {
  const leaks = UNCACHED.filter((path) => path !== '/v1/*' && path !== PRIVATE_FEEDS_PATH).filter((path) =>
    publicPaths.some((pattern) => isBelow(path.replace(/\/\*$/, ''), pattern)),
  );
  expect(leaks).toEqual([]);
});

test('CloudFront passes on every parameter of an address of papers or of a search', () => {
  const every = toPapersPath(
    {
      day: '2026-01-05',
      days: 3,
      lists: ['hf-daily'],
      query: 'agents',
      sort: 'new',
      until: '2026-01-05T08:00:00.000Z',
      without: ['2601.00001'],
    },
    2,
  );
  const further = toFurtherPath({ day: '2026-01-05' }, ['2601.00001'], 2);
  const search = toSearchPath(
    { query: 'a', sort: 'votes', lists: ['hf-daily'], month: '2026-01', isVerbatim: true },
    'cursor',
  );
  const namesIn = (path: string) => [...new URL(path, 'https://daily.example.org').searchParams.keys()];

  expect(namesIn(every).length).toBeGreaterThan(5);
  expect(publicRoutes.papers.parameters).toEqual(expect.arrayContaining(namesIn(every)));
  expect(namesIn(further)).toEqual(['seen']);
  expect(publicRoutes.papers.parameters).toEqual(expect.arrayContaining(namesIn(further)));
  expect(publicRoutes.search.parameters).toEqual(expect.arrayContaining(namesIn(search)));
});

test.each([
  ['papers', ['papers']],
  ['search', ['search']],
  ['feeds', ['feeds']],
] as const)('CloudFront passes on every parameter that the pages of %s read', async (name, folders) => {
  const source = await sourcesIn(folders);
  const read = [...source.matchAll(/req\.quer(?:y|ies)\(\s*'(\w+)'/g)].map(([, parameter]) => parameter);

  expect(publicRoutes[name].parameters).toEqual(expect.arrayContaining(read));
});

test('CloudFront passes on every parameter of the public operations of the HTTP API', () => {
  const operations = [...paperGroups, ...subscriberGroups]
    .flatMap(({ endpoints }) => endpoints)
    .filter(isPublic);
  const parameters = operations.flatMap(({ query }) => Object.keys(query?.shape ?? {}));

  expect(parameters).toContain('cursor');
  expect(publicRoutes.api.parameters).toEqual(expect.arrayContaining(parameters));
  const uncached = operations
    .map(({ path }) => path)
    .filter((path) => !publicRoutes.api.paths.some((pattern) => isBelow(path, pattern)));
  expect(uncached).toEqual([]);
});

test('no policy has more parameters than CloudFront allows', () => {
  for (const { parameters } of Object.values(publicRoutes)) expect(parameters.length).toBeLessThanOrEqual(10);
});

test('the form to sign up reads no header that CloudFront drops', async () => {
  const NAMES: Readonly<Record<string, string>> = { FETCH_SITE_HEADER, ORIGIN_HEADER, TIME_ZONE_HEADER };
  const source = await sourcesIn(['sign-up']);
  const read = [...source.matchAll(/req\.header\(\s*'?([\w-]+)'?/g)].map(
    ([, name = '']) => NAMES[name] ?? name,
  );

  expect(read.length).toBeGreaterThan(1);
  expect(SIGN_UP_HEADERS).toEqual(expect.arrayContaining([...read, 'content-type']));
});
