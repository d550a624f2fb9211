import assert from 'node:assert/strict';
import type { Day } from '../../shared/domain/time/time.ts';
import type { Deployment } from './deployment.ts';
import { fetchFromApi } from './fetch-from-api.ts';

/** Checks that the public pages answer from the deployment: a day, one of its papers, a search, feeds, the sitemap, and the images. */
export async function readPages(deployment: Deployment, today: Day): Promise<void> {
  const read = async (path: string, type: string) => {
    const answer = await fetchFromApi(deployment, { method: 'GET', url: new URL(path, deployment.ApiUrl) });
    assert.deepEqual([path, answer.status], [path, 200], answer.body.slice(0, 500));
    assert.match(answer.contentType ?? '', new RegExp(`^${type}`), path);
    return answer.body;
  };
  const [listing] = await deployment.repositories.listings.load('hf-daily', today);
  assert.ok(listing);
  const { paperId } = listing;

  assert.match(await read(`/papers/${today}`, 'text/html'), new RegExp(`/cards/days/${today}\\.png`));
  assert.match(await read(`/papers/${paperId}`, 'text/html'), /"@type":"ScholarlyArticle"/);
  assert.match(await read('/search?q=model', 'text/html'), /<h1>/);
  for (const [format, type] of [
    ['atom', 'application/atom\\+xml'],
    ['json', 'application/feed\\+json'],
  ] as const)
    assert.match(await read(`/feeds/lists/hf-daily.${format}`, type), new RegExp(paperId));
  assert.match(await read(`/sitemaps/${today.slice(0, 7)}.xml`, 'application/xml'), new RegExp(paperId));
  for (const path of [`/cards/papers/${paperId}.png`, `/cards/days/${today}.png`])
    assert.match(await read(path, 'image/png'), /^.PNG/);
}
