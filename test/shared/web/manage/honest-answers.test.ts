import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { addMs, MS_PER_HOUR, MS_PER_MINUTE } from '../../../../shared/domain/time/time.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createReader } from '../reader.ts';

const SUBSCRIPTION = { lists: 'hf-daily', query: 'agents', cadence: 'weekly', maxPapers: '5' };
const NOTHING_LESS = 'Nothing changed: you get at most one email a month already.';
const NO_MAILS = 'Nothing changed: you get no emails.';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

const save = (subscriber: Partial<Subscriber>) =>
  reader.repositories.subscribers.save(createSubscriber({ id: 'ada', ...subscriber }));
const stored = () => reader.repositories.subscribers.load('ada');
const manage = () => `/manage/${reader.tokenFor('manage', 'ada')}`;
const unsubscribe = () => `/unsubscribe/${reader.tokenFor('unsubscribe', 'ada')}`;
/** Presses a button of the page, and goes where the answer leads. */
const press = async (form: Readonly<Record<string, string>>) => {
  const { status, headers, text } = await reader.read(manage(), form);
  return status === 303 ? (await reader.read(headers.get('location') ?? '')).text : text;
};
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => createSubscription({ id: `s${n + 1}` }));

describe('a button that changed nothing does not claim that it did', () => {
  test.each([
    ['less-often', { subscriptions: [createSubscription({ cadence: 'monthly' })] }, NOTHING_LESS],
    ['less-often', { status: 'unsubscribed' }, NO_MAILS],
    ['less-often', { status: 'bounced' }, NO_MAILS],
    [
      'pause',
      { status: 'unsubscribed' },
      'Nothing changed: you get no emails, so there is nothing to pause.',
    ],
    ['pause', { status: 'paused' }, 'Nothing changed: your emails are already paused.'],
    ['resume', { status: 'confirmed' }, 'Nothing changed: your emails are not paused.'],
    ['resubscribe', { status: 'confirmed' }, 'Nothing changed: you are already subscribed.'],
    ['unsubscribe', { status: 'bounced' }, 'Nothing changed: you already get no emails.'],
  ] as const)('%s of %j', async (action, subscriber, words) => {
    await save(subscriber as Partial<Subscriber>);
    const before = await stored();

    expect(await press({ action })).toContain(words);
    expect(await stored()).toEqual(before);
  });

  test.each([
    [{ status: 'unsubscribed' }, NO_MAILS],
    [{ subscriptions: [createSubscription({ cadence: 'monthly' })] }, NOTHING_LESS],
  ] as const)('fewer mails of %j, on the page of the unsubscribe link', async (subscriber, words) => {
    await save(subscriber as Partial<Subscriber>);

    const { text } = await reader.read(unsubscribe(), { action: 'less-often' });

    expect(text).toContain(words);
  });

  test.each(['pause', 'pause-instead', 'less-often-instead', 'resubscribe'])(
    '%s of a subscriber who is erased meanwhile',
    async (action) => {
      await save({
        status: 'unsubscribed',
        statusChanges: [{ at: reader.clock.now(), status: 'unsubscribed', by: 'link' }],
      });
      const { subscribers } = reader.repositories;
      const load = subscribers.load.bind(subscribers);
      // The change is what loads it last.
      const loadsBefore = action === 'pause' ? 0 : 1;
      let loads = 0;
      subscribers.load = async (id) => {
        loads += 1;
        return loads > loadsBefore ? undefined : load(id);
      };

      const { status, text } = await reader.read(unsubscribe(), { action });

      expect(status).toBe(410);
      expect(text).not.toMatch(/Welcome back|Nothing to pause/);
    },
  );

  test.each([
    ['left by this link two minutes ago', { status: 'unsubscribed', by: 'link', minutesAgo: 2 }, true],
    ['left by this link an hour ago', { status: 'unsubscribed', by: 'link', minutesAgo: 60 }, false],
    ['left on the manage page', { status: 'unsubscribed', by: 'page', minutesAgo: 2 }, false],
    ['marked a mail as spam', { status: 'complained', by: 'complaint', minutesAgo: 2 }, false],
  ] as const)('one click of a reader who %s', async (_, ended, offersUndo) => {
    const at = addMs(reader.clock.now(), -ended.minutesAgo * MS_PER_MINUTE);
    await save({ status: ended.status, statusChanges: [{ at, status: ended.status, by: ended.by }] });

    const { status, text } = await reader.read(unsubscribe(), {});

    expect([status, text]).toEqual([200, expect.stringContaining('We send you no more digests.')]);
    expect(text.includes('Unsubscribed by mistake?')).toBe(offersUndo);
  });

  test.each([
    ['page', true],
    ['link', false],
  ] as const)('the link of an email leads a reader back who left on the %s: %s', async (by, isNeeded) => {
    const change = { status: 'unsubscribed', at: reader.clock.now(), by } as const;
    await save({ status: 'unsubscribed', statusChanges: [change] });

    for (const form of [undefined, {}])
      expect((await reader.read(unsubscribe(), form)).text.includes('To get digests again, get a link')).toBe(
        isNeeded,
      );
  });

  test.each(['bounced', 'complained'] as const)(
    'the link of an email offers nothing to a reader who %s',
    async (status) => {
      await save({ status });

      for (const form of [undefined, {}])
        expect((await reader.read(unsubscribe(), form)).text).not.toContain('To get digests again');
    },
  );

  test('a pause, on the page of the unsubscribe link', async () => {
    await save({ status: 'unsubscribed' });

    const { html } = await reader.read(unsubscribe(), { action: 'pause' });

    expect(html).toContain('<h1>Nothing to pause</h1>');
  });

  test('a subscription beyond the twentieth, which is kept in the form', async () => {
    await save({ subscriptions: many(20) });

    const { status, text, html } = await reader.read(manage(), {
      form: 'new',
      action: 'save',
      version: '1',
      ...SUBSCRIPTION,
    });

    expect([status, text]).toEqual([422, expect.stringContaining('You can have at most 20 subscriptions')]);
    expect(html).toContain('value="agents"');
  });

  test('the only subscription, which is not removed', async () => {
    await save({});

    const text = await press({ form: 's1', action: 'remove', version: '1', ...SUBSCRIPTION });

    expect(text).toContain('You cannot remove your only subscription');
    expect((await stored())?.subscriptions).toHaveLength(1);
  });
});

