import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { addMs } from '../../../../shared/domain/time/time.ts';
import { createWebApp } from '../../../../shared/web/app.tsx';
import type { WebAppPorts } from '../../../../shared/web/ports.ts';
import { publicRoutes } from '../../../../shared/web/public-routes.ts';
import { isPublic, toExamplePath } from '../../../../shared/web/v1/endpoint.ts';
import { examples } from '../../../../shared/web/v1/examples.ts';
import { createOpenApi, endpointGroups } from '../../../../shared/web/v1/openapi.ts';
import { createApiRoutes } from '../../../../shared/web/v1/routes.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';
import { NOW, openWebWorld, type WebWorld } from '../web-world.ts';
import { type ApiCall, type DescribedApi, openDescribedApi, operationIdsOf } from './described-api.ts';

/** The API without what surrounds it. */
const createApi = (ports: WebAppPorts) => createApiRoutes(ports, endpointGroups);

const SIGN_UP = { at: NOW, from: '192.0.2.7', text: 'Send me digests.', timeZone: 'Asia/Tokyo', hour: 6 };
const SUBSCRIPTION = {
  lists: ['hf-daily'],
  query: 'routing',
  cadence: 'weekly',
  maxPapers: 5,
  sort: 'new' as const,
  tellPicked: true,
  tellVersions: true,
};

let world: WebWorld;
let api: DescribedApi;
let token: string;
let id: string;
let made = 0;

beforeAll(async () => {
  world = await openWebWorld();
  api = await openDescribedApi(createWebApp(world.ports));
});

afterAll(() => world.close());

beforeEach(async () => {
  made += 1;
  id = `subscriber-${made}`;
  token = world.tokenFor('manage', id);
  await world.repositories.subscribers.save(createSubscriber({ id }));
  world.client.address = `192.0.2.${made}`;
});

const call = (method: string, path: string, more: ApiCall = {}) => api.call(method, path, more);
const asOwner = (method: string, path: string, more: ApiCall = {}) => call(method, path, { token, ...more });
const etagNow = async () => (await asOwner('GET', '/v1/subscriber')).headers.get('etag');
const change = async (method: string, path: string, body?: unknown) =>
  asOwner(method, path, { etag: await etagNow(), ...(body !== undefined && { body }) });
const stored = () => world.repositories.subscribers.load(id);

