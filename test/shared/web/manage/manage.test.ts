import { beforeEach, describe, expect, test } from '@jest/globals';
import { UnavailableError } from '../../../../shared/domain/errors.ts';
import { localDayOf, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { hourlyLimitsSchema } from '../../../../shared/subscribers/web-budgets.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { createReader } from '../reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const SUBSCRIPTION = { lists: 'hf-daily', query: 'agents', cadence: 'weekly', maxPapers: '5' };

let reader: ReturnType<typeof createReader>;
let path: string;

beforeEach(async () => {
  reader = createReader();
  path = `/manage/${reader.tokenFor('manage', 'ada')}`;
  await reader.repositories.subscribers.save(createSubscriber({ id: 'ada' }));
});

const stored = () => reader.repositories.subscribers.load('ada');
const send = (form: Readonly<Record<string, string | readonly string[]>>) => reader.read(path, form);
/** Sends the form that is open, at the version that is shown. */
const submit = async (form: string, action: string, typed: Readonly<Record<string, string>> = {}) =>
  send({ form, action, version: `${(await stored())?.version}`, ...typed });

describe('the page of a subscriber', () => {
  test('shows what they get, when, and how to change it', async () => {
    const { text } = await reader.read(path);

    expect(text).toContain('ada@example.org is subscribed.');
    expect(text).toContain('Change address');
    expect(text).toContain('Emails arrive at 08:00 (Europe/Berlin) as HTML.');
    expect(text).toContain('All papers from Hugging Face Daily Papers, every day at 08:00 (Europe/Berlin)');
  });

  test('says what may be wrong with a query after it is saved', async () => {
    await submit('new', 'save', { ...SUBSCRIPTION, query: 'agents OR models* x' });

    const { text } = await reader.read(`${path}?done=added`);

    expect(text).toContain('Subscription added.');
    expect(text).toContain('We read this as: agents OR (models* x)');
    expect(text).toContain('models* does not find “models”. Write model*.');
  });

  test('says why no subscription can be added', async () => {
    const subscriber = await stored();
    const subscriptions = Array.from({ length: 20 }, (_, n) => createSubscription({ id: `s${n}` }));
    if (subscriber) await reader.repositories.subscribers.save({ ...subscriber, subscriptions });

    const { text } = await reader.read(path);

    expect(text).not.toContain('Add a subscription');
    expect(text).toContain('You have 20 subscriptions, which is the most. Remove one to add another.');
  });

  test.each(['paused', 'unsubscribed', 'bounced', 'complained'] as const)(
    'does not say that mails arrive if they are %s',
    async (status) => {
      const subscriber = await stored();
      if (subscriber) await reader.repositories.subscribers.save({ ...subscriber, status });

      const { text } = await reader.read(path);

      expect(text).not.toContain('Emails arrive');
      expect(text).toContain('When you get emails, they arrive at 08:00 (Europe/Berlin) as HTML.');
    },
  );

  // It is Monday, nine in Berlin.
  test.each([
    [
      { hour: 8 },
      'Emails arrive at 08:00 (Europe/Berlin) as HTML. The next one comes on Tuesday 6 January, if',
    ],
    [
      { hour: 18 },
      'Emails arrive at 18:00 (Europe/Berlin) as HTML. The next one comes on Monday 5 January, if',
    ],
    [
      { subscriptions: [createSubscription({ cadence: 'monthly' })] },
      'comes on Sunday 1 February, if papers',
    ],
    [{ subscriptions: [createSubscription({ cadence: 'instant' })] }, 'comes as soon as new papers match.'],
    [{ status: 'paused' as const }, undefined],
    [{ timeZone: 'IST' }, undefined],
  ])('says when the next digest comes to %j', async (fields, words) => {
    const subscriber = await stored();
    if (subscriber) await reader.repositories.subscribers.save({ ...subscriber, ...fields });

    const { text } = await reader.read(`${path}?done=saved`);

    if (words === undefined) expect(text).not.toContain('The next one');
    else expect(text).toContain(words);
  });

  test.each([
    ['daily', '2026-01-05', 'Tuesday 6 January'],
    ['weekly', '2026-W02', 'Monday 12 January'],
    ['daily', '2026-01-04', 'Monday 5 January'],
  ] as const)(
    'does not promise a %s digest again if that of %s is sent or skipped, but one on %s',
    async (cadence, period, day) => {
      const subscriber = await stored();
      const subscriptions = [createSubscription({ cadence })];
      if (subscriber)
        await reader.repositories.subscribers.save({ ...subscriber, hour: 18, weekday: 1, subscriptions });
      await reader.repositories.deliveries.recordSkip(
        { subscriberId: 'ada', cadence, period },
        { cadence, period, cohort: `${cadence}#Europe/Berlin#08`, batch: 0 },
        { state: 'skipped', reason: 'nothing-new' },
        NOW,
      );

      expect((await reader.read(path)).text).toContain(`The next one comes on ${day}, if papers match.`);
    },
  );

  test('does not promise the digest of tomorrow if it came before the reader moved west', async () => {
    reader.clock.moveBy(15.5 * MS_PER_HOUR);
    const period = localDayOf(reader.clock.now(), 'Asia/Tokyo');
    const key = { subscriberId: 'ada', cadence: 'daily', period } as const;
    const origin = { cadence: 'daily', period, cohort: 'daily#Asia/Tokyo#08', batch: 0 } as const;
    await reader.repositories.deliveries.claim(key, origin, [], reader.clock.now());

    await submit('delivery', 'save', {
      timeZone: 'America/New_York',
      hour: '8',
      weekday: '1',
      format: 'html',
    });

    expect(period).toBe('2026-01-06');
    expect((await reader.read(path)).text).toContain(
      'The next one comes on Wednesday 7 January, if papers match.',
    );
  });

  test('says nothing of the next digest while the ledger cannot be read, and still lets the reader leave', async () => {
    const web = createFakeWeb();
    const history = { ...web.ports.history, loadRecorded: () => Promise.reject(new UnavailableError('out')) };
    const without = createReader({ ...web, ports: { ...web.ports, history } });
    await web.repositories.subscribers.save(createSubscriber({ id: 'ada' }));

    const { status, text } = await without.read(`/manage/${web.tokenFor('manage', 'ada')}`);

    expect(status).toBe(200);
    expect(text).toContain('is subscribed');
    expect(text).not.toContain('The next one');
  });

  test('names no hour if all mails are instant', async () => {
    await submit('s1', 'save', { ...SUBSCRIPTION, cadence: 'instant' });

    const { text } = await reader.read(path);

    expect(text).toContain('Emails arrive as HTML.');
  });

  test('changes when mails come, and sends the reader back so that reloading repeats nothing', async () => {
    const { status, headers } = await submit('delivery', 'save', {
      timeZone: 'Asia/Kathmandu',
      hour: '5',
      weekday: '3',
      format: 'text',
    });

    expect([status, headers.get('location')]).toEqual([303, `${path}?done=saved`]);
    expect((await reader.read(`${path}?done=saved`)).text).toContain('Saved.');
    expect(await stored()).toMatchObject({ timeZone: 'Asia/Kathmandu', hour: 5, weekday: 3, format: 'text' });
  });

  test.each([
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['europe/kiev', 'Europe/Kyiv'],
    ['UCT', 'UTC'],
    ['CET', 'CET'],
    ['IST', 'IST'],
  ])('shows the stored zone %s as %s, and does not change it by itself', async (timeZone, shown) => {
    const subscriber = await stored();
    if (subscriber) await reader.repositories.subscribers.save({ ...subscriber, timeZone });

    const { text } = await reader.read(path);
    const { html } = await reader.read(`${path}?edit=delivery`);

    expect(text).toContain(`Emails arrive at 08:00 (${shown}) as HTML.`);
    expect(text).toContain(`every day at 08:00 (${shown})`);
    const [chosen = '', value = shown] =
      /<option(?: value="([^"]*)")? selected="">/.exec(html.slice(html.indexOf('name="timeZone"'))) ?? [];
    expect(html).toContain(`${chosen}${shown.split('/').at(-1)}</option>`);
    expect(value).toBe(timeZone);
    expect(html.split(`>${shown.split('/').at(-1)}</option>`)).toHaveLength(2);
  });

  test('changes other parts of a profile with a value that is no longer accepted', async () => {
    const subscriber = await stored();
    const subscriptions = [createSubscription({ query: 'agents or robotics' })];
    if (subscriber)
      await reader.repositories.subscribers.save({ ...subscriber, timeZone: 'IST', subscriptions });

    expect((await send({ action: 'pause', until: '' })).status).toBe(303);
    expect(await stored()).toMatchObject({ status: 'paused', timeZone: 'IST', subscriptions });

    const refused = await submit('delivery', 'save', {
      timeZone: 'IST',
      hour: '5',
      weekday: '3',
      format: 'text',
    });
    expect([refused.status, refused.text]).toEqual([
      422,
      expect.stringContaining('Choose a time zone from the list'),
    ]);
  });

  test('adds, changes and removes subscriptions', async () => {
    await submit('new', 'save', SUBSCRIPTION);
    await submit('s1', 'save', { ...SUBSCRIPTION, query: '', maxPapers: '50', sort: 'match' });
    expect((await stored())?.subscriptions).toEqual([
      createSubscription({ cadence: 'weekly', maxPapers: 50, sort: 'match' }),
      createSubscription({ id: 's2', query: 'agents', cadence: 'weekly', maxPapers: 5 }),
    ]);

    await submit('s1', 'save', { ...SUBSCRIPTION, tellPicked: 'yes', tellVersions: 'yes' });
    expect((await stored())?.subscriptions[0]).toMatchObject({ tellPicked: true, tellVersions: true });
    const { html, text } = await reader.read(`${path}?edit=s1`);
    expect(text).toContain(
      'or that your keywords name by id A paper named by id counts once it has been on a list here.',
    );
    expect((await reader.read(path)).text).toContain('with news of picked papers and new versions');
    expect(html.match(/name="tell\w+"[^>]*checked/g)).toHaveLength(2);
    await submit('s1', 'save', SUBSCRIPTION);
    expect((await stored())?.subscriptions[0]).not.toHaveProperty('tellPicked', true);

    await submit('s1', 'remove');
    await submit('s2', 'remove');

    expect((await stored())?.subscriptions.map(({ id }) => id)).toEqual(['s2']);
  });

  test.each([
    ['query', '"open', 'Keywords, at character 1: This quotation mark is never closed.'],
    ['maxPapers', '51', 'Enter a number of papers per email from 1 to 50.'],
    ['maxPapers', 'many', 'Enter a number of papers per email from 1 to 50.'],
    ['sort', 'votes', 'Choose how papers are sorted.'],
    ['lists', 'arxiv/cs.CL', 'Choose at least one list.'],
  ])('says what is wrong with %s, keeps what was typed, and saves nothing', async (field, typed, fault) => {
    const before = await stored();

    const { status, text, html } = await submit('s1', 'save', { ...SUBSCRIPTION, [field]: typed });

    expect([status, text]).toEqual([422, expect.stringContaining(fault)]);
    if (field === 'query') expect(html).toContain('value="&quot;open"');
    expect(await stored()).toEqual(before);
  });

  test('does not overwrite a change from another window, and keeps what was typed', async () => {
    await submit('delivery', 'save', { timeZone: 'UTC', hour: '9', weekday: '1', format: 'html' });

    const late = await send({ form: 's1', action: 'save', version: '1', ...SUBSCRIPTION });

    expect([late.status, late.text]).toEqual([
      409,
      expect.stringContaining('have changed since you opened this page'),
    ]);
    expect(late.html).toContain('value="agents"');
    expect(late.text).toContain('Emails arrive at 09:00 (UTC) as HTML.');
    expect((await stored())?.subscriptions).toEqual([createSubscription()]);
  });

  test('shows a preview of a subscription, and saves nothing', async () => {
    for (const id of ['2601.00001', '2601.00002', '2601.00003']) {
      const title = id === '2601.00003' ? 'Vision' : `Agents ${id}`;
      await reader.repositories.papers.save(createFacts({ id, title }), NOW);
      await reader.repositories.listings.save(createListing({ paperId: id }));
    }
    const before = await stored();

    const one = await submit('s1', 'preview', { ...SUBSCRIPTION, maxPapers: '1' });
    const none = await submit('new', 'preview', { ...SUBSCRIPTION, query: 'zebra' });

    expect(one.text).toContain(
      '2 papers from the last 7 days match. The last 30 days had 2 such papers. An email contains the first 1, trending papers first:',
    );
    expect(one.text).toContain('Matches “agents” in the title.');
    expect(one.text).not.toContain('Vision');
    expect(one.html).toContain('<mark>Agents</mark>');
    expect(none.text).not.toContain('the last 7 days');
    expect(none.text).toContain(
      'No paper of the last 30 days matches: try other words, or the start of a word with *',
    );
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['vision zebra', 'try it without zebra. Then 1 paper matches.'],
    ['vision agents robots', 'try vision OR agents OR robots. Then 2 papers match.'],
    ['(vision OR zebra) (agents OR lion) robots', 'try vision OR zebra OR agents OR lion OR robots. Then 2'],
    ['vision agents robots -survey', 'try (vision OR agents OR robots) -survey. Then 2 papers match.'],
    ['vision zebra lion id:2601.00001', 'try (vision OR zebra OR lion) id:2601.00001. Then 1 paper matches.'],
    ['zebra upvotes:>99 has:code', 'try other words, or the start of a word with *, such as diffus*.'],
    ['zebra OR lion', 'try other words, or the start of a word with *, such as diffus*.'],
    ['zebra lion', 'try other words, or the start of a word with *, such as diffus*.'],
    ['vision bytedance', 'try org:bytedance vision. Then 1 paper matches.'],
    ['kaiming he', 'try author:"kaiming he". Then 2 papers match.'],
    ['seed bytedance -survey', 'try org:seed org:bytedance -survey. Then 2 papers match.'],
  ])('hints at what makes %s match papers', async (query, hint) => {
    const names = { authors: ['Kaiming He'], organisation: 'ByteDance Seed' };
    for (const [n, title] of ['Vision', 'Agents'].entries()) {
      const id = `2601.0000${n + 1}`;
      await reader.repositories.papers.save(createFacts({ id, title, abstract: 'None.', ...names }), NOW);
      await reader.repositories.listings.save(createListing({ paperId: id }));
    }

    const { text } = await submit('new', 'preview', { ...SUBSCRIPTION, query });

    expect(text).toContain(`No paper of the last 30 days matches: ${hint}`);
  });

  test('pauses until a day or without an end, and resumes', async () => {
    await send({ action: 'pause', until: '2026-02-01' });
    expect((await reader.read(path)).text).toContain('paused until Sunday 1 February 2026.');
    await send({ action: 'pause', until: '' });
    expect((await reader.read(path)).text).toContain('paused until you resume.');
    await send({ action: 'resume' });

    expect((await stored())?.status).toBe('confirmed');
  });

  test.each(['2026-01-05', '2099-01-01', 'soon'])(
    'refuses a pause until %s, and says what is expected',
    async (until) => {
      const { status, text } = await send({ action: 'pause', until });

      expect([status, text]).toEqual([
        422,
        expect.stringContaining('Choose a day from Tuesday 6 January 2026 to'),
      ]);
      expect((await stored())?.status).toBe('confirmed');
    },
  );

  test('unsubscribes, and subscribes again', async () => {
    await send({ action: 'unsubscribe' });
    const { text } = await reader.read(`${path}?done=unsubscribe`);
    expect(text).toContain('You are unsubscribed. To undo this, choose “Subscribe again” below.');
    expect(text).toContain('is unsubscribed, so you get no emails.');
    await send({ action: 'resubscribe' });

    expect(await stored()).toMatchObject({
      status: 'confirmed',
      consent: { at: NOW, from: '192.0.2.1', text: 'Subscribe again' },
    });
  });

  test('neither exports nor erases, because digests are forwarded', async () => {
    const before = await stored();

    const taken = await reader.read(`${path}?data=json`);
    const erased = await send({ action: 'erase', sure: 'yes' });

    for (const { status, text } of [taken, erased])
      expect([status, text]).toEqual([403, expect.stringContaining('Ask for a data link')]);
    expect(taken.html).not.toContain('consent');
    expect(await stored()).toEqual(before);
  });

  test('asks for a data link by mail, at most five times a day', async () => {
    const { status, headers } = await send({ action: 'data-link' });

    expect([status, headers.get('location')]).toEqual([303, `${path}?done=data-link`]);
    expect(reader.requested).toEqual([
      { kind: 'data-link', id: expect.any(String), address: 'ada@example.org' },
    ]);
    for (let n = 0; n < 9; n += 1) await send({ action: 'data-link' });
    const refused = await send({ action: 'data-link' });
    expect([refused.status, reader.requested.length]).toEqual([429, 5]);
    expect(refused.text).toContain('We have already sent you several links today. Try again tomorrow.');
  });

  test('says that the network asked too often, not that links were mailed', async () => {
    reader = createReader(
      createFakeWeb({ hourlyLimits: hourlyLimitsSchema.parse({ requestsPerClient: 1 }) }),
    );
    for (const id of ['ada', 'ben']) await reader.repositories.subscribers.save(createSubscriber({ id }));

    const [first, second] = [
      await reader.read(`/manage/${reader.tokenFor('manage', 'ada')}`, { action: 'data-link' }),
      await reader.read(`/manage/${reader.tokenFor('manage', 'ben')}`, { action: 'data-link' }),
    ];

    expect([first.status, second.status]).toEqual([303, 429]);
    expect(second.text).toContain('Too many requests came from your network. Try again in an hour.');
    expect(second.text).not.toContain('several links');
  });

  test.each(['bounced', 'complained'] as const)(
    'mails no link to somebody who %s, and says so',
    async (status) => {
      await reader.repositories.subscribers.save(createSubscriber({ id: 'ben', status }));

      const answer = await reader.read(`/manage/${reader.tokenFor('manage', 'ben')}`, {
        action: 'data-link',
      });

      expect([answer.status, answer.text]).toEqual([
        409,
        expect.stringContaining('We cannot send email to this address. Write to'),
      ]);
      expect((await reader.read('/privacy')).text).toMatch(
        /if emails to you bounced, or if you marked one as spam\. To export or erase your data, write to \S+@\S+ instead/,
      );
      expect(reader.requested).toEqual([]);
    },
  );

  test('ignores an unknown action', async () => {
    const before = await stored();

    await send({ action: 'become-admin' });
    await submit('s9', 'save', SUBSCRIPTION);
    await submit('s9', 'remove');

    expect(await stored()).toEqual(before);
  });
});

