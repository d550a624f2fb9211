import assert from 'node:assert/strict';
import PostalMime, { type Email } from 'postal-mime';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { formOf } from '../shared/web/form-of.ts';
import type { Deployment } from './deployment.ts';
import { fetchFromApi } from './fetch-from-api.ts';
import { FROM_ADDRESS } from './settings.ts';
import { waitUntil } from './wait-until.ts';

const ADDRESS = 'newcomer@readers.example';
const SUBSCRIPTION = { lists: ['hf-daily'], query: '', cadence: 'daily', maxPapers: 10, sort: 'trending' };
const MAIL_TIMEOUT_MS = 30_000;

/**
 * Signs up twice through the HTTP API, and returns how many mails that caused. Another function mails one link. Opening
 * it changes nothing. Submitting its form unchanged confirms.
 */
export async function signUpAndConfirm(deployment: Deployment): Promise<number> {
  const { idKey } = await deployment.keyring.load();
  const load = () => deployment.repositories.subscribers.load(toSubscriberId(ADDRESS, idKey));

  const first = await postSignUp(deployment);
  const mail = await waitForMail(deployment);
  const second = await postSignUp(deployment);
  assert.deepEqual([first.status, second.status], [202, 202]);
  assert.equal(first.body, second.body);
  assert.equal((await load())?.status, 'unconfirmed');

  const url = confirmUrlIn(mail);
  const page = await fetchFromApi(deployment, { method: 'GET', url });
  assert.equal(page.status, 200);
  assert.match(page.body, /<form method="post"/);
  assert.ok(page.body.includes(ADDRESS), 'the page names the address to confirm');
  assert.equal((await load())?.status, 'unconfirmed');

  const form = `${new URLSearchParams(formOf(page.body))}`;
  assert.equal((await fetchFromApi(deployment, { method: 'POST', url, form })).status, 200);
  const subscriber = await load();
  assert.equal(subscriber?.status, 'confirmed');
  assert.deepEqual(subscriber.subscriptions, [{ id: 's1', ...SUBSCRIPTION }]);
  assert.equal(subscriber.signUp, undefined);
  return (await mailsOf(deployment)).length;
}

function postSignUp(deployment: Deployment) {
  const json = { address: ADDRESS, subscription: SUBSCRIPTION };
  return fetchFromApi(deployment, { method: 'POST', url: new URL('/v1/sign-ups', deployment.ApiUrl), json });
}

async function mailsOf({ cloud }: Deployment): Promise<readonly Email[]> {
  const own = cloud.inbox.mails().filter(({ recipients }) => recipients.includes(ADDRESS));
  return Promise.all(own.map(({ raw }) => PostalMime.parse(raw)));
}

async function waitForMail(deployment: Deployment): Promise<Email> {
  const mail = await waitUntil('the mail that asks to confirm', MAIL_TIMEOUT_MS, async () => {
    return (await mailsOf(deployment))[0];
  });
  assert.equal(mail.from?.address, FROM_ADDRESS);
  assert.equal(mail.headers.find(({ key }) => key === 'auto-submitted')?.value, 'auto-generated');
  return mail;
}

function confirmUrlIn({ text = '' }: Email): URL {
  const [url] = /https:\/\/\S+\/confirm\/[\w.-]+/.exec(text) ?? [];
  assert.ok(url, 'the mail has a confirmation link');
  return new URL(url);
}