describe('signing up', () => {
  test('queues the request, with defaults for what it leaves out', async () => {
    const before = world.requested.length;
    const defaults = { lists: ['hf-daily'] };

    const { status } = await call('POST', '/v1/sign-ups', { body: { address: 'ada@xn--bcher-kva.example' } });

    expect(status).toBe(202);
    expect(world.requested.slice(before)).toEqual([
      {
        kind: 'sign-up',
        id: expect.any(String),
        address: 'ada@xn--bcher-kva.example',
        signUp: {
          at: NOW,
          from: world.client.address,
          text: 'Signed up through the HTTP API.',
          timeZone: 'UTC',
          hour: 8,
          subscriptions: [
            {
              ...defaults,
              id: 's1',
              query: '',
              queryVersion: 2,
              cadence: 'daily',
              maxPapers: 10,
              sort: 'trending',
            },
          ],
        },
      },
    ]);
  });

  // No such text has the described format: what the API understands beyond it is a courtesy.
  test.each([
    'ada@bücher.example',
    'mailto:ada@bücher.example',
    'Ada <ada@xn--bcher-kva.example>',
    '\u202aada@xn--bcher-kva.example\u202c',
  ])('understands an address as people paste it: %j', async (address) => {
    for (const path of ['/v1/sign-ups', '/v1/manage-links']) {
      const answer = await createApi(world.ports).request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ address }),
      });

      expect(answer.status).toBe(202);
      expect(world.requested.at(-1)).toMatchObject({ address: 'ada@xn--bcher-kva.example' });
    }
  });

  test('keeps a former name of a time zone', async () => {
    await call('POST', '/v1/sign-ups', { body: { address: 'ben@example.org', timeZone: 'Asia/Calcutta' } });

    expect(world.requested.at(-1)).toMatchObject({ signUp: { timeZone: 'Asia/Calcutta' } });
  });

  test.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['utc', 'UTC'],
  ])('stores the time zone %s as %s', async (timeZone, stored) => {
    await call('POST', '/v1/sign-ups', { body: { address: 'ben@example.org', timeZone } });

    expect(world.requested.at(-1)).toMatchObject({ signUp: { timeZone: stored } });
  });

  test('keeps the requested choices', async () => {
    const body = {
      address: 'ben@example.org',
      timeZone: 'Asia/Kathmandu',
      hour: 5,
      subscription: SUBSCRIPTION,
    };

    await call('POST', '/v1/sign-ups', { body });

    expect(world.requested.at(-1)).toMatchObject({
      signUp: { timeZone: 'Asia/Kathmandu', hour: 5, subscriptions: [{ id: 's1', ...SUBSCRIPTION }] },
    });
  });

  test.each([
    ['an address without a domain', { address: 'ada' }, '#/address'],
    ['no address', {}, '#/address'],
    ['an unknown zone', { address: 'a@example.org', timeZone: 'Mars/Olympus' }, '#/timeZone'],
    ['an abbreviation for a zone', { address: 'a@example.org', timeZone: 'IST' }, '#/timeZone'],
    ['an offset for a zone', { address: 'a@example.org', timeZone: '+02:00' }, '#/timeZone'],
    [
      'a query that would be misread',
      { address: 'a@example.org', subscription: { ...SUBSCRIPTION, query: 'agents or robotics' } },
      '#/subscription/query',
    ],
    [
      'a query that does not parse',
      { address: 'a@example.org', subscription: { ...SUBSCRIPTION, query: '"open' } },
      '#/subscription/query',
    ],
    [
      'a list that is not read here',
      { address: 'a@example.org', subscription: { ...SUBSCRIPTION, lists: ['arxiv/cs.CL'] } },
      '#/subscription/lists/0',
    ],
    ['a field that there is not', { address: 'a@example.org', admin: true }, '#/admin'],
    [
      'a field that a subscription has not',
      { address: 'a@example.org', subscription: { ...SUBSCRIPTION, 'a/b': 1 } },
      '#/subscription/a~1b',
    ],
  ])('refuses %s, and names its JSON pointer', async (_, body, pointer) => {
    const { status, json } = await call('POST', '/v1/sign-ups', { body });

    expect(status).toBe(422);
    expect(json).toMatchObject({
      type: '/docs#invalid-input',
      errors: [{ pointer }],
    });
  });

  test('says in plain words what is expected of a number, a list and a field', async () => {
    const subscription = { ...SUBSCRIPTION, lists: [], maxPapers: 99 };
    const body = { address: 'a@example.org', hour: 24, subscription, admin: true };
    const { json } = await call('POST', '/v1/sign-ups', { body });

    expect(json).toMatchObject({
      errors: [
        { detail: 'expected a whole number from 0 to 23' },
        { detail: 'expected at least 1 item' },
        { detail: 'expected a whole number from 1 to 50' },
        {
          pointer: '#/admin',
          detail: 'there is no such field; expected one of these: address, timeZone, hour, subscription',
        },
      ],
    });
  });

  test.each([
    [[], '#', 'expected an object'],
    [{}, '#/address', 'is missing: expected a string'],
    [{ address: 7 }, '#/address', 'expected a string'],
    [
      { address: 'a@example.org', subscription: { lists: ['hf-daily'] } },
      '#/subscription/cadence',
      'is missing: expected one of instant, daily, weekly, monthly',
    ],
  ])('says in plain words what %j lacks', async (body, pointer, detail) => {
    const { json } = await call('POST', '/v1/sign-ups', { body });

    expect(json.errors).toEqual([{ pointer, detail }]);
  });

  test.each([
    ['POST', '/v1/confirmations', { token: 'x'.repeat(201) }, '#/token', 'expected at most 200 characters'],
    ['POST', '/v1/subscriber/pause', { until: '2026-02-30' }, '#/until', 'expected a day such as 2026-01-05'],
    [
      'POST',
      '/v1/previews',
      { ...SUBSCRIPTION, query: 'x'.repeat(501) },
      '#/query',
      'expected at most 500 characters',
    ],
    ['PATCH', '/v1/subscriber', { mutedAuthors: [' '] }, '#/mutedAuthors/0', 'expected at least 1 character'],
    [
      'PATCH',
      '/v1/subscriber',
      { mutedAuthors: Array.from({ length: 51 }, (_, n) => `Ada ${n}`) },
      '#/mutedAuthors',
      'expected at most 50 items',
    ],
  ])(
    'says in plain words what is too long, too short or no day: %s %s',
    async (method, path, body, pointer, detail) => {
      const { json } = await asOwner(method, path, { body, etag: '*' });

      expect(json.errors).toEqual([{ pointer, detail }]);
    },
  );

  test.each([
    ['/v1/sign-ups', '#/subscription/lists/1', { address: 'none' }],
    ['/v1/confirmations', '#/subscription/lists/1', { token: 7 }],
    ['/v1/previews', '#/lists/1', undefined],
    ['/v1/subscriber/subscriptions', '#/lists/1', undefined],
  ])('names an unknown list together with all other faults: %s', async (path, pointer, others) => {
    const subscription = { ...SUBSCRIPTION, lists: ['hf-daily', 'nope'], cadence: 'hourly' };
    const body = others ? { ...others, subscription } : subscription;
    const { status, json } = await call('POST', path, { body, token, etag: '*' });

    expect(status).toBe(422);
    expect(json.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: pointer.replace('lists/1', 'cadence') }),
        { pointer, detail: '"nope" is not a list here. The lists here: hf-daily.' },
      ]),
    );
  });

  test.each(['HF-daily', 'arxiv/', ' hf-daily', ''])('explains the list %j in one error', async (list) => {
    const { status, json } = await change('POST', '/v1/subscriber/subscriptions', {
      ...SUBSCRIPTION,
      lists: ['hf-daily', 'hf-daily', list],
    });

    const detail = `${JSON.stringify(list)} is not a list here. The lists here: hf-daily.`;
    expect([status, json.errors]).toEqual([422, [{ pointer: '#/lists/2', detail }]]);
  });

  test.each([
    [
      (n: number) => `feed/A${n}`,
      [{ pointer: '#/subscription/lists', detail: 'expected at most 100 items' }],
    ],
    [
      () => 'feed/A',
      [
        {
          pointer: '#/subscription/lists/0',
          detail: '"feed/A" is not a list here. The lists here: hf-daily.',
        },
      ],
    ],
  ])(
    'explains each unknown list once, and no more lists than a subscriber can follow',
    async (toId, errors) => {
      const lists = Array.from({ length: 1_000 }, (_, n) => toId(n));
      const body = { address: 'ada@example.org', subscription: { ...SUBSCRIPTION, lists } };
      const { status, json } = await call('POST', '/v1/sign-ups', { body });

      expect(status).toBe(422);
      expect(json.errors).toEqual(errors);
    },
  );

  test('refuses only a client that sends too many requests', async () => {
    const ask = () => call('POST', '/v1/manage-links', { body: { address: 'ada@example.org' } });
    world.clock.moveBy(3_600_000);
    world.client.address = '198.51.100.1';
    const answers = [];
    for (let n = 0; n < 40; n += 1) answers.push((await ask()).status);
    world.client.address = '203.0.113.5';

    expect(answers.filter((status) => status === 202)).toHaveLength(30);
    expect(answers.at(-1)).toBe(429);
    expect((await ask()).status).toBe(202);
  });

  test('refuses too many requests with the seconds to wait', async () => {
    world.clock.moveBy(3_600_000);
    const ask = () => call('POST', '/v1/manage-links', { body: { address: 'ada@example.org' } });
    for (let n = 0; n < 30; n += 1) await ask();

    const answer = await ask();

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3600']);
  });

  test('answers the same for known, unknown and blocked addresses, byte for byte', async () => {
    world.clock.moveBy(3_600_000);
    const statuses = ['confirmed', 'unconfirmed', 'paused', 'unsubscribed', 'bounced', 'complained'] as const;
    for (const status of statuses)
      await world.repositories.subscribers.save(createSubscriber({ id: `known-${status}`, status }));
    const addresses = [...statuses.map((status) => `known-${status}@example.org`), 'nobody@example.org'];

    for (const path of ['/v1/sign-ups', '/v1/manage-links']) {
      const answers = [];
      for (const address of addresses) {
        const { status, headers, text } = await call('POST', path, { body: { address } });
        answers.push(JSON.stringify([status, [...headers], text]));
      }
      expect(new Set(answers).size).toBe(1);
    }
  });
});

