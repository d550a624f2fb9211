import { beforeEach, describe, expect, test } from '@jest/globals';
import { withSignUp } from '../../../../shared/domain/subscribers/sign-up.ts';
import type { SignUp, Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { handleFeedback } from '../../../../shared/feedback/handle-feedback.ts';
import type { QueuedWebRequest } from '../../../../shared/ports/queues.ts';
import { TELL_AFTER_SEC } from '../../../../shared/subscribers/confirm-subscriber.ts';
import { hourlyLimitsSchema } from '../../../../shared/subscribers/web-budgets.ts';
import { createFeedback } from '../../../factories/ses-events.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeWeb, type FakeWeb } from '../../../fakes/web.ts';
import { formOf } from '../form-of.ts';
import { createReader, findMistakes } from '../reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const OLD = 'old@example.org';
const NEW = 'new@example.org';

let reader: ReturnType<typeof createReader>;
let manage: string;

const know = (known: Partial<Subscriber> = {}) =>
  reader.repositories.subscribers.save(createSubscriber({ id: 'old', address: OLD, ...known }));
const load = (id: string) => reader.repositories.subscribers.load(id);
const statusOf = async (id: string) => (await load(id))?.status;
const change = async (id: string, changes: Partial<Subscriber>) => {
  const known = await load(id);
  if (!known) throw new Error(`nobody is ${id}`);
  await reader.repositories.subscribers.save({ ...known, ...changes });
};

const recordSent = async (subscriberId: string) => {
  const { deliveries } = reader.repositories;
  const key = { subscriberId, cadence: 'daily', period: '2026-01-04' } as const;
  const origin = { cadence: 'daily', period: '2026-01-04', cohort: 'daily#UTC#08', batch: 0 } as const;
  const claim = await deliveries.claim(key, origin, ['2601.00001'], NOW);
  if (claim) await deliveries.recordOutcome(claim, { state: 'sent', messageId: 'm' });
};

beforeEach(() => {
  reader = createReader();
  manage = `/manage/${reader.tokenFor('manage', 'old')}`;
});

describe('the form for another address', () => {
  const ask = (address: string) => reader.read(manage, { form: 'address', version: '1', address });

  test('queues a sign-up of the new address with the present choices, and changes nothing else', async () => {
    const before = await know({ subscriptions: [createSubscription({ id: 's3', query: 'agents' })] });

    const { html } = await reader.read(`${manage}?edit=address`);
    expect(formOf(html)).toMatchObject({ form: 'address', address: '' });
    expect(await findMistakes(html)).toEqual([]);
    const { status, text } = await ask(` ${NEW} `);

    expect(status).toBe(200);
    expect(text).toContain(`Until then, your subscriptions stay at ${OLD}.`);
    const { timeZone, hour, subscriptions } = before;
    const choices = { timeZone, hour, subscriptions: [expect.objectContaining(subscriptions[0] ?? {})] };
    expect(reader.requested).toEqual([
      {
        ...{ kind: 'sign-up', id: expect.any(String), address: NEW },
        signUp: {
          ...{ at: NOW, from: '192.0.2.1', text: expect.stringContaining('at this address until I') },
          ...{ ...choices, replaces: 'old' },
        },
      },
    ]);
    expect(await load('old')).toEqual(before);
  });

  test('answers the same for a subscribed address', async () => {
    await know();
    const unknown = await ask(NEW);
    await know({ id: 'new', address: NEW });

    expect((await ask(NEW)).html).toBe(unknown.html);
  });

  test.each([
    [' OLD@Example.org', 'Your subscriptions have this address already. Enter another one.'],
    ['nobody', 'Enter an email address, such as ada@example.org.'],
  ])('refuses %j without a mail', async (address, message) => {
    await know();

    const { status, html, text } = await ask(address);

    expect(status).toBe(422);
    expect(text).toContain(message);
    expect(formOf(html)).toMatchObject({ form: 'address' });
    expect(reader.requested).toEqual([]);
  });

  test('is limited as sign-ups are', async () => {
    const hourlyLimits = hourlyLimitsSchema.parse({ requestsPerClient: 1 });
    reader = createReader(createFakeWeb({ hourlyLimits }));
    manage = `/manage/${reader.tokenFor('manage', 'old')}`;
    await know();

    expect((await ask(NEW)).status).toBe(200);
    const { status, text } = await ask('third@example.org');
    expect(status).toBe(429);
    expect(text).toContain('Too many requests came from your network.');
    expect(reader.requested).toHaveLength(1);
  });

  test.each([
    ['confirmed', true],
    ['paused', true],
    ['bounced', true],
    ['unsubscribed', false],
    ['complained', false],
  ] as const)('is there for a %s subscriber: %s', async (status, isOffered) => {
    await know({ status });

    const { html } = await reader.read(manage);
    const answer = await ask(NEW);

    expect(html.includes('?edit=address#address')).toBe(isOffered);
    expect([answer.status, reader.requested.length]).toEqual(isOffered ? [200, 1] : [409, 0]);
  });
});

describe('the link that confirms another address', () => {
  const signUp: SignUp = {
    ...{ at: NOW, from: '192.0.2.7', text: 'Send me digests.', timeZone: 'Asia/Tokyo', hour: 6 },
    ...{ subscriptions: [createSubscription({ query: 'agents' })], replaces: 'old' },
  };
  const muted = { mutedPapers: ['2601.00001'], mutedAuthors: ['Ada Example'] };
  let path: string;

  beforeEach(async () => {
    path = `/confirm/${reader.tokenFor('confirm', 'new', NOW)}`;
    await reader.repositories.subscribers.save(
      createSubscriber({ id: 'new', address: NEW, status: 'unconfirmed', signUp }),
    );
    reader.clock.moveBy(60_000);
  });

  const confirm = async () => reader.read(path, formOf((await reader.read(path)).html));

  test('says that the subscription moves, and does not name the earlier address', async () => {
    await know({ weekday: 4, format: 'text' });

    const { html, text } = await reader.read(path);

    expect(text).toContain(
      'The subscription moves here from another address, which then gets no more digests.',
    );
    expect(text).not.toContain(OLD);
    expect(formOf(html)).toMatchObject({ weekday: '4', format: 'text' });
    expect(await findMistakes(html)).toEqual([]);
  });

  test('moves what was chosen and muted, and ends the earlier address', async () => {
    await know({ weekday: 4, format: 'text', ...muted });

    expect((await confirm()).status).toBe(200);

    expect(await load('new')).toMatchObject({
      ...{ status: 'confirmed', hour: 6, weekday: 4, format: 'text', ...muted },
      consent: { replaces: 'old', requestedAt: NOW },
    });
    expect(await load('old')).toMatchObject({
      status: 'unsubscribed',
      statusChanges: [{ by: 'confirmation', note: 'moved to another address' }],
    });
    expect((await reader.read(manage)).text).toContain(
      `${OLD} gets no emails, because you moved to another address.`,
    );
    const unsubscribe = `/unsubscribe/${reader.tokenFor('unsubscribe', 'old')}`;
    for (const { text } of [await reader.read(unsubscribe), await reader.read(unsubscribe, {})]) {
      expect(text).toContain('You moved to another address. To stop its digests, unsubscribe with a link');
      expect(text).not.toContain('You are unsubscribed');
    }
  });

  test('keeps saying on the pages of the earlier address that it moved if the mail about it bounces', async () => {
    await know();
    await confirm();
    const bounce = createFeedback({ kind: 'bounced', subscriberId: 'old', at: reader.clock.now() });
    const { subscribers, deliveries } = reader.repositories;
    const telemetry = createFakeTelemetry();
    await handleFeedback(
      { subscribers, deliveries, clock: reader.clock, telemetry },
      { ...bounce, digest: undefined },
    );

    expect(await statusOf('old')).toBe('bounced');
    const { html, text } = await reader.read(manage);
    expect(text).toContain(`${OLD} gets no emails, because you moved to another address.`);
    expect(html).not.toContain('?edit=address');
    const unsubscribe = `/unsubscribe/${reader.tokenFor('unsubscribe', 'old')}`;
    expect((await reader.read(unsubscribe)).text).toContain('You moved to another address.');
    const third = { form: 'address', version: '1', address: 'third@example.org' };
    expect((await reader.read(manage, third)).status).toBe(409);
  });

  test('queues one mail to the earlier address, after the function ended, however often it is followed', async () => {
    const delays: (number | undefined)[] = [];
    const enqueue: FakeWeb['ports']['requests']['enqueue'] = (messages, delaySec) => {
      delays.push(delaySec);
      return world.ports.requests.enqueue(messages, delaySec);
    };
    const world = reader;
    reader = createReader({ ...world, ports: { ...world.ports, requests: { enqueue } } });
    await know();

    for (let n = 0; n < 3; n += 1) expect((await reader.read(path, {})).status).toBe(200);

    expect(reader.requested).toEqual([{ kind: 'moved', id: `new ${NOW}`, address: OLD }]);
    expect(delays).toEqual([TELL_AFTER_SEC]);
  });

  test('ends nothing, and can be followed again, if the mail to the earlier address cannot be queued', async () => {
    await know();
    const requests = createFakeQueue<QueuedWebRequest>(3);
    const failing = createReader({ ...reader, ports: { ...reader.ports, requests } });

    expect((await failing.read(path, {})).status).toBe(500);
    expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', 'confirmed']);

    expect((await failing.read(path, {})).status).toBe(200);
    expect(await statusOf('old')).toBe('unsubscribed');
    expect(requests.messages).toHaveLength(1);
  });

  test.each([undefined, '2026-02-01'])('keeps a pause until %s', async (pausedUntil) => {
    await know({ status: 'paused', pausedUntil });

    expect((await confirm()).text).toContain('Your digests are paused.');

    expect(await load('new')).toMatchObject({ status: 'paused', ...(pausedUntil && { pausedUntil }) });
    expect(await statusOf('old')).toBe('unsubscribed');
  });

  test('keeps no pause that has ended', async () => {
    await know({ status: 'paused', pausedUntil: '2026-01-05' });

    await confirm();

    expect(await statusOf('new')).toBe('confirmed');
  });

  test.each(['unsubscribed', 'bounced', 'complained', 'unconfirmed'] as const)(
    'confirms the new address and leaves a %s one as it is',
    async (status) => {
      const before = await know({ status, ...muted });

      expect((await reader.read(path)).text).toContain('That address stays as it is.');
      expect((await confirm()).text).not.toContain('Your earlier address');

      expect(await load('new')).toMatchObject({ status: 'confirmed', ...muted });
      expect(await load('old')).toEqual(before);
      expect(reader.requested).toEqual([]);
    },
  );

  test('confirms the new address after the earlier one was erased', async () => {
    await confirm();

    expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', undefined]);
    expect(reader.requested).toEqual([]);
    expect((await load('new'))?.consent.replaces).toBeUndefined();
  });

  test.each([
    ['its owner agreed to digests later', 'consent'],
    ['its owner made the links invalid that may have asked for the move', 'linksSince'],
  ] as const)(
    'moves nothing of the earlier address if %s, however often it is followed',
    async (_, since) => {
      const now = reader.clock.now();
      const later = { consent: { at: now, from: '192.0.2.7', text: 'Subscribe again' }, linksSince: now };
      await know({ ...muted, status: 'paused', [since]: later[since] });
      await recordSent('old');

      expect((await reader.read(path)).text).toContain('That address stays as it is.');
      for (const page of [await confirm(), await reader.read(path, {}), await reader.read(path)])
        expect(page.text).toContain('Your earlier address gets digests, too.');

      expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', 'paused']);
      expect((await load('new'))?.mutedPapers).toBeUndefined();
      expect(await reader.repositories.history.loadAll('new')).toEqual([]);
      expect(reader.requested).toEqual([]);
    },
  );

  test('changes nothing more when it is repeated, also after the earlier address came back', async () => {
    await know();
    await confirm();
    const after = await load('new');
    reader.clock.moveBy(60_000);
    await reader.read(manage, { action: 'resubscribe' });
    expect(await statusOf('old')).toBe('confirmed');

    expect((await reader.read(path, {})).text).toContain('You are subscribed');

    expect([await load('new'), await statusOf('old')]).toEqual([after, 'confirmed']);
  });

  test('does not move a subscription of which the reader saw nothing', async () => {
    await know(muted);
    await change('new', { signUp: { ...signUp, replaces: undefined } });
    const form = formOf((await reader.read(path)).html);
    // Somebody else asks meanwhile.
    await change('new', { signUp: { ...signUp, at: reader.clock.now() } });

    expect((await reader.read(path, form)).status).toBe(200);

    expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', 'confirmed']);
    expect((await load('new'))?.mutedPapers).toBeUndefined();
  });

  test('moves by the link of an earlier mail if the page says so', async () => {
    await know();
    await change('new', { signUp: { ...signUp, at: reader.clock.now() } });

    expect((await confirm()).status).toBe(200);

    expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', 'unsubscribed']);
  });

  test('ends an earlier address that came back between two requests', async () => {
    await know({ status: 'bounced' });
    reader.clock.moveBy(60_000);
    const consent = { at: reader.clock.now(), from: 'operator', text: 'restored' };
    await change('old', { status: 'confirmed', consent });
    reader.clock.moveBy(60_000);
    const again = withSignUp((await load('new')) ?? createSubscriber(), {
      ...signUp,
      at: reader.clock.now(),
    });
    await change('new', { signUp: again?.signUp });

    expect((await confirm()).status).toBe(200);

    expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', 'unsubscribed']);
  });

  test('has copies before the earlier address ends, and again after it', async () => {
    await know();
    const { history, subscribers } = reader.repositories;
    const seen: unknown[] = [];
    const copySent = async (from: string, to: string) => {
      seen.push((await subscribers.load('old'))?.status);
      return history.copySent(from, to);
    };
    const watched = createReader({
      ...reader,
      ports: { ...reader.ports, history: { ...reader.ports.history, copySent } },
    });

    expect((await watched.read(path, formOf((await reader.read(path)).html))).status).toBe(200);

    expect(seen).toEqual(['confirmed', 'unsubscribed']);
  });

  describe('if the earlier address could not be ended', () => {
    let form: ReturnType<typeof formOf>;

    beforeEach(async () => {
      await know();
      const { subscribers } = reader.repositories;
      const save = async (subscriber: Subscriber) => {
        if (subscriber.id === 'old') throw new Error('the worker died');
        return subscribers.save(subscriber);
      };
      form = formOf((await reader.read(path)).html);
      const dying = createReader({
        ...reader,
        ports: { ...reader.ports, subscribers: { ...subscribers, save } },
      });
      expect((await dying.read(path, form)).status).toBe(500);
      expect([await statusOf('new'), await statusOf('old')]).toEqual(['confirmed', 'confirmed']);
    });

    test('a repeated click ends it', async () => {
      expect((await reader.read(path, form)).text).toContain('You are subscribed');

      expect(await statusOf('old')).toBe('unsubscribed');
      // The worker answers a message once.
      const queued = { kind: 'moved', id: `new ${NOW}`, address: OLD };
      expect(reader.requested).toEqual([queued, queued]);
    });

    test('a move on to a third address ends both, and tells both', async () => {
      await recordSent('old');
      const at = reader.clock.now();
      const third = { id: 'third', address: 'third@example.org', status: 'unconfirmed' } as const;
      await know({ ...third, signUp: { ...signUp, at, replaces: 'new' } });
      const thirdPath = `/confirm/${reader.tokenFor('confirm', 'third', at)}`;
      reader.clock.moveBy(60_000);

      await reader.read(thirdPath, formOf((await reader.read(thirdPath)).html));

      expect([await statusOf('old'), await statusOf('new')]).toEqual(['unsubscribed', 'unsubscribed']);
      expect(await reader.repositories.history.loadAll('third')).toHaveLength(1);
      expect(reader.requested.slice(-2).map(({ address }) => address)).toEqual([OLD, NEW]);
    });

    test('the page says so, and has a button', async () => {
      const { html, text } = await reader.read(path);

      expect(text).toContain(`${NEW} is subscribed, but your earlier address still gets digests, too.`);
      expect(await findMistakes(html)).toEqual([]);
      expect(await statusOf('old')).toBe('confirmed');
      expect((await reader.read(path, {})).text).toContain('You are subscribed');
      expect(await statusOf('old')).toBe('unsubscribed');
    });
  });
});
