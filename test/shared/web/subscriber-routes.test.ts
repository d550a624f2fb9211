import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandClock } from '../../../local/hand-clock.ts';
import type { Keyring } from '../../../shared/keys.ts';
import type { SubscriberRepository } from '../../../shared/ports.ts';
import { createSubscriberLinks } from '../../../shared/web/links.ts';
import { createSubscriberRoutes } from '../../../shared/web/subscriber-routes.tsx';
import { unsubscribe } from '../../../shared/web/unsubscribe.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const KEY = {
  id: '1',
  key: 'a key that signs links, long enough for it',
  activeFrom: '2026-01-01T00:00:00.000Z',
};
const keyring: Keyring = { load: async () => ({ idKey: 'unused', linkKeys: [KEY] }) };
const links = createSubscriberLinks('https://daily.example.org', [KEY], '2026-01-05T08:00:00.000Z');

let subscribers: SubscriberRepository;

beforeEach(async () => {
  ({ subscribers } = createFakeRepositories(createHandClock('2026-01-05T08:00:00.000Z')));
  const subscriptions = [createSubscription({ query: '<script>alert(1)</script>' })];
  await subscribers.save(createSubscriber({ id: 'ada', subscriptions }));
});

const request = (url: URL | string, init: RequestInit = {}) =>
  createSubscriberRoutes({ subscribers, publication: { name: 'Broadsheet' }, keyring }).request(
    url.toString(),
    init,
  );
const statusOf = async (id: string) => (await subscribers.load(id))?.status;

function multipart(): FormData {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  return form;
}

describe('the unsubscribe link', () => {
  test('shows a button and changes nothing when it is followed', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await request(links.unsubscribe('ada'), { method });
    const answer = await request(links.unsubscribe('ada'));

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<form method="post"');
    expect(await statusOf('ada')).toBe('confirmed');
  });

  test.each([
    ['urlencoded', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    ['multipart', multipart],
    ['empty', () => null],
  ])('unsubscribes by one click with a body that is %s, again and again', async (_, toBody) => {
    for (const body of [toBody(), toBody()]) {
      const answer = await request(links.unsubscribe('ada'), { method: 'POST', body });

      expect(answer.status).toBe(200);
      expect(answer.headers.get('location')).toBeNull();
    }
    expect(await statusOf('ada')).toBe('unsubscribed');
  });

  test('says nothing of whether the subscriber is still there', async () => {
    const known = await request(links.unsubscribe('ada'), { method: 'POST' });
    const gone = await request(links.unsubscribe('nobody'), { method: 'POST' });

    expect([gone.status, await gone.text()]).toEqual([known.status, await known.text()]);
  });

  test('does nothing with a token that was not signed for it', async () => {
    const [, , token = ''] = links.manage('ada').pathname.split('/');
    for (const forged of [token, 'ada.x', 'ada', `${token}x`]) {
      const answer = await request(`https://daily.example.org/unsubscribe/${forged}`, { method: 'POST' });
      expect(answer.status).toBe(404);
    }
    expect(await statusOf('ada')).toBe('confirmed');
  });
});

describe('the manage link', () => {
  test('shows what the subscriber asked for, with nothing of it run', async () => {
    const answer = await request(links.manage('ada'));
    const page = await answer.text();

    expect(page).toContain('ada@example.org');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script');
    expect(await statusOf('ada')).toBe('confirmed');
  });

  test('lets the subscriber leave', async () => {
    await request(links.manage('ada'), { method: 'POST' });

    expect(await statusOf('ada')).toBe('unsubscribed');
    expect(await (await request(links.manage('ada'))).text()).not.toContain('<form');
  });

  test('gives its token to nobody else', async () => {
    const { headers } = await request(links.manage('ada'));

    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  test('of a subscriber who is gone leads nowhere', async () => {
    expect((await request(links.manage('nobody'))).status).toBe(404);
  });
});

test('somebody who saves the profile at the same moment does not keep a subscriber from leaving', async () => {
  let others = 2;
  const contended: SubscriberRepository = {
    load: subscribers.load,
    async save(profile) {
      const stored = await subscribers.load(profile.id);
      if (stored && others-- > 0) await subscribers.save({ ...stored, hour: others });
      return subscribers.save(profile);
    },
  };

  await unsubscribe(contended, 'ada');

  expect(await statusOf('ada')).toBe('unsubscribed');
});

test.each(['bounced', 'complained'] as const)('a subscriber who %s stays known as that', async (status) => {
  await subscribers.save(createSubscriber({ id: 'ben', status }));

  await unsubscribe(subscribers, 'ben');

  expect(await statusOf('ben')).toBe(status);
});