describe('confirming', () => {
  const asksToJoin = { id: 's1', ...SUBSCRIPTION, cadence: 'weekly' } as const;

  test('subscribes with the choices of the sign-up, returns a token, and may be repeated', async () => {
    const signUp = { ...SIGN_UP, subscriptions: [asksToJoin] };
    await world.repositories.subscribers.save(
      createSubscriber({ id: 'new-one', status: 'unconfirmed', signUp }),
    );
    const body = { token: world.tokenFor('confirm', 'new-one') };

    const first = await call('POST', '/v1/confirmations', { body });
    const second = await call('POST', '/v1/confirmations', { body });

    expect(first.json).toMatchObject({
      profile: { status: 'confirmed', timeZone: 'Asia/Tokyo', hour: 6, subscriptions: [asksToJoin] },
    });
    expect(second.json).toEqual(first.json);
    const { manageToken } = first.json as { manageToken: string };
    expect((await call('GET', '/v1/subscriber', { token: manageToken })).status).toBe(200);
    expect((await world.repositories.subscribers.load('new-one'))?.consent).toEqual({
      at: world.clock.now(),
      from: world.client.address,
      text: SIGN_UP.text,
      requestedAt: SIGN_UP.at,
      requestedFrom: SIGN_UP.from,
    });
  });

  test('stores the choices of the body instead of those of the sign-up', async () => {
    const signUp = { ...SIGN_UP, subscriptions: [asksToJoin] };
    await world.repositories.subscribers.save(
      createSubscriber({ id: 'chooser', status: 'unconfirmed', signUp }),
    );
    const body = { token: world.tokenFor('confirm', 'chooser'), hour: 21, format: 'text' };

    const { json } = await call('POST', '/v1/confirmations', { body });

    expect(json).toMatchObject({
      profile: { timeZone: 'Asia/Tokyo', hour: 21, format: 'text', subscriptions: [asksToJoin] },
    });
  });

  test('asks for all choices if the address was signed up again after the mail', async () => {
    const token = world.tokenFor('confirm', 'late');
    world.clock.moveBy(3_600_000);
    const signUp = { ...SIGN_UP, at: world.clock.now(), subscriptions: [asksToJoin] };
    await world.repositories.subscribers.save(
      createSubscriber({ id: 'late', status: 'unconfirmed', signUp }),
    );
    const mine = { timeZone: 'UTC', hour: 7, subscription: { ...SUBSCRIPTION, query: 'mine' } };
    const confirm = (body: object) => call('POST', '/v1/confirmations', { body: { token, ...body } });

    const { hour, ...incomplete } = mine;
    for (const body of [{}, incomplete]) {
      const { status, json } = await confirm(body);
      expect([status, json]).toEqual([409, expect.objectContaining({ type: '/docs#sign-up-changed' })]);
    }
    const wrong = await confirm({ ...mine, subscription: { ...SUBSCRIPTION, lists: ['arxiv/cs.CL'] } });
    expect([wrong.status, hour]).toEqual([422, 7]);
    expect((await confirm(mine)).json).toMatchObject({
      profile: { timeZone: 'UTC', hour: 7, subscriptions: [{ query: 'mine' }] },
    });
  });

  test.each([
    ['1 ms after the sign-up of the mail, before the mail was made', 1, 10_000],
    ['1 s after the mail', 1_000, 0],
    ['45 s after the mail', 45_000, 0],
  ])('confirms no unseen sign-up that was made %s', async (_, later, mailedAfter) => {
    const known = createSubscriber({ id: `late-${later}`, status: 'unconfirmed' });
    const mine = { ...SIGN_UP, at: world.clock.now(), subscriptions: [asksToJoin] };
    world.clock.moveBy(mailedAfter);
    const token = world.tokenFor('confirm', known.id, mine.at);
    const strangers = { ...mine, at: addMs(mine.at, later), hour: 3 };
    world.clock.moveBy(60_000);
    await world.repositories.subscribers.save({ ...known, signUp: strangers });

    const { status } = await call('POST', '/v1/confirmations', { body: { token } });

    expect([status, (await world.repositories.subscribers.load(known.id))?.status]).toEqual([
      409,
      'unconfirmed',
    ]);
  });

  test('by a mail of an earlier version confirms no unseen sign-up of a later second', async () => {
    const known = createSubscriber({ id: 'earlier-version', status: 'unconfirmed' });
    const token = world.tokenFor('confirm', known.id);
    const confirm = async (at: string) => {
      const { version = 0 } = (await world.repositories.subscribers.load(known.id)) ?? {};
      const signUp = { ...SIGN_UP, at, subscriptions: [asksToJoin] };
      await world.repositories.subscribers.save({ ...known, version, signUp });
      return (await call('POST', '/v1/confirmations', { body: { token } })).status;
    };
    const mailedAt = world.clock.now();

    expect(await confirm(addMs(mailedAt, 1_000))).toBe(409);
    expect(await confirm(mailedAt)).toBe(200);
  });

  test('is refused for a token of another purpose, and if there is nothing to confirm', async () => {
    const wrong = await call('POST', '/v1/confirmations', { body: { token } });
    await asOwner('POST', '/v1/subscriber/unsubscribe');
    const late = await call('POST', '/v1/confirmations', { body: { token: world.tokenFor('confirm', id) } });

    expect([wrong.status, late.status]).toEqual([401, 410]);
    expect((await stored())?.status).toBe('unsubscribed');
  });
});