describe('the data link', () => {
  const data = () => `/your-data/${reader.tokenFor('data', 'ada')}`;

  test('shows every change of the status in words, and exports them', async () => {
    for (const action of ['pause', 'resume', 'unsubscribe', 'resubscribe'])
      await reader.read(path, { action });

    const { text } = await reader.read(data());
    const exported = JSON.parse((await reader.read(`${data()}?data=json`)).html);

    expect(text).toContain('Paused on 5 January 2026 at 08:00 UTC on the manage page.');
    expect(text).toContain('Resumed on 5 January 2026 at 08:00 UTC on the manage page.');
    expect(text).toContain('Unsubscribed on 5 January 2026 at 08:00 UTC on the manage page.');
    expect(text).toContain('Subscribed again on 5 January 2026 at 08:00 UTC on the manage page.');
    expect(exported.profile.statusChanges).toEqual([
      { status: 'paused', at: NOW, by: 'page' },
      { status: 'confirmed', at: NOW, by: 'page' },
      { status: 'unsubscribed', at: NOW, by: 'page' },
      { status: 'confirmed', at: NOW, by: 'page' },
    ]);
  });

  test('exports all stored data', async () => {
    const { headers, html } = await reader.read(`${data()}?data=json`);

    expect(headers.get('content-disposition')).toBe('attachment; filename="my-data.json"');
    expect(JSON.parse(html)).toMatchObject({ profile: { address: 'ada@example.org' }, digests: [] });
  });

  test('erases everything after a tick in the box, and says so from then on', async () => {
    const unsure = await reader.read(data(), { action: 'erase' });
    expect([unsure.status, (await stored())?.status]).toEqual([422, 'confirmed']);

    const erased = await reader.read(data(), { action: 'erase', sure: 'yes' });

    expect([erased.status, await stored()]).toEqual([200, undefined]);
    for (const again of [await reader.read(data()), await reader.read(path), await send({ action: 'pause' })])
      expect([again.status, again.text]).toEqual([410, expect.stringContaining('We have erased your data')]);
  });

  test('changes nothing by itself, and ends after 30 minutes', async () => {
    const [old, before] = [data(), await stored()];

    expect((await reader.read(old)).status).toBe(200);
    reader.clock.moveBy(30 * 60_000);
    expect((await reader.read(old, { action: 'erase', sure: 'yes' })).status).toBe(404);
    expect((await reader.read(`${old}?data=json`)).status).toBe(404);
    expect(await stored()).toEqual(before);
  });

  test('makes old links to manage and to confirm invalid, but no new ones and no links to unsubscribe', async () => {
    const [confirm, unsubscribe] = (['confirm', 'unsubscribe'] as const).map(
      (purpose) => `/${purpose}/${reader.tokenFor(purpose, 'ada')}`,
    );
    // Tokens hold whole seconds. A link that is signed in the second of the renewal has to work.
    reader.clock.moveBy(5_500);
    const fresh = data();

    for (let n = 0; n < 2; n += 1) {
      const { html } = await reader.read(fresh, { action: 'renew-links' });
      const renewed = /href="(\/manage\/[^"]+)"/.exec(html)?.[1] ?? '';
      expect((await reader.read(renewed)).status).toBe(200);
      reader.clock.moveBy(1_000);
    }
    expect((await reader.read(fresh)).status).toBe(200);

    for (const old of [path, confirm ?? '']) {
      expect((await reader.read(old)).status).toBe(404);
      expect((await reader.read(old, { action: 'unsubscribe' })).status).toBe(404);
    }
    expect((await stored())?.status).toBe('confirmed');
    const mailedLater = `/manage/${reader.tokenFor('manage', 'ada')}`;
    expect((await reader.read(mailedLater)).status).toBe(200);
    expect((await reader.read(unsubscribe ?? '', {})).status).toBe(200);
    expect((await stored())?.status).toBe('unsubscribed');
  });

  test.each([
    ['confirmed', true],
    ['paused', true],
    ['unsubscribed', false],
  ] as const)(
    'says which links still work, and promises a digest to a reader who is %s: %s',
    async (status, isPromised) => {
      const subscriber = await stored();
      if (subscriber) await reader.repositories.subscribers.save({ ...subscriber, status });

      expect((await reader.read(data())).text).toContain(
        'Their unsubscribe links keep working, and a data link works until its 30 minutes are over.',
      );
      const { text } = await reader.read(data(), { action: 'renew-links' });
      expect(text.includes('Your next digest has new links.')).toBe(isPromised);
    },
  );
});

