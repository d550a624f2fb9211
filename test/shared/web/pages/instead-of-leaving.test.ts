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

    await reader.read(path(), { action: 'pause-instead' });
    await reader.read(path(), { action: 'less-often-instead' });

    expect((await stored())?.status).toBe(status);
  });

  test('stays away where there is nothing rarer than what they had', async () => {
    await save({ status: 'unsubscribed', subscriptions: [createSubscription({ cadence: 'monthly' })] });

    const { text } = await reader.read(path(), { action: 'less-often-instead' });

    expect([text, (await stored())?.status]).toEqual([
      expect.stringContaining('Nothing was changed'),
      'unsubscribed',
    ]);
  });

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