describe('a profile', () => {
  test('shows only what concerns the subscriber', async () => {
    const { json, headers } = await asOwner('GET', '/v1/subscriber');

    expect(json).toEqual({
      address: `${id}@example.org`,
      status: 'confirmed',
      timeZone: 'Europe/Berlin',
      hour: 8,
      weekday: 1,
      format: 'html',
      mutedPapers: [],
      mutedAuthors: [],
      subscriptions: [createSubscription()],
    });
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('has a feed, until the subscriber leaves', async () => {
    const { json } = await asOwner('GET', '/v1/subscriber/feed');
    await asOwner('POST', '/v1/subscriber/unsubscribe');

    expect(json).toEqual({
      atom: expect.stringMatching(/^https:\/\/daily\.example\.org\/feeds\/private\/.+\.atom$/),
      json: expect.stringMatching(/\.json$/),
    });
    expect((await asOwner('GET', '/v1/subscriber/feed')).status).toBe(404);
  });

  test('changes only the given fields', async () => {
    const { json, headers } = await change('PATCH', '/v1/subscriber', { hour: 21, format: 'text' });

    expect(json).toMatchObject({ hour: 21, format: 'text', timeZone: 'Europe/Berlin' });
    expect(headers.get('etag')).toBe('"2"');
  });

  test('keeps its version if every value is stored already', async () => {
    const before = await stored();
    const { hour, timeZone, format, subscriptions } = before ?? createSubscriber();
    const [{ id: _, ...subscription } = createSubscription()] = subscriptions;
    const ONE = '/v1/subscriber/subscriptions/s1';

    const answers = [
      await change('PATCH', '/v1/subscriber', {}),
      await change('PATCH', '/v1/subscriber', { hour, timeZone, format, mutedPapers: [], mutedAuthors: [] }),
      await change('PATCH', ONE, {}),
      await change('PATCH', ONE, { ...subscription, tellPicked: false, tellVersions: false }),
    ];
    const late = await asOwner('PATCH', '/v1/subscriber', { etag: '"7"', body: {} });

    expect(answers.map(({ status, headers }) => [status, headers.get('etag')])).toEqual(
      answers.map(() => [200, '"1"']),
    );
    expect(answers.map(({ json }) => json)).toEqual([
      expect.objectContaining({ hour, timeZone, mutedPapers: [] }),
      expect.objectContaining({ hour, timeZone, mutedPapers: [] }),
      ...[subscriptions[0], subscriptions[0]],
    ]);
    expect(late.status).toBe(412);
    expect(await stored()).toEqual(before);
  });

  test('changes what is muted, and previews leave it out', async () => {
    const muted = { mutedPapers: ['2601.00002'], mutedAuthors: ['Ada Example'] };

    const { json } = await change('PATCH', '/v1/subscriber', {
      mutedPapers: ['2601.00002', '2601.00002'],
      mutedAuthors: ['Ada Example', ' Ada Example', 'ada exämple', 'Example, Ada'],
    });
    const cleared = await change('PATCH', '/v1/subscriber', { mutedAuthors: [] });
    const wrong = await change('PATCH', '/v1/subscriber', { mutedPapers: ['no id'] });

    expect(json).toEqual(expect.objectContaining(muted));
    expect(cleared.json).toMatchObject({ mutedPapers: ['2601.00002'], mutedAuthors: [] });
    expect([wrong.status, wrong.json]).toMatchObject([422, { errors: [{ pointer: '#/mutedPapers/0' }] }]);
  });

  test('is not changed if another writer changed it after it was read', async () => {
    const etag = await etagNow();
    await change('PATCH', '/v1/subscriber', { hour: 21 });

    const late = await asOwner('PATCH', '/v1/subscriber', { etag, body: { hour: 5 } });
    const blind = await asOwner('PATCH', '/v1/subscriber', { body: { hour: 5 } });
    const forced = await asOwner('PATCH', '/v1/subscriber', { etag: '*', body: { hour: 5 } });

    expect([late.status, blind.status, forced.status]).toEqual([412, 428, 200]);
    expect(late.json).toMatchObject({ detail: expect.stringContaining('"2"') });
  });

  test('says what an ETag without quotation marks lacks', async () => {
    const { status, json } = await asOwner('PATCH', '/v1/subscriber', { etag: '1', body: { hour: 5 } });

    expect(status).toBe(412);
    expect(json).toMatchObject({
      detail: expect.stringMatching(/^If-Match has no ETag of a profile: .* in quotation marks, such as "1"/),
    });
  });

  test('is shown only to its own token', async () => {
    const tokens = ['', 'x', `${token}x`, world.tokenFor('unsubscribe', id), world.tokenFor('confirm', id)];

    for (const wrong of tokens) {
      const answer = await call('GET', '/v1/subscriber', { token: wrong });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
  });
});

describe('subscriptions', () => {
  const ALL = '/v1/subscriber/subscriptions';

  test('are listed, added, read, changed and removed', async () => {
    const added = await change('POST', ALL, SUBSCRIPTION);
    const changed = await change('PATCH', `${ALL}/s2`, { query: 'agents', maxPapers: 3 });
    const read = await asOwner('GET', `${ALL}/s2`);
    const removed = await change('DELETE', `${ALL}/s1`);

    expect([added.status, added.json]).toEqual([201, { id: 's2', ...SUBSCRIPTION }]);
    expect(changed.json).toEqual({ id: 's2', ...SUBSCRIPTION, query: 'agents', maxPapers: 3 });
    expect(read.json).toEqual(changed.json);
    expect(removed.json).toEqual([changed.json]);
    expect((await asOwner('GET', ALL)).json).toEqual([changed.json]);
  });

  test('take both ids of a category', async () => {
    const lists = ['hf-daily', 'arxiv/math.NA', 'arxiv/cs.CL'];
    const app = await openDescribedApi(createWebApp({ ...world.ports, lists }));
    const ask = async (method: string, path: string, body: unknown) =>
      app.call(method, path, { token, body, etag: await etagNow() });

    const added = await ask('POST', ALL, { ...SUBSCRIPTION, lists: ['arxiv/cs.NA', 'hf-daily'] });
    const changed = await ask('PATCH', `${ALL}/s2`, { lists: ['arxiv/cs.NA', 'arxiv/math.NA'] });
    const refused = await ask('PATCH', `${ALL}/s2`, { lists: ['arxiv/cs.NA', 'arxiv/stat.ML'] });
    const signUp = {
      address: 'ada@example.org',
      subscription: { ...SUBSCRIPTION, lists: ['arxiv/math.MP'] },
    };
    const unread = await ask('POST', '/v1/sign-ups', signUp);

    expect(added.json.lists).toEqual(['arxiv/math.NA', 'hf-daily']);
    expect(changed.json.lists).toEqual(['arxiv/math.NA']);
    expect(refused.json.errors).toMatchObject([{ pointer: '#/lists/1' }]);
    expect(unread.json.errors).toMatchObject([{ pointer: '#/subscription/lists/0' }]);
  });

  test('cannot be fewer than one or more than twenty', async () => {
    const last = await change('DELETE', `${ALL}/s1`);
    for (let n = 2; n <= 20; n += 1) await change('POST', ALL, SUBSCRIPTION);
    const tooMany = await change('POST', ALL, SUBSCRIPTION);

    expect([last.status, tooMany.status]).toEqual([422, 422]);
    expect(tooMany.json).toMatchObject({ errors: [{ detail: 'expected at most 20 subscriptions' }] });
    expect((await stored())?.subscriptions).toHaveLength(20);
  });

  test.each(['s9', 'S1', 's1%2F', '%00', 'x'.repeat(40)])('are not found by %s', async (name) => {
    const headers = { authorization: `Bearer ${token}` };
    expect((await createApi(world.ports).request(`${ALL}/${name}`, { headers })).status).toBe(404);
  });
});

describe('stopping and coming back', () => {
  test('pauses until a day, and resumes by itself', async () => {
    const paused = await asOwner('POST', '/v1/subscriber/pause', { body: { until: '2026-02-01' } });
    expect(paused.json).toMatchObject({ status: 'paused', pausedUntil: '2026-02-01' });

    const now = world.clock.now();
    world.clock.moveBy(Date.parse('2026-01-31T23:00:00.000Z') - Date.parse(now));
    const later = await asOwner('GET', '/v1/subscriber');
    world.clock.moveBy(Date.parse(now) - Date.parse(world.clock.now()));

    expect(later.json).toMatchObject({ status: 'confirmed' });
    expect(later.json).not.toHaveProperty('pausedUntil');
  });

  test.each(['2026-01-05', '2025-01-01', '2027-06-01'])('refuses a pause until %s', async (until) => {
    const { status, json } = await asOwner('POST', '/v1/subscriber/pause', { body: { until } });

    expect([status, json]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '#/until' })] }),
    ]);
  });

  test('pauses until the subscriber resumes if no body is sent', async () => {
    const { status, json } = await asOwner('POST', '/v1/subscriber/pause');

    expect([status, json]).toMatchObject([200, { status: 'paused' }]);
    expect(json).not.toHaveProperty('pausedUntil');
  });

  test('a repeated pause leaves the version as it is', async () => {
    const pause = () => asOwner('POST', '/v1/subscriber/pause', { body: { until: '2026-02-01' } });
    const [first, second] = [await pause(), await pause()];

    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(second.json).toEqual(first.json);
  });

  test('is described without a version, and with what 412 means nevertheless', () => {
    const { paths, tags } = JSON.parse(JSON.stringify(createOpenApi()));

    for (const state of ['pause', 'resume', 'unsubscribe', 'resubscribe']) {
      const { parameters, requestBody, responses } = paths[`/v1/subscriber/${state}`].post;
      expect([parameters, requestBody?.required]).toEqual([undefined, state === 'pause' ? false : undefined]);
      expect(Object.keys(responses)).toContain('412');
    }
    const words = 'None needs If-Match. Status 412 means that others keep changing';
    expect(tags).toContainEqual(expect.objectContaining({ description: expect.stringContaining(words) }));
  });

  test('resumes, unsubscribes and subscribes again, also when repeated', async () => {
    const states = [
      'pause',
      'pause',
      'resume',
      'resume',
      'unsubscribe',
      'unsubscribe',
      'resubscribe',
      'resubscribe',
    ];
    const seen = [];
    for (const state of states) {
      const body = state === 'pause' ? { body: {} } : {};
      const { json } = await asOwner('POST', `/v1/subscriber/${state}`, body);
      seen.push(json.status);
    }

    expect(seen).toEqual([
      ...['paused', 'paused', 'confirmed', 'confirmed'],
      ...['unsubscribed', 'unsubscribed', 'confirmed', 'confirmed'],
    ]);
    expect((await stored())?.consent.text).toBe('Subscribed again through the HTTP API.');
  });
});

