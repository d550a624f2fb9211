import assert from 'node:assert/strict';
import type { Deployment } from './deployment.ts';
import { fetchFromApi } from './fetch-from-api.ts';
import { type SentDigest, unsubscribeUrlOf } from './send-digests.ts';

/**
 * Checks that opening the link of a digest changes nothing, and that one click of a mail program unsubscribes. A second
 * click is answered the same.
 */
export async function unsubscribeInOneClick(deployment: Deployment, digest: SentDigest): Promise<void> {
  const url = unsubscribeUrlOf(digest);
  const status = async () =>
    (await deployment.repositories.subscribers.load(digest.delivery.subscriberId))?.status;

  const page = await fetchFromApi(deployment, { method: 'GET', url });
  assert.equal(page.status, 200);
  assert.match(page.contentType ?? '', /^text\/html/);
  assert.match(page.body, /<form/);
  assert.equal(await status(), 'confirmed');

  for (const form of ['List-Unsubscribe=One-Click', 'List-Unsubscribe=One-Click']) {
    const answer = await fetchFromApi(deployment, { method: 'POST', url, form });
    assert.equal(answer.status, 200);
    assert.equal(await status(), 'unsubscribed');
  }

  const forged = new URL(`${url.href.slice(0, -4)}AAAA`);
  assert.equal((await fetchFromApi(deployment, { method: 'POST', url: forged })).status, 404);
}
