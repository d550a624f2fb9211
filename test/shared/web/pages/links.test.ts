import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SignUp } from '../../../../shared/domain/subscriber.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createReader } from './reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const signUp: SignUp = {
  ...{ at: NOW, from: '192.0.2.7', text: 'Send me digests.', timeZone: 'Asia/Tokyo', hour: 6 },
  subscriptions: [createSubscription({ query: 'agents', cadence: 'weekly' })],
};

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

const stored = (id: string) => reader.repositories.subscribers.load(id);

describe('the link of a mail that asks to confirm', () => {
  const path = () => `/confirm/${reader.tokenFor('confirm', 'ada')}`;

  beforeEach(async () => {
    await reader.repositories.subscribers.save(
      createSubscriber({ id: 'ada', status: 'unconfirmed', signUp }),
    );
  });

  test('shows what was asked for, and changes nothing when it is followed', async () => {
    const before = await stored('ada');

    const { status, text } = await reader.read(path());

    expect(status).toBe(200);
    expect(text).toContain('Papers of Hugging Face Daily Papers that match agents');
    expect(text).toContain('every Monday at 06:00 (Asia/Tokyo)');
    expect(await stored('ada')).toEqual(before);
  });

  test('subscribes by its button, again and again', async () => {
    const first = await reader.read(path(), {});
    const second = await reader.read(path(), {});
    const later = await reader.read(path());

    for (const { status, text } of [first, second, later])
      expect([status, text]).toEqual([200, expect.stringContaining('You are subscribed')]);
    expect(await stored('ada')).toMatchObject({
      ...{ status: 'confirmed', timeZone: 'Asia/Tokyo', hour: 6, version: 2 },
      consent: { at: NOW, from: '192.0.2.1', text: 'Send me digests.', requestedFrom: '192.0.2.7' },
    });
    const manage = /href="(\/manage\/[^"]+)"/.exec(first.html)?.[1] ?? '';
    expect((await reader.read(manage)).status).toBe(200);
  });

  test('does not subscribe to what somebody else asked for after the mail', async () => {
    const old = path();
    reader.clock.moveBy(25 * 3_600_000);
    const known = await stored('ada');
    const newer = { ...signUp, at: reader.clock.now(), timeZone: 'UTC' };
    if (known) await reader.repositories.subscribers.save({ ...known, signUp: newer });

    expect((await reader.read(old)).status).toBe(410);
    expect((await reader.read(old, {})).text).toContain('newest mail');
    expect((await stored('ada'))?.status).toBe('unconfirmed');
    expect((await reader.read(path(), {})).status).toBe(200);
  });

  test('is over after 48 hours', async () => {
    const old = path();
    reader.clock.moveBy(48 * 3_600_000);

    expect((await reader.read(old)).status).toBe(404);
    expect((await reader.read(old, {})).status).toBe(404);
    expect((await stored('ada'))?.status).toBe('unconfirmed');
  });

  test('says so when there is nothing to confirm any more', async () => {
    await reader.repositories.subscribers.erase('ada');

    expect((await reader.read(path())).status).toBe(410);
    expect((await reader.read(path(), {})).status).toBe(410);
  });
});

describe('the unsubscribe link', () => {
  const path = (id = 'ada') => `/unsubscribe/${reader.tokenFor('unsubscribe', id)}`;
  const multipart = () => {
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    return form;
  };

  beforeEach(async () => {
    await reader.repositories.subscribers.save(createSubscriber({ id: 'ada' }));
  });

  test('shows a button, and changes nothing when it is followed', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await reader.app.request(path(), { method });

    const { html, text } = await reader.read(path());
    expect(html).toContain('<form method="post"');
    expect([text, html]).toEqual([
      expect.stringContaining('a…a@example.org'),
      expect.not.stringContaining('ada@'),
    ]);
    expect((await stored('ada'))?.status).toBe('confirmed');
  });

  test.each([
    ['urlencoded', () => ({ body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })],
    ['multipart', () => ({ body: multipart() })],
    ['empty', () => ({})],
    ['of no form', () => ({ body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'text/plain' } })],
    [
      'torn',
      () => ({ body: '--x\r\nConte', headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
    ],
  ])('unsubscribes by one click with a body that is %s, again and again', async (_, toInit) => {
    for (let n = 0; n < 2; n += 1) {
      const answer = await reader.app.request(path(), { method: 'POST', ...toInit() });
      expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    }
    expect((await stored('ada'))?.status).toBe('unsubscribed');
  });

  test('says nothing of whether the subscriber is still there', async () => {
    const known = await reader.read(path(), {});
    const gone = await reader.read(path('nobody'), {});

    expect([gone.status, gone.html]).toEqual([known.status, known.html]);
  });

  test.each(['bounced', 'complained'] as const)('leaves the more telling state of who %s', async (status) => {
    await reader.repositories.subscribers.save(createSubscriber({ id: 'ben', status }));
    await reader.read(path('ben'), {});

    expect((await stored('ben'))?.status).toBe(status);
  });

  test('pauses instead, mails less often instead, and brings back', async () => {
    const paused = await reader.read(path(), { action: 'pause' });
    expect(paused.text).toContain('until Wednesday 4 February 2026');
    expect(await stored('ada')).toMatchObject({ status: 'paused', pausedUntil: '2026-02-04' });

    await reader.read(path(), { action: 'less-often' });
    expect((await stored('ada'))?.subscriptions[0]?.cadence).toBe('weekly');

    await reader.read(path(), { action: 'unsubscribe' });
    await reader.read(path(), { action: 'resubscribe' });
    expect(await stored('ada')).toMatchObject({
      status: 'confirmed',
      consent: { at: NOW, from: '192.0.2.1' },
    });
  });
});

test.each(['manage', 'unsubscribe', 'confirm'] as const)(
  'a link to %s that nobody signed is no link',
  async (purpose) => {
    await reader.repositories.subscribers.save(createSubscriber({ id: 'ada', signUp }));
    const before = await stored('ada');
    const others = (['manage', 'unsubscribe', 'confirm'] as const).filter((one) => one !== purpose);
    const wrong = [...others.map((one) => reader.tokenFor(one, 'ada')), 'x', '1.ada.AAAA'];

    for (const token of wrong) {
      expect((await reader.read(`/${purpose}/${token}`)).status).toBe(404);
      expect((await reader.read(`/${purpose}/${token}`, { action: 'unsubscribe' })).status).toBe(404);
    }
    expect(await stored('ada')).toEqual(before);
  },
);