test.each(['bounced', 'complained'] as const)(
  'does not subscribe a subscriber again who %s',
  async (status) => {
    const known = await stored();
    if (known) await world.repositories.subscribers.save({ ...known, status });

    const { json, ...answer } = await asOwner('POST', '/v1/subscriber/resubscribe');

    expect([answer.status, json]).toEqual([409, expect.objectContaining({ type: '/docs#not-mailed' })]);
    expect((await stored())?.status).toBe(status);
  },
);

describe('a preview', () => {
  test('takes a list that is not read any more, if the subscriber follows it', async () => {
    const gone = { ...SUBSCRIPTION, lists: ['arxiv/cs.CL', 'hf-daily'] };
    const preview = (body: unknown) => asOwner('POST', '/v1/previews', { body });
    const before = await preview(gone);
    const known = await world.repositories.subscribers.load(id);
    if (!known) throw new Error('the subscriber is missing');
    await world.repositories.subscribers.save({
      ...known,
      subscriptions: [createSubscription({ lists: ['arxiv/cs.CL'] })],
    });

    const after = await preview(gone);
    const unread = await preview({ ...gone, lists: ['arxiv/cs.LG'] });

    expect([before.status, after.status, unread.status]).toEqual([422, 200, 422]);
  });

  test('loads no list that only the query names and that is not read here', async () => {
    const loaded: string[] = [];
    const app = createWebApp({
      ...world.ports,
      listDays: {
        load: (...asked) => {
          loaded.push(asked[0]);
          return world.ports.listDays.load(...asked);
        },
      },
    });

    const { status } = await app.request('/v1/previews', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...SUBSCRIPTION, query: 'list:hf-daily OR list:arxiv/cs.AI OR list:feed/gone' }),
    });

    expect(status).toBe(200);
    expect(new Set(loaded)).toEqual(new Set(['hf-daily']));
  });

  test('shows the papers of a subscription, and saves nothing', async () => {
    const papers = [
      createFacts({ id: '2601.00001', title: 'Routing for all', upvotes: 40 }),
      createFacts({ id: '2601.00002', title: 'Something else', aiKeywords: [], abstract: 'Nothing.' }),
    ];
    for (const facts of papers) {
      await world.repositories.papers.save(facts, NOW);
      await world.repositories.listings.save(createListing({ paperId: facts.id }));
    }
    const before = await world.scan();

    const { json } = await asOwner('POST', '/v1/previews', { body: SUBSCRIPTION });

    expect(json).toEqual({
      days: 7,
      total: 1,
      counts: [7, 30].map((days) => ({ days, total: 1, lists: [{ list: 'hf-daily', total: 1 }] })),
      papers: [
        {
          id: '2601.00001',
          title: 'Routing for all',
          url: 'https://huggingface.co/papers/2601.00001',
          upvotes: 40,
          reasons: [{ term: 'routing', field: 'title' }],
          reason: 'Matches “routing” in the title.',
        },
      ],
    });
    const prefix = await asOwner('POST', '/v1/previews', { body: { ...SUBSCRIPTION, query: 'rout*' } });
    expect(prefix.json).toMatchObject({ papers: [{ reasons: [{ term: 'rout*', field: 'title' }] }] });
    const none = await asOwner('POST', '/v1/previews', { body: { ...SUBSCRIPTION, query: 'routing zebra' } });
    expect(none.json).toMatchObject({
      papers: [],
      hint: 'No paper of the last 30 days matches: try it without zebra. Then 1 paper matches.',
    });
    expect(await world.scan()).toEqual(before);
  });
});