test('the heading of a subscription is its query, or its lists', async () => {
  await submit('new', 'save', { ...SUBSCRIPTION, query: 'residual stream' });

  const { html } = await reader.read(path);

  expect([...html.matchAll(/<h2 id="s\d">([^<]+)</g)].map(([, words]) => words)).toEqual([
    'Hugging Face Daily Papers',
    'residual stream',
  ]);
});

test('adds no quotation marks to a query that has some', async () => {
  const subscriptions = [createSubscription({ query: '"residual stream" mlp' })];
  await reader.repositories.subscribers.save(createSubscriber({ id: 'bo', subscriptions }));

  const { html, text } = await reader.read(`/manage/${reader.tokenFor('manage', 'bo')}`);

  expect(text).toContain('that match "residual stream" mlp, every day');
  expect(html).not.toContain('<q>');
});

test.each([
  ['the page', () => reader.read(path)],
  ['a preview', () => send({ form: 's1', action: 'preview', ...SUBSCRIPTION })],
  ['a form with a fault', () => send({ form: 's1', action: 'save', ...SUBSCRIPTION, maxPapers: 'many' })],
  [
    'the HTTP API',
    () =>
      reader.app.request('/v1/subscriber', {
        headers: { authorization: `Bearer ${reader.tokenFor('manage', 'ada')}` },
      }),
  ],
])('%s loads the profile once', async (_, ask) => {
  const { subscribers } = reader.repositories;
  const load = subscribers.load.bind(subscribers);
  let loads = 0;
  subscribers.load = async (id) => {
    loads += 1;
    return load(id);
  };

  await ask();

  expect(loads).toBe(1);
});