describe('a change that comes too late', () => {
  test('keeps the input for a subscription that was removed meanwhile, so that it can be added again', async () => {
    await save({ subscriptions: many(2) });
    await press({ form: 's2', action: 'remove', version: '1' });

    const late = await reader.read(manage(), { form: 's2', action: 'save', version: '1', ...SUBSCRIPTION });

    expect([late.status, late.text]).toEqual([
      409,
      expect.stringContaining('was removed after you opened this page'),
    ]);
    expect(late.html).toContain('name="form" value="new"');
    expect(late.html).toContain('value="agents"');
    expect((await stored())?.subscriptions).toHaveLength(1);
  });

  test('keeps the input if there is no room for another subscription', async () => {
    await save({ subscriptions: many(20) });

    const late = await reader.read(manage(), { form: 'new', action: 'save', version: '0', ...SUBSCRIPTION });

    expect(late.status).toBe(409);
    expect(late.html).toContain('value="agents"');
  });

  test('succeeds if the subscription is already removed', async () => {
    await save({ subscriptions: many(2) });
    await press({ form: 's2', action: 'remove', version: '1' });

    expect(await press({ form: 's2', action: 'remove', version: '1' })).toContain('Subscription removed.');
  });

  test('by a button that was pressed twice takes one step', async () => {
    await save({ subscriptions: [createSubscription({ cadence: 'instant' })] });
    const { html } = await reader.read(manage());
    const version = /name="version" value="(\d+)"[^§]*?value="less-often"/.exec(html)?.[1] ?? '';

    await reader.read(manage(), { action: 'less-often', version });
    const again = await reader.read(manage(), { action: 'less-often', version });

    expect([again.status, again.text]).toEqual([
      409,
      expect.stringContaining('have changed since you opened this page'),
    ]);
    expect((await stored())?.subscriptions[0]?.cadence).toBe('daily');
  });
});

describe('a fault is shown at its field', () => {
  test('for a pause, with the day that was typed', async () => {
    await save({});

    const { status, html } = await reader.read(manage(), { action: 'pause', until: '2099-01-01' });

    expect(status).toBe(422);
    expect(html).toContain('href="#until"');
    expect(html).toMatch(/<input id="until"[^>]*aria-invalid="true"[^>]*value="2099-01-01"/);
  });

  test('for erasing without the tick', async () => {
    await save({});

    const { status, html } = await reader.read(`/your-data/${reader.tokenFor('data', 'ada')}`, {
      action: 'erase',
    });

    expect(status).toBe(422);
    expect(html).toContain('href="#sure"');
    expect(html).toMatch(/<input id="sure"[^>]*aria-invalid="true"/);
  });
});

test('the first day of a pause is tomorrow in the time zone of the subscriber', async () => {
  await save({ timeZone: 'Pacific/Kiritimati' });
  // Noon in UTC is two in the morning of the next day there.
  reader.clock.moveBy(4 * MS_PER_HOUR);

  expect((await reader.read(manage())).html).toContain('min="2026-01-07"');
});

test.each([
  ['manage', manage],
  ['unsubscribe', unsubscribe],
])('subscribing again on the page to %s stores the words of the button', async (_, path) => {
  await save({});
  await reader.read(path(), { action: 'unsubscribe' });

  await reader.read(path(), { action: 'resubscribe' });

  const words = (await stored())?.consent.text ?? 'none';
  await reader.read(path(), { action: 'unsubscribe' });
  const shown = path === manage ? await reader.read(path()) : await reader.read(path(), {});
  expect(shown.html).toMatch(new RegExp(`value="resubscribe">\\s*${words}\\s*</button>`));
});

test('an expired link to confirm leads to a new sign-up, because no other mail has a link', async () => {
  await save({ status: 'unconfirmed' });
  const old = `/confirm/${reader.tokenFor('confirm', 'ada')}`;
  reader.clock.moveBy(49 * MS_PER_HOUR);

  const { status, html } = await reader.read(old);

  expect([status, html]).toEqual([404, expect.stringContaining('<a href="/sign-up">Sign up again</a>')]);
  expect(html.split('<footer>')[0]).not.toContain('/manage-link');
});

test('the privacy page says how long the profile of a subscriber who left is kept, and what stays', async () => {
  const { text } = await reader.read('/privacy');

  expect(text.replaceAll(/\s+/g, ' ')).toContain('we delete them 365 days later');
  expect(text.replaceAll(/\s+/g, ' ')).toContain('It holds no address');
  expect(text).toContain('If emails to you come back for a passing reason, such as a full mailbox');
});