test('a preview has no votes of a paper if they are unknown', async () => {
  const { upvotes, comments, ...arxiv } = createFacts({ source: 'arxiv', id: '2601.00003' });
  for (const facts of [arxiv, createFacts({ id: '2601.00004', upvotes: 0 })]) {
    await world.repositories.papers.save(facts, NOW);
    await world.repositories.listings.save(createListing({ paperId: facts.id }));
  }

  const { json } = await asOwner('POST', '/v1/previews', { body: SUBSCRIPTION });

  const papers = json.papers as readonly { readonly id: string }[];
  expect(papers.find(({ id }) => id === '2601.00004')).toHaveProperty('upvotes', 0);
  expect(papers.find(({ id }) => id === '2601.00003')).toBeDefined();
  expect(papers.find(({ id }) => id === '2601.00003')).not.toHaveProperty('upvotes');
});

test('advice about a query comes with every answer that sets or previews it, and with no other', async () => {
  const ALL = '/v1/subscriber/subscriptions';
  const odd = { ...SUBSCRIPTION, query: 'author:Kaiming He OR list:arxiv/cs.CL' };
  const advice = [
    'We read this as: (author:Kaiming He) OR list:arxiv/cs.CL',
    'For the whole name, write author:"Kaiming He".',
    '"arxiv/cs.CL" is not a list here. The lists here: hf-daily.',
  ];
  await world.repositories.subscribers.save(
    createSubscriber({
      id: 'advised',
      status: 'unconfirmed',
      signUp: { ...SIGN_UP, subscriptions: [createSubscription()] },
    }),
  );
  const confirming = { token: world.tokenFor('confirm', 'advised'), subscription: odd };

  const answers = {
    signedUp: await call('POST', '/v1/sign-ups', { body: { address: 'b@example.org', subscription: odd } }),
    confirmed: await call('POST', '/v1/confirmations', { body: confirming }),
    previewed: await asOwner('POST', '/v1/previews', { body: odd }),
    added: await change('POST', ALL, odd),
    changed: await change('PATCH', `${ALL}/s1`, { query: odd.query }),
  };

  const found = Object.values(answers).map(({ status, json }) => ({ status, json }));
  expect(found).toEqual(
    [202, 200, 200, 201, 200].map((status) => ({ status, json: expect.objectContaining({ advice }) })),
  );
  expect((await stored())?.subscriptions.map(({ query }) => query)).toEqual([odd.query, odd.query]);
  const others = [
    await asOwner('GET', '/v1/subscriber'),
    await asOwner('GET', `${ALL}/s2`),
    await change('PATCH', `${ALL}/s2`, { maxPapers: 3 }),
    await call('POST', '/v1/sign-ups', { body: { address: 'c@example.org', subscription: SUBSCRIPTION } }),
  ];
  expect(others.map(({ json }) => JSON.stringify(json)).filter((text) => text.includes('advice'))).toEqual(
    [],
  );
});

