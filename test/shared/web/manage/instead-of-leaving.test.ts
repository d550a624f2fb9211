import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { createWebApp } from '../../../../shared/web/app.tsx';
import { HONEYPOT } from '../../../../shared/web/parts/bot-checks.tsx';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createReader } from '../reader.ts';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

const path = () => `/unsubscribe/${reader.tokenFor('unsubscribe', 'ada')}`;
const save = (subscriber: Partial<Subscriber> = {}) =>
  reader.repositories.subscribers.save(createSubscriber({ id: 'ada', ...subscriber }));
const stored = () => reader.repositories.subscribers.load('ada');

describe('a subscriber who has just left', () => {
  test.each([
    [
      'pause-instead',
      { status: 'paused', pausedUntil: '2026-02-04' },
      'start again on Wednesday 4 February 2026',
    ],
    ['less-often-instead', { status: 'confirmed', subscriptions: [{ cadence: 'weekly' }] }, 'less often'],
  ])('may have %s, agreeing to the words of the button, in one write', async (action, expected, words) => {
    await save();
    const left = await reader.read(path(), {});
    const [, button = ''] = new RegExp(`value="${action}">([^<]+)<`).exec(left.html) ?? [];
    const version = (await stored())?.version ?? 0;

    const { text } = await reader.read(path(), { action });

    expect(text).toContain(words);
    expect(text).toContain('To change this, get a link to your subscriptions.');
    expect(await stored()).toMatchObject({
      ...expected,
      consent: { from: '192.0.2.1', text: button.trim() },
      version: version + 1,
    });
  });

  test.each([
    ['less-often', undefined],
    ['less-often-instead', {}],
  ])('gets mails one step less often by %s, also if the button is pressed twice', async (action, leave) => {
    await save({ subscriptions: [createSubscription({ cadence: 'daily' })] });
    const { html } = await reader.read(path(), leave);
    const [, version = ''] =
      new RegExp(`name="version" value="(\\d+)"[^§]*?value="${action}"`).exec(html) ?? [];

    const pressed = [];
    for (let press = 1; press <= 2; press += 1) pressed.push(await reader.read(path(), { action, version }));

    expect(pressed.map(({ text }) => text)).toEqual([
      expect.stringContaining('You now get emails less often.'),
      expect.stringContaining('have changed since you opened this page, so this button changed nothing'),
    ]);
    expect(await stored()).toMatchObject({ status: 'confirmed', subscriptions: [{ cadence: 'weekly' }] });
  });

  test('stays unsubscribed if there is no less frequent cadence', async () => {
    await save({ subscriptions: [createSubscription({ cadence: 'monthly' })] });
    await reader.read(path(), {});

    const { text } = await reader.read(path(), { action: 'less-often-instead' });

    expect([text, (await stored())?.status]).toEqual([
      expect.stringContaining('Nothing changed'),
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

      expect([status, text]).toEqual([
        200,
        expect.stringContaining('If we can send email to d…o@readers.example'),
      ]);
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
    'does not come back by the link after leaving in another way: %s',
    async (by) => {
      const change = { status: 'unsubscribed', at: reader.clock.now() } as const;
      await save({ status: 'unsubscribed', statusChanges: by ? [{ ...change, by }] : [] });

      for (const action of ['resubscribe', 'pause-instead', 'less-often-instead'])
        await reader.read(path(), { action });

      expect((await stored())?.status).toBe('unsubscribed');
    },
  );

  test.each(['resubscribe', 'pause-instead', 'less-often-instead'])(
    'does not come back by the link (%s) after leaving on the page at the same moment',
    async (action) => {
      await save();
      await reader.read(path(), {});
      const { subscribers } = reader.repositories;
      let leaves = true;
      const load: typeof subscribers.load = async (id) => {
        const known = await subscribers.load(id);
        const change = { status: 'unsubscribed', at: reader.clock.now(), by: 'page' } as const;
        if (known && leaves) await subscribers.save({ ...known, statusChanges: [change] });
        leaves = false;
        return known;
      };
      const app = createWebApp({ ...reader.ports, subscribers: { ...subscribers, load } });

      await app.request(path(), { method: 'POST', body: new URLSearchParams({ action }) });

      expect(leaves).toBe(false);
      expect((await stored())?.status).toBe('unsubscribed');
    },
  );

  test('keeps the consent after subscribing again', async () => {
    await save();
    const before = (await stored())?.consent;

    await reader.read(path(), { action: 'pause-instead' });

    expect(await stored()).toMatchObject({ status: 'paused', consent: before });
  });
});

describe('a pause that is longer than 30 days', () => {
  test.each([
    ['2026-06-01', 'They start again on Monday 1 June 2026.'],
    [undefined, 'Your digests are paused until you resume them.'],
  ])('until %s is not shortened by the link in an email, whose page says so', async (pausedUntil, words) => {
    const paused = await save({ status: 'paused', pausedUntil });

    const page = await reader.read(path());
    const pressed = await reader.read(path(), { action: 'pause' });

    expect(page.text).toContain(words);
    expect(page.html).not.toContain('value="pause"');
    expect(pressed.text).toContain(words);
    expect(await stored()).toEqual(paused);
  });

  test('is offered to a reader whose pause is shorter', async () => {
    await save({ status: 'paused', pausedUntil: '2026-01-10' });

    const page = await reader.read(path());
    await reader.read(path(), { action: 'pause' });

    expect(page.text).toContain('They start again on Saturday 10 January 2026.');
    expect(page.html).toContain('value="pause"');
    expect(await stored()).toMatchObject({ status: 'paused', pausedUntil: '2026-02-04' });
  });
});

describe.each(['2026-06-01', undefined])(
  'a subscriber who paused until %s and has just left',
  (pausedUntil) => {
    const pause = { status: 'paused', pausedUntil } as const;

    test.each([
      ['resubscribe', 'Your digests are paused'],
      ['pause-instead', 'Your digests are paused'],
      ['less-often-instead', 'less often'],
    ])('is paused as before after %s', async (action, words) => {
      await save({ ...pause, statusChanges: [{ status: 'paused', at: reader.clock.now(), by: 'page' }] });
      await reader.read(path(), {});

      const { text } = await reader.read(path(), { action });

      expect(text).toContain(words);
      expect(await stored()).toMatchObject(pause);
    });

    test('gets emails again after subscribing again on the manage page', async () => {
      await save({ ...pause, statusChanges: [{ status: 'paused', at: reader.clock.now(), by: 'page' }] });
      await reader.read(path(), {});

      await reader.read(`/manage/${reader.tokenFor('manage', 'ada')}`, { action: 'resubscribe' });

      expect(await stored()).toMatchObject({ status: 'confirmed' });
      expect(await stored()).not.toHaveProperty('pausedUntil', expect.anything());
    });
  },
);

describe.each([
  ['manage', ['resubscribe']],
  ['unsubscribe', ['resubscribe', 'pause-instead', 'less-often-instead']],
] as const)('a link to %s', (purpose, actions) => {
  const link = () => `/${purpose}/${reader.tokenFor(purpose, 'ada')}`;

  test('starts no digests after a bounce: a mail asks the owner of the address to confirm', async () => {
    const bounced = await save({ status: 'bounced' });

    for (const action of actions) {
      const answer = await reader.read(link(), { action });
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('Check your email')]);
    }

    expect(await stored()).toEqual(bounced);
    const request = { kind: 'sign-up', address: 'ada@example.org', isByLink: true };
    expect(reader.requested).toMatchObject(actions.map(() => request));
  });

  test('starts no digests after a complaint, and mails nothing', async () => {
    const complained = await save({ status: 'complained' });

    for (const action of actions) {
      const answer = await reader.read(link(), { action });
      expect([answer.status, answer.text]).toEqual([
        409,
        expect.stringMatching(/get digests again, write to \S+@/),
      ]);
    }

    expect(await stored()).toEqual(complained);
    expect(reader.requested).toEqual([]);
  });
});

test('the page of a subscriber who complained has no button that cannot work', async () => {
  await save({ status: 'complained' });

  const { html, text } = await reader.read(`/manage/${reader.tokenFor('manage', 'ada')}`);

  expect(html).not.toContain('value="resubscribe"');
  expect(text).toContain('An email was marked as spam. To get digests again, write to');
});

test('mails no link to a bot that fills in the hidden field', async () => {
  const { html } = await reader.read('/manage-link');

  const filled = await reader.read('/manage-link', { address: 'ada@example.org', [HONEYPOT]: 'x' });

  expect(html).toMatch(new RegExp(`<p class="aside" aria-hidden="true">[^§]*name="${HONEYPOT}"`));
  expect([filled.status, filled.text]).toEqual([200, expect.stringContaining('Check your email')]);
  expect(reader.requested).toEqual([]);
});

describe('the page of a paused subscriber', () => {
  const manage = () => `/manage/${reader.tokenFor('manage', 'ada')}`;

  test.each([
    ['2026-02-01', 'value="2026-02-01"'],
    [undefined, 'max="2027-01-06"/>'],
  ])('changes the end of a pause until %s', async (pausedUntil, shown) => {
    await save({ status: 'paused', pausedUntil });

    const { html, text } = await reader.read(manage());
    await reader.read(manage(), { action: 'pause', until: '2026-03-01' });

    expect(html).toMatch(new RegExp(`<input id="until"[^>]*${shown}`));
    expect(text).toContain('Resume now');
    expect(await stored()).toMatchObject({ status: 'paused', pausedUntil: '2026-03-01' });
  });

  test.each([
    ['2026-02-01', 'When your pause ends on Sunday 1 February 2026, emails come less often.'],
    [undefined, 'When you resume, emails come less often.'],
    ['2026-01-05', 'You now get emails less often.'],
  ])('says from when emails come less often after a pause until %s', async (pausedUntil, words) => {
    const { version } = await save({ status: 'paused', pausedUntil });
    await reader.read(manage(), { action: 'less-often', version: `${version}` });

    expect((await reader.read(`${manage()}?done=less-often`)).text).toContain(words);
    expect((await reader.read(path(), { action: 'less-often' })).text).toContain(words);
  });

  test('does not show the end of a pause that is over', async () => {
    await save({ status: 'paused', pausedUntil: '2026-01-05' });

    expect((await reader.read(manage())).html).not.toContain('value="2026-01-05"');
  });
});

test('shows the first and the last day of a pause', async () => {
  await save();
  const manage = `/manage/${reader.tokenFor('manage', 'ada')}`;

  const { html } = await reader.read(manage, { action: 'pause', until: 'soon' });

  expect(html).toContain('>Choose a day from Tuesday 6 January 2026 to Wednesday 6 January 2027.<');
});
