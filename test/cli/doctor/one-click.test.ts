import { describe, expect, test } from '@jest/globals';
import { PermissionError } from '../../../cli/deployment/errors.ts';
import { createWeb } from '../../../cli/doctor/adapters/network.ts';
import { checkOneClick } from '../../../cli/doctor/checks/pages.ts';
import { createKeys } from '../../../local/keys.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { endWith } from '../../../shared/domain/subscribers/subscriber.ts';
import { changeSubscriber } from '../../../shared/subscribers/change-subscriber.ts';
import { createWebApp } from '../../../shared/web/app.tsx';
import { createFakeWeb } from '../../fakes/web.ts';
import { createPorts, createProbes, NOW } from './fake-account.ts';

const PUBLIC_URL = 'https://daily.example.org';
const keys = createKeys();

/** What stands before the pages: it answers by itself, or passes a request on. */
type Front = (
  request: Request,
  pass: () => Promise<Response>,
  unsubscribeNow: () => Promise<void>,
) => Promise<Response>;

/** The real pages on profiles in memory, behind whatever a test puts before them. */
function open(front: Front = (_, pass) => pass()) {
  const probes = createProbes(createManualClock(NOW));
  const pages = createWebApp(
    createFakeWeb({
      subscribers: { ...probes, endUnreadable: async () => {} },
      keyring: { load: async () => keys },
    }).ports,
  );
  const unsubscribe = (id: string) =>
    changeSubscriber(probes, id, (subscriber) =>
      endWith(subscriber, 'unsubscribed', { at: NOW, by: 'link' }),
    );
  const web = createWeb({
    signal: new AbortController().signal,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const pass = async () => pages.fetch(request.clone());
      return front(request, pass, async () => void (await unsubscribe(subscriberOf(url))));
    },
  });
  const ports = createPorts({ web, probes, keyring: { load: async () => keys } });
  return { ports, probes, check: () => checkOneClick(ports, PUBLIC_URL) };
}

/** The id in a link: `/unsubscribe/<key id>.<subscriber id>.<signature>`. */
const subscriberOf = ({ pathname }: URL) => pathname.split('.')[1] ?? '';

const onlyFor =
  (method: string, front: Front): Front =>
  (request, pass, unsubscribeNow) =>
    request.method === method ? front(request, pass, unsubscribeNow) : pass();

const isOfType = ({ headers }: Request, type: string) => headers.get('content-type')?.startsWith(type);

const unsubscribing: Front = async (_, pass, unsubscribeNow) => {
  await unsubscribeNow();
  return pass();
};

const broken: readonly (readonly [name: string, front: Front, fault: string])[] = [
  [
    'a GET that unsubscribes',
    onlyFor('GET', unsubscribing),
    'GET leaves the subscriber unsubscribed, expected paused',
  ],
  [
    'a HEAD that unsubscribes',
    onlyFor('HEAD', unsubscribing),
    'HEAD leaves the subscriber unsubscribed, expected paused',
  ],
  [
    'a HEAD that is refused',
    onlyFor('HEAD', async () => new Response(null, { status: 405 })),
    'HEAD answers 405, expected 200',
  ],
  [
    'a redirect to another place',
    async ({ url }) => Response.redirect(url.replace('daily', 'www'), 301),
    'POST urlencoded answers 301 and leads to https://www.example.org/unsubscribe/',
  ],
  [
    'a POST that is done and then redirected',
    onlyFor('POST', async (_, pass) => {
      const answer = await pass();
      return answer.ok ? Response.redirect(`${PUBLIC_URL}/done`, 303) : answer;
    }),
    `POST multipart answers 303 and leads to ${PUBLIC_URL}/done, expected 200`,
  ],
  [
    'multipart that is refused',
    async (request, pass) =>
      isOfType(request, 'multipart/form-data') ? new Response('no', { status: 415 }) : pass(),
    'POST multipart answers 415, expected 200; POST multipart leaves the subscriber paused, expected unsubscribed',
  ],
  [
    'urlencoded that is ignored',
    async (request, pass) =>
      isOfType(request, 'application/x-www-form-urlencoded') ? new Response('yes') : pass(),
    'POST urlencoded leaves the subscriber paused, expected unsubscribed',
  ],
  [
    'links that are not verified',
    onlyFor('POST', async (_request, _pass, unsubscribeNow) => {
      await unsubscribeNow();
      return new Response('done');
    }),
    'POST to an altered link answers 200, expected 404; POST to an altered link leaves the subscriber unsubscribed',
  ],
];