describe('the stored data of a subscriber', () => {
  const digest = async () => {
    const key = { subscriberId: id, cadence: 'daily', period: '2026-01-05' } as const;
    const edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
    await world.repositories.editions.saveBatch(edition, made, [`${id}-other`, id]);
    const origin = { ...edition, batch: made };
    const claim = await world.repositories.deliveries.claim(key, origin, ['2601.00001'], NOW);
    if (claim) await world.repositories.deliveries.recordOutcome(claim, { state: 'sent', messageId: 'm1' });
  };

  test('is exported with the profile and the digests', async () => {
    await digest();

    const { json } = await call('GET', '/v1/subscriber/export', { token: world.tokenFor('data', id) });

    expect(json).toMatchObject({
      profile: { id, address: `${id}@example.org`, consent: { text: 'Send me digests.' } },
      digests: [{ period: '2026-01-05', paperIds: ['2601.00001'], outcome: { state: 'sent' } }],
    });
  });

  test('is erased from all tables, for good', async () => {
    await digest();
    for (const hours of [24, 1]) {
      await asOwner('POST', '/v1/subscriber/data-links');
      world.clock.moveBy(hours * 3_600_000);
    }
    expect(JSON.stringify(await world.scan())).toContain(id);

    const fresh = world.tokenFor('data', id);
    const erased = await call('DELETE', '/v1/subscriber', { token: fresh });

    expect(erased.status).toBe(204);
    const left = (await world.scan()).filter((item) =>
      JSON.stringify(item).replaceAll(`${id}-other`, '').includes(id),
    );
    expect(left).toEqual([
      { pk: `SUB#${id}`, sk: 'LEFT', status: 'unsubscribed', at: world.clock.now(), by: 'api' },
    ]);
    expect((await asOwner('GET', '/v1/subscriber')).status).toBe(410);
    expect((await call('DELETE', '/v1/subscriber', { token: fresh })).status).toBe(410);
  });

  test('is neither exported nor erased with the token of a digest, and the problem names the right token', async () => {
    for (const [method, path] of [
      ['GET', '/v1/subscriber/export'],
      ['DELETE', '/v1/subscriber'],
      ['POST', '/v1/subscriber/renew-links'],
    ] as const) {
      const { status, json } = await asOwner(method, path);
      expect([status, json]).toEqual([
        403,
        expect.objectContaining({ detail: expect.stringContaining('/v1/subscriber/data-links') }),
      ]);
    }
    expect((await stored())?.status).toBe('confirmed');
    expect((await asOwner('POST', '/v1/subscriber/data-links')).status).toBe(202);
    expect(world.requested.at(-1)).toMatchObject({ kind: 'data-link', address: `${id}@example.org` });
  });

  test('says whether too many data links or too many requests of the network refuse another link', async () => {
    const detailOf = async (ports: WebAppPorts) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await createApi(ports).request('/v1/subscriber/data-links', { method: 'POST', headers });
      return ((await answer.json()) as { detail?: string }).detail;
    };
    const strict = { ...world.ports, hourlyLimits: { ...world.ports.hourlyLimits, requestsPerClient: 1 } };

    expect([await detailOf(strict), await detailOf(strict)]).toEqual([undefined, 'try again in an hour']);
    for (let n = 0; n < 4; n += 1) await detailOf(world.ports);
    expect(await detailOf(world.ports)).toBe('we have sent several links today: try again tomorrow');
  });

  test('asks a new address to confirm, and says why it does not', async () => {
    const ask = (address: string) => asOwner('POST', '/v1/subscriber/address-changes', { body: { address } });

    const { status, json } = await ask('new@example.org');
    expect([status, json]).toEqual([202, (await ask('other@example.org')).json]);
    expect(world.requested.at(-2)).toMatchObject({
      ...{ kind: 'sign-up', address: 'new@example.org' },
      signUp: {
        replaces: id,
        timeZone: 'Europe/Berlin',
        text: 'Moved to this address through the HTTP API.',
      },
    });
    world.client.address = '198.51.100.77';
    for (let n = 0; n < 30; n += 1) await ask('new@example.org');
    expect((await ask('new@example.org')).status).toBe(429);
    world.client.address = '203.0.113.5';
    const before = world.requested.length;
    expect((await ask(`${id.toUpperCase()}@example.org`)).json).toMatchObject({
      errors: [{ pointer: '#/address', detail: 'the subscriber has this address already' }],
    });
    const known = await stored();
    if (known) await world.repositories.subscribers.save({ ...known, status: 'unsubscribed' });
    expect(await ask('third@example.org')).toMatchObject({
      status: 409,
      json: { detail: 'sign up with the new address' },
    });
    expect(world.requested).toHaveLength(before);
  });

  test.each(['bounced', 'complained', 'unconfirmed'] as const)(
    'mails no data link to somebody who is %s, and says so',
    async (status) => {
      const known = await stored();
      if (known) await world.repositories.subscribers.save({ ...known, status });

      const answer = await asOwner('POST', '/v1/subscriber/data-links');

      expect([answer.status, answer.json]).toEqual([
        409,
        expect.objectContaining({ type: '/docs#not-mailed' }),
      ]);
    },
  );

  test('is closed to tokens from before the links were renewed', async () => {
    world.clock.moveBy(5_000);

    const { json } = await call('POST', '/v1/subscriber/renew-links', { token: world.tokenFor('data', id) });

    expect((await asOwner('GET', '/v1/subscriber')).status).toBe(401);
    const { manageToken } = json as { manageToken: string };
    expect((await call('GET', '/v1/subscriber', { token: manageToken })).status).toBe(200);
  });
});

