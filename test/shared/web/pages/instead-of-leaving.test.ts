import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscriber } from '../../../../shared/domain/subscriber.ts';
import { HONEYPOT } from '../../../../shared/web/pages/honeypot.tsx';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createReader } from './reader.ts';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

const path = () => `/unsubscribe/${reader.tokenFor('unsubscribe', 'ada')}`;
const save = (subscriber: Partial<Subscriber> = {}) =>
  reader.repositories.subscribers.save(createSubscriber({ id: 'ada', ...subscriber }));
const stored = () => reader.repositories.subscribers.load('ada');

describe('somebody who has just left', () => {
  test.each([
    ['pause-instead', { status: 'paused', pausedUntil: '2026-02-04' }, 'until Wednesday 4 February 2026'],
    ['less-often-instead', { status: 'confirmed', subscriptions: [{ cadence: 'weekly' }] }, 'one step less'],
  ])('may have %s, agreeing to the words of the button, in one write', async (action, expected, words) => {
    await save();
    const left = await reader.read(path(), {});
    const [, button = ''] = new RegExp(`value="${action}">([^<]+)<`).exec(left.html) ?? [];
    const version = (await stored())?.version ?? 0;

    const { text } = await reader.read(path(), { action });

    expect(text).toContain(words);
    expect(await stored()).toMatchObject({
      ...expected,
      consent: { from: '192.0.2.1', text: button.trim() },
      version: version + 1,
    });
  });

  test.each(['bounced', 'complained'] as const)('is not mailed again by it who %s', async (status) => {
    await save({ status });

    for (const action of ['resubscribe', 'pause-instead', 'less-often-instead']) {
      const answer = await reader.read(path(), { action });
      expect([answer.status, answer.text]).toEqual([
        409,
        expect.stringContaining('cannot start digests again'),
      ]);
    }

    expect([(await stored())?.status, reader.requested]).toEqual([status, []]);
  });

  test('stays away where there is nothing rarer than what they had', async () => {
    await save({ subscriptions: [createSubscription({ cadence: 'monthly' })] });
    await reader.read(path(), {});

    const { text } = await reader.read(path(), { action: 'less-often-instead' });

    expect([text, (await stored())?.status]).toEqual([
      expect.stringContaining('Nothing was changed'),
      'unsubscribed',
    ]);
  });

  test.each(['resubscribe', 'pause-instead', 'less-often-instead'])(
    'may have %s for minutes; later the owner of the address is asked by mail',
    async (action) => {
      await save({ address: 'demo@readers.example', timeZone: 'Asia/Tokyo', hour: 6 });
      await reader.read(path(), {});
      const left = await stored();
      reader.clock.moveBy(15 * 60_000);

      const { status, text } = await reader.read(path(), { action });

      expect([status, text]).toEqual([200, expect.stringContaining('If d…o@readers.example can be mailed')]);
      expect(text).not.toContain('demo@');
      expect(await stored()).toEqual(left);
      expect(reader.requested).toMatchObject([
        {
          kind: 'sign-up',
          address: 'demo@readers.example',
          signUp: { timeZone: 'Asia/Tokyo', hour: 6, subscriptions: left?.subscriptions },
        },
      ]);
    },
  );

  test.each(['page', 'api', 'import', undefined] as const)(
    'otherwise than by the link (%s) is not brought back by it',
    async (endedBy) => {
      const endedAt = endedBy && reader.clock.now();
      await save({ status: 'unsubscribed', endedAt, endedBy });

      for (const action of ['resubscribe', 'pause-instead', 'less-often-instead'])
        await reader.read(path(), { action });

      expect((await stored())?.status).toBe('unsubscribed');
    },
  );

  test('who is mailed again already keeps the consent that they gave', async () => {
    await save();
    const before = (await stored())?.consent;

    await reader.read(path(), { action: 'pause-instead' });

    expect(await stored()).toMatchObject({ status: 'paused', consent: before });
  });
});

test('a program that fills in what nobody sees gets no link mailed', async () => {
  const { html } = await reader.read('/manage-link');

  const filled = await reader.read('/manage-link', { address: 'ada@example.org', [HONEYPOT]: 'x' });

  expect(html).toMatch(new RegExp(`<p class="aside" aria-hidden="true">[^§]*name="${HONEYPOT}"`));
  expect([filled.status, filled.text]).toEqual([200, expect.stringContaining('Check your mail')]);
  expect(reader.requested).toEqual([]);
});

test('what is wrong with a pause begins like a sentence', async () => {
  await save();
  const manage = `/manage/${reader.tokenFor('manage', 'ada')}`;

  const { html } = await reader.read(manage, { action: 'pause', until: 'soon' });

  expect(html).toContain('>A pause until &quot;soon&quot;: expected a day like 2026-02-01<');
});