describe('one-click unsubscribe', () => {
  test('works on the real pages, and leaves no subscriber', async () => {
    const { check, probes } = open();

    expect(await check()).toMatchObject({ state: 'ok' });
    expect(probes.left()).toEqual([]);
  });

  test('sends no mail: the subscriber is paused, with an address of the simulator', async () => {
    const { ports, probes } = open();
    const saved: unknown[] = [];
    const save: typeof probes.save = (subscriber) => {
      saved.push([subscriber.status, subscriber.address]);
      return probes.save(subscriber);
    };

    await checkOneClick({ ...ports, probes: { ...probes, save } }, PUBLIC_URL);

    expect(saved).toEqual(Array(3).fill(['paused', 'success+doctor-nonce1@simulator.amazonses.com']));
  });

  test.each(broken)('finds %s, and leaves no subscriber', async (_, front, fault) => {
    const { check, probes } = open(front);

    expect(await check()).toMatchObject({ state: 'fail', found: expect.stringContaining(fault) });
    expect(probes.left()).toEqual([]);
  });

  test('finds a GET that writes', async () => {
    const { ports, probes } = open();
    const web: typeof ports.web = {
      async fetch(request) {
        const probe = await probes.load(subscriberOf(request.url));
        if (probe && request.method === 'GET') await probes.save(probe);
        return ports.web.fetch(request);
      },
    };

    expect(await checkOneClick({ ...ports, web }, PUBLIC_URL)).toMatchObject({
      state: 'fail',
      found: 'GET changes the profile, expected no change',
    });
  });

  test('fails if nothing answers, and leaves no subscriber', async () => {
    const { check, probes } = open(async () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    });

    expect(await check()).toMatchObject({
      state: 'fail',
      found: 'the link does not answer: connect ECONNREFUSED',
    });
    expect(probes.left()).toEqual([]);
  });

  test('passes on an error of the table, and leaves no subscriber', async () => {
    const { ports, probes } = open();
    let loads = 0;
    const load: typeof probes.load = async (id) => {
      loads += 1;
      if (loads > 3) throw new PermissionError('dynamodb:GetItem');
      return probes.load(id);
    };

    await expect(checkOneClick({ ...ports, probes: { ...probes, load } }, PUBLIC_URL)).rejects.toThrow(
      PermissionError,
    );
    expect(probes.left()).toEqual([]);
  });

  test('removes nothing if it may not create a subscriber', async () => {
    const { ports, probes } = open();
    const removals: string[] = [];
    const denied = {
      ...probes,
      save: async () => Promise.reject(new PermissionError('dynamodb:PutItem')),
      erase: async (id: string) => void removals.push(id),
    };

    await expect(checkOneClick({ ...ports, probes: denied }, PUBLIC_URL)).rejects.toThrow(PermissionError);
    expect(removals).toEqual([]);
  });

  test('removes a subscriber that may have been saved', async () => {
    const { ports, probes } = open();
    const lost = {
      ...probes,
      save: async (subscriber: Parameters<typeof probes.save>[0]) => {
        await probes.save(subscriber);
        throw new Error('socket hang up');
      },
    };

    await expect(checkOneClick({ ...ports, probes: lost }, PUBLIC_URL)).rejects.toThrow('socket hang up');
    expect(probes.left()).toEqual([]);
  });

  test('names the item that it could not erase', async () => {
    const { ports, probes } = open();
    const erase = async () => Promise.reject(new PermissionError('dynamodb:DeleteItem'));

    const finding = await checkOneClick({ ...ports, probes: { ...probes, erase } }, PUBLIC_URL);

    expect(finding).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('dynamodb:DeleteItem'),
      advice: expect.stringContaining(`delete the item SUB#${probes.left()[0]} / PROFILE`),
    });
  });
});