describe('a request with invalid input', () => {
  const raw = (init: RequestInit, path = '/v1/sign-ups') =>
    createApi(world.ports).request(path, { method: 'POST', ...init });
  const json = { 'content-type': 'application/json' };

  test.each([
    ['no JSON', { headers: json, body: '{"address":' }, 400],
    ['nothing', { headers: json, body: '' }, 400],
    ['brackets without end', { headers: json, body: '['.repeat(10_000) }, 400],
    ['too deep', { headers: json, body: `{"a":${'['.repeat(9)}${']'.repeat(9)}}` }, 400],
    ['too large', { headers: json, body: JSON.stringify({ address: 'x'.repeat(20_000) }) }, 413],
    ['a form', { body: new URLSearchParams({ address: 'ada@example.org' }) }, 415],
    ['JSON by another name', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
    ['a list', { headers: json, body: '[]' }, 422],
  ])('is answered with a problem: %s', async (_, init, status) => {
    const answer = await raw(init);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, type: expect.stringMatching(/^\/docs#/) });
  });

  test('with a wrong method is answered with the allowed methods', async () => {
    const answer = await raw({ method: 'PUT' }, '/v1/subscriber');

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, PATCH, DELETE']);

    const unknown = await raw({}, '/v1/nothing');
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      expect.objectContaining({ detail: 'there is no such path: /docs names all paths' }),
    ]);
  });

  test.each(
    endpointGroups.flatMap(({ endpoints }) => endpoints).map((one) => [one.operationId, one] as const),
  )('an unknown parameter of %s is refused by its name, and changes nothing', async (_, endpoint) => {
    const before = await world.scan();
    const [path = ''] = toExamplePath(endpoint).split('?');

    const { status, json: refused } = await call(endpoint.method, `${path}?until=2026-02-01`, { token });

    expect([status, refused]).toMatchObject([
      422,
      { errors: [{ pointer: '#/until', detail: expect.stringContaining('there is no such parameter') }] },
    ]);
    expect(await world.scan()).toEqual(before);
  });

  test('never ends in an internal error, whatever the body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const { status } = await raw({ headers: json, body: JSON.stringify(value) });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: runs(100, 1_000) },
    );
  });

  test('shows an internal error as an id that the log explains', async () => {
    const subscribers = {
      ...world.ports.subscribers,
      load: () => Promise.reject(new Error('table subscribers-7 is gone')),
    };
    const app = createApi({ ...world.ports, subscribers });

    const answer = await app.request('/v1/subscriber', { headers: { authorization: `Bearer ${token}` } });

    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      type: '/docs#internal-error',
      title: 'Internal error',
      status: 500,
      errorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

describe('the OpenAPI document', () => {
  test('is generated from the schemas of the endpoints', async () => {
    const answer = await api.app.request('/v1/openapi.json');

    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(createOpenApi())));
  });

  test('has no public path or parameter that caches do not know', () => {
    const { paths, parameters } = publicRoutes.api;
    const isKnown = (path: string) =>
      paths.some((known) =>
        known.endsWith('/*') ? `${path}/`.startsWith(known.slice(0, -1)) : path === known,
      );

    for (const { path, query } of endpointGroups.flatMap(({ endpoints }) => endpoints).filter(isPublic)) {
      expect([path, isKnown(path)]).toEqual([path, true]);
      expect(parameters).toEqual(expect.arrayContaining(Object.keys(query?.shape ?? {})));
    }
  });

  test('is a valid document of OpenAPI', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(createOpenApi()));

    expect([valid, errors]).toEqual([true, undefined]);
  });

  test('names every route, and a test calls every operation', async () => {
    await world.repositories.papers.save(createFacts({ id: examples.paperId }), NOW);
    for (const endpoint of endpointGroups.flatMap(({ endpoints }) => endpoints).filter(isPublic)) {
      const { status } = await call('GET', toExamplePath(endpoint));
      expect([endpoint.operationId, status]).toEqual([endpoint.operationId, 200]);
    }
    const document = createOpenApi();
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = createApi(world.ports)
      .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)\{.*?\}/g, '{$1}')}`)
      .filter((route) => route !== 'GET /v1/openapi.json');

    expect([...new Set(routes)].sort()).toEqual(described.sort());
    expect([...api.exercised].sort()).toEqual([...operationIdsOf(document as never)].sort());
  });

  test('has an example for every body and answer, and each fits its schema', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addFormat('iana-time-zone', true);
    const document = createOpenApi();
    ajv.addSchema({ $id: 'document', ...document });
    const contents: Readonly<Record<string, unknown>>[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'application/json') contents.push(inner);
        collect(inner);
      }
    };
    collect(document.paths);

    expect(contents.length).toBeGreaterThan(20);
    for (const { schema, example } of contents) {
      const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
      const validate = ajv.compile(JSON.parse(text));
      expect({ example, isValid: validate(example), errors: validate.errors }).toEqual({
        example: expect.anything(),
        isValid: true,
        errors: null,
      });
    }
  });

  test('has a tag for every operation, formats, headers and the URL of the API', () => {
    const { paths, tags, servers, components } = JSON.parse(JSON.stringify(createOpenApi()));
    const operations: { tags: string[]; responses: Record<string, { headers?: object }> }[] = Object.values(
      paths,
    ).flatMap((methods) => Object.values(methods as object));
    const signUp = paths['/v1/sign-ups'].post.requestBody.content['application/json'].schema.properties;

    for (const operation of operations)
      expect(tags).toContainEqual(expect.objectContaining({ name: operation.tags[0] }));
    expect(servers).toEqual([{ url: '/' }]);
    expect([signUp.address.format, signUp.timeZone.format]).toEqual(['email', 'iana-time-zone']);
    expect(paths['/v1/subscriber'].get.responses['200'].headers).toHaveProperty('ETag');
    expect(components.responses['429'].headers).toHaveProperty('Retry-After');
    expect(components.responses['405'].headers).toHaveProperty('Allow');
    expect(components.responses['401'].headers).toHaveProperty('WWW-Authenticate');
  });

  test('has two reference pages below 50 KB', async () => {
    const read = async (path: string) => (await api.app.request(path)).text();
    const pages = [await read('/docs'), await read('/docs/subscribers')];
    const both = pages.join('');
    const operations = operationIdsOf(createOpenApi() as never);

    for (const operation of operations) expect(both.split(`id="${operation}"`)).toHaveLength(2);
    expect(both.match(/<pre>curl /g)).toHaveLength(operations.length);
    expect(both).toContain('curl -X PATCH https://daily.example.org/v1/subscriber \\\n');
    expect(both).toContain('curl &#39;https://daily.example.org/v1/papers?list=hf-daily&amp;limit=20&#39;');
    for (const [, href = ''] of both.matchAll(/href="(?:\/docs(?:\/subscribers)?)?#([^"]+)"/g))
      if (href !== 'content') expect(both).toContain(`id="${href}"`);
    for (const html of pages) {
      expect(html).not.toContain('`');
      expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    }
  });
});
