import assert from 'node:assert/strict';
import type { Deployment } from './deployment.ts';
import { fetchFromApi } from './fetch-from-api.ts';
import type { SentDigest } from './send-digests.ts';

/** Checks that the mute link of a digest lists its papers, and that its button mutes one. */
export async function muteFromDigest(deployment: Deployment, { mail, delivery }: SentDigest): Promise<void> {
  const [link = ''] = /https:\S+\/mute\/\S+/.exec(mail.text ?? '') ?? [];
  const page = await fetchFromApi(deployment, { method: 'GET', url: new URL(link) });
  assert.equal(page.status, 200);
  for (const paperId of delivery.paperIds) assert.ok(page.body.includes(`?paper=${paperId}`));

  const [paper = ''] = delivery.paperIds;
  const url = new URL(`?paper=${paper}`, link);
  const done = await fetchFromApi(deployment, { method: 'POST', url, form: 'action=mute-paper' });
  assert.equal(done.status, 303);
  const subscriber = await deployment.repositories.subscribers.load(delivery.subscriberId);
  assert.deepEqual(subscriber?.mutedPapers, [paper]);
}
