import { beforeEach, describe, expect, test } from '@jest/globals';
import { UnavailableError } from '../../../../shared/domain/errors.ts';
import type { SignUp } from '../../../../shared/domain/subscribers/subscriber.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { formOf } from '../form-of.ts';
import { createReader } from '../reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const signUp: SignUp = {
  at: NOW,
  from: '192.0.2.7',
  text: 'Send me digests.',
  timeZone: 'Asia/Tokyo',
  hour: 6,
  subscriptions: [createSubscription({ query: 'agents', cadence: 'weekly' })],
};

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

const stored = (id: string) => reader.repositories.subscribers.load(id);

describe('the link of a mail that asks to confirm', () => {
  const path = () => `/confirm/${reader.tokenFor('confirm', 'ada', signUp.at)}`;

  beforeEach(async () => {
    await reader.repositories.subscribers.save(
      createSubscriber({ id: 'ada', status: 'unconfirmed', signUp }),
    );
  });

  const signUpAgain = async (again: Partial<SignUp>, later = 3_600_000) => {
    reader.clock.moveBy(later);
    const known = await stored('ada');
    if (!known) throw new Error('nobody signed up');
    await reader.repositories.subscribers.save({
      ...known,
      signUp: { ...signUp, ...again, at: reader.clock.now() },
    });
  };

  test('shows the choices of the sign-up in a form, and changes nothing', async () => {
    const before = await stored('ada');

    const { status, html, text } = await reader.read(path());

    expect(status).toBe(200);
    expect(text).toContain('ada@example.org');
    expect(formOf(html)).toEqual({
      lists: 'hf-daily',
      query: 'agents',
      cadence: 'weekly',
      maxPapers: '10',
      sort: 'trending',
      timeZone: 'Asia/Tokyo',
      hour: '6',
      weekday: '1',
      format: 'html',
    });
    expect(await stored('ada')).toEqual(before);
  });

  test('says what may be wrong with the query, before and after it is confirmed', async () => {
    await signUpAgain({ subscriptions: [createSubscription({ query: 'models*' })] }, 0);
    const advice = 'models* does not find “models”. Write model*.';

    const { html, text } = await reader.read(path());
    expect(text.slice(0, text.indexOf('Change your choices first'))).toContain(advice);
    expect((await reader.read(path(), formOf(html))).text).toContain(advice);
  });

  test('says the choices in the words of the mail, and opens their form once the reader typed something', async () => {
    const untouched = await reader.read(path());
    const refused = await reader.read(path(), { ...formOf(untouched.html), hour: '24' });

    const choices = 'Hugging Face Daily Papers, matching “agents”, every Monday at 06:00 (Asia/Tokyo)';
    expect(untouched.text).toContain(choices);
    expect(untouched.html).toMatch(/<details class="choices"><summary>Change your choices first/);
    expect(refused.text).not.toContain(choices);
    expect(refused.html).toMatch(/<details class="choices" open=""><summary>/);
  });

  test('stores the choices that the reader changed in the form', async () => {
    const form = formOf((await reader.read(path())).html);
    const typed = { ...form, query: 'mine', cadence: 'daily', timeZone: 'Europe/Berlin', hour: '9' };

    const { html, text } = await reader.read(path(), typed);

    expect(text).toContain('You are subscribed');
    expect(html).toContain('href="/search?q=mine&amp;sort=date&amp;list=hf-daily&amp;verbatim=1"');
    // In Berlin it is nine when the reader confirms at 08:00 UTC: the next delivery is tomorrow.
    expect(text).toContain('first digest comes on Tuesday 6 January 2026 at 09:00 (Europe/Berlin)');
    expect(await stored('ada')).toMatchObject({
      status: 'confirmed',
      timeZone: 'Europe/Berlin',
      hour: 9,
      subscriptions: [{ id: 's1', query: 'mine', cadence: 'daily', maxPapers: 10, sort: 'trending' }],
    });
  });

  test.each([
    ['Monday 5 January 2026 at 18:00', '2026-01-04'],
    ['Tuesday 6 January 2026 at 18:00', '2026-01-05'],
  ])('promises the first digest on %s if that of %s is sent or skipped already', async (first, period) => {
    await reader.repositories.deliveries.recordSkip(
      { subscriberId: 'ada', cadence: 'daily', period },
      { cadence: 'daily', period, cohort: 'daily#Europe/Berlin#08', batch: 0 },
      { state: 'skipped', reason: 'nothing-new' },
      NOW,
    );
    const form = formOf((await reader.read(path())).html);

    const { text } = await reader.read(path(), {
      ...form,
      cadence: 'daily',
      timeZone: 'Europe/Berlin',
      hour: '18',
    });

    expect(text).toContain(`Your first digest comes on ${first} (Europe/Berlin), if papers match.`);
  });

  test.each([
    ['Your digests are paused.', '2026-01-06'],
    ['Your first digest comes on Tuesday 6 January 2026 at 08:00', '2026-01-05'],
  ])('says “%s” on an old link if the pause ends on %s', async (words, pausedUntil) => {
    await reader.repositories.subscribers.save(
      createSubscriber({ id: 'bob', status: 'paused', pausedUntil }),
    );

    const { text } = await reader.read(`/confirm/${reader.tokenFor('confirm', 'bob', signUp.at)}`);

    expect(text).toContain(words);
  });

  test('subscribes the reader, and promises no day, while the ledger cannot be read', async () => {
    const history = {
      ...reader.ports.history,
      loadRecorded: () => Promise.reject(new UnavailableError('out')),
    };
    const without = createReader({ ...reader, ports: { ...reader.ports, history } });

    const { status, text } = await without.read(path(), {});

    expect([status, text]).toEqual([200, expect.stringContaining('You are subscribed')]);
    expect(text).toContain(
      'Your first digest comes at your next delivery time, at 06:00 (Asia/Tokyo), if papers match.',
    );
    expect((await stored('ada'))?.status).toBe('confirmed');
  });

  test.each([
    ['query', '"open', 'This quotation mark is never closed.'],
    ['timeZone', 'Mars/Olympus', 'Choose a time zone from the list'],
    ['hour', '24', 'Choose an hour from 00:00 to 23:00.'],
    ['lists', 'arxiv/evil', 'Choose at least one list.'],
  ])(
    'says what is wrong with the %s, keeps what was typed, and subscribes nobody',
    async (field, typed, fault) => {
      const form = formOf((await reader.read(path())).html);

      const { status, text, html } = await reader.read(path(), { ...form, maxPapers: '7', [field]: typed });

      expect([status, text]).toEqual([422, expect.stringContaining(fault)]);
      expect(html).toContain('value="7"');
      expect((await stored('ada'))?.status).toBe('unconfirmed');
    },
  );

  test('shows the newest sign-up, and says that it came after the mail', async () => {
    const old = path();
    await signUpAgain({ timeZone: 'UTC', subscriptions: [createSubscription({ query: 'newest' })] });

    const { html, text } = await reader.read(old);

    expect(text).toContain('signed up this address again after we sent you this link');
    expect(formOf(html)).toMatchObject({ query: 'newest', timeZone: 'UTC' });
    await reader.read(old, formOf(html));
    expect(await stored('ada')).toMatchObject({ status: 'confirmed', subscriptions: [{ query: 'newest' }] });
  });

  test('stores what the reader saw, even if another sign-up arrives before the button is pressed', async () => {
    const form = formOf((await reader.read(path())).html);
    const old = path();
    await signUpAgain({ subscriptions: [createSubscription({ query: 'of a stranger' })] });

    await reader.read(old, form);

    expect(await stored('ada')).toMatchObject({ status: 'confirmed', subscriptions: [{ query: 'agents' }] });
  });

  test('confirms further subscriptions of an import as the page shows them', async () => {
    const known = await stored('ada');
    const subscriptions = ['one', 'two'].map((query, n) => createSubscription({ id: `s${n + 1}`, query }));
    if (known) await reader.repositories.subscribers.save({ ...known, signUp: { ...signUp, subscriptions } });

    const { html, text } = await reader.read(path());
    await reader.read(path(), formOf(html));

    expect(text).toContain('that match two');
    expect((await stored('ada'))?.subscriptions).toEqual(subscriptions);
  });

  test.each(['', '[]', '{', '[{}]', '2026-01-05T08:00:00.001Z'])(
    'drops no further subscription without a word when its field holds %j',
    async (further) => {
      const known = await stored('ada');
      const subscriptions = ['one', 'two'].map((query, n) => createSubscription({ id: `s${n + 1}`, query }));
      if (known)
        await reader.repositories.subscribers.save({ ...known, signUp: { ...signUp, subscriptions } });
      const form = formOf((await reader.read(path())).html);

      const { status, html, text } = await reader.read(path(), { ...form, further });

      expect([status, text]).toEqual([409, expect.stringContaining('that match two')]);
      expect((await stored('ada'))?.status).toBe('unconfirmed');
      await reader.read(path(), formOf(html));
      expect((await stored('ada'))?.subscriptions).toEqual(subscriptions);
    },
  );

  test('shows the form again if its further subscriptions were replaced', async () => {
    const known = await stored('ada');
    const subscriptions = ['one', 'two'].map((query, n) => createSubscription({ id: `s${n + 1}`, query }));
    if (known) await reader.repositories.subscribers.save({ ...known, signUp: { ...signUp, subscriptions } });
    const mailed = path();
    const form = formOf((await reader.read(mailed)).html);
    await signUpAgain({ subscriptions: [createSubscription({ query: 'of a stranger' })] });

    const { status, text } = await reader.read(mailed, form);

    expect([status, text]).toEqual([
      409,
      expect.stringContaining('signed up this address again after we sent you this link'),
    ]);
    expect((await stored('ada'))?.status).toBe('unconfirmed');
  });

  test('keeps further subscriptions while the reader corrects a mistake', async () => {
    const known = await stored('ada');
    const subscriptions = ['one', 'two'].map((query, n) => createSubscription({ id: `s${n + 1}`, query }));
    if (known) await reader.repositories.subscribers.save({ ...known, signUp: { ...signUp, subscriptions } });
    const form = formOf((await reader.read(path())).html);

    const { html, text } = await reader.read(path(), { ...form, hour: '24' });
    await reader.read(path(), { ...formOf(html), hour: '6' });

    expect(text).toContain('that match two');
    expect((await stored('ada'))?.subscriptions).toEqual(subscriptions);
  });

  test('adds no list beyond those that a profile may follow', async () => {
    const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const lists = Array.from(
      { length: 100 },
      (_, n) => `arxiv/cs.${LETTERS[n % 26]}${LETTERS[Math.floor(n / 26)]}`,
    );
    const subscriptions = [lists.slice(0, 50), lists.slice(50)].map((some, n) =>
      createSubscription({ id: `s${n + 1}`, lists: some }),
    );
    reader = createReader(createFakeWeb({ lists: [...lists, 'hf-daily'] }));
    await reader.repositories.subscribers.save(
      createSubscriber({ id: 'ada', status: 'unconfirmed', signUp: { ...signUp, subscriptions } }),
    );
    const form = formOf((await reader.read(path())).html);

    const { status, text } = await reader.read(path(), {
      ...form,
      lists: ['hf-daily', ...lists.slice(0, 50)],
    });

    expect([status, text]).toEqual([422, expect.stringContaining('at most 100 lists')]);
  });

  test('subscribes when its button is pressed once or more', async () => {
    const first = await reader.read(path(), {});
    const second = await reader.read(path(), {});
    const later = await reader.read(path());

    for (const { status, text } of [first, second, later])
      expect([status, text]).toEqual([200, expect.stringContaining('You are subscribed')]);
    expect(await stored('ada')).toMatchObject({
      status: 'confirmed',
      timeZone: 'Asia/Tokyo',
      hour: 6,
      version: 2,
      consent: { at: NOW, from: '192.0.2.1', text: 'Send me digests.', requestedFrom: '192.0.2.7' },
    });
    const manage = /href="(\/manage\/[^"]+)"/.exec(first.html)?.[1] ?? '';
    expect((await reader.read(manage)).status).toBe(200);
  });

  test('does not subscribe to a sign-up that arrived after the mail, if the form has no choices', async () => {
    const old = path();
    await signUpAgain({ timeZone: 'UTC' });

    const { status, text } = await reader.read(old, {});

    expect([status, text]).toEqual([
      409,
      expect.stringContaining('signed up this address again after we sent you this link'),
    ]);
    expect((await stored('ada'))?.status).toBe('unconfirmed');
  });

  test.each([1, 1_000, 45_000])(
    'does not subscribe by a bare button to a sign-up made %d ms after that of the mail',
    async (later) => {
      const stranger = [createSubscription({ query: 'of a stranger' })];
      await signUpAgain({ subscriptions: stranger }, later);
      // The mail is made after the stranger's sign-up, which is handled after the mail.
      const mailed = path();

      const { status, text } = await reader.read(mailed, {});

      expect([status, text]).toEqual([
        409,
        expect.stringContaining('signed up this address again after we sent you this link'),
      ]);
      expect((await reader.read(mailed)).text).toContain(
        'signed up this address again after we sent you this link',
      );
      expect((await stored('ada'))?.status).toBe('unconfirmed');
    },
  );

  test('expires after 48 hours', async () => {
    const old = path();
    reader.clock.moveBy(48 * 3_600_000);

    expect((await reader.read(old)).status).toBe(404);
    expect((await reader.read(old, {})).status).toBe(404);
    expect((await stored('ada'))?.status).toBe('unconfirmed');
  });

  test('says that there is nothing left to confirm', async () => {
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

  test('shows a button, and changes nothing', async () => {
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
  ])('unsubscribes by one click with a body that is %s, once or more', async (_, toInit) => {
    for (let n = 0; n < 2; n += 1) {
      const answer = await reader.app.request(path(), { method: 'POST', ...toInit() });
      expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    }
    expect((await stored('ada'))?.status).toBe('unsubscribed');
  });

  test('does not reveal whether the subscriber still exists', async () => {
    const known = await reader.read(path(), {});
    const gone = await reader.read(path('nobody'), {});

    expect([gone.status, gone.html]).toEqual([known.status, known.html]);
  });

  test.each(['bounced', 'complained'] as const)(
    'keeps the more serious status of a subscriber who %s',
    async (status) => {
      await reader.repositories.subscribers.save(createSubscriber({ id: 'ben', status }));
      await reader.read(path('ben'), {});

      expect((await stored('ben'))?.status).toBe(status);
    },
  );

  test('can pause or mail less often instead, and subscribe again', async () => {
    const paused = await reader.read(path(), { action: 'pause' });
    expect(paused.text).toContain('start again on Wednesday 4 February 2026');
    expect(await stored('ada')).toMatchObject({ status: 'paused', pausedUntil: '2026-02-04' });

    await reader.read(path(), { action: 'less-often' });
    expect((await stored('ada'))?.subscriptions[0]?.cadence).toBe('weekly');

    await reader.read(path(), { action: 'unsubscribe' });
    await reader.read(path(), { action: 'resubscribe' });
    expect(await stored('ada')).toMatchObject({
      status: 'paused',
      pausedUntil: '2026-02-04',
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
