import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import { toMoveCause } from '../../../shared/domain/subscribers/move.ts';
import {
  endWith,
  type Subscriber,
  type SubscriberStatus,
} from '../../../shared/domain/subscribers/subscriber.ts';
import { MS_PER_DAY, MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import type { AccountMailKind, Mail, SendResult } from '../../../shared/ports/mail.ts';
import type { QueuedWebRequest, WebRequest } from '../../../shared/ports/queues.ts';
import { type AnswerRequestPorts, answerRequest } from '../../../shared/subscribers/answer-request.ts';
import { confirmSubscriber } from '../../../shared/subscribers/confirm-subscriber.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { hourlyLimitsSchema } from '../../../shared/subscribers/web-budgets.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';
import { isThorough } from '../../thorough.ts';

const ID_KEY = 'a key that turns addresses into ids, long enough';
const ADDRESS = 'ada@example.org';
const ID = toSubscriberId(ADDRESS, ID_KEY);

let clock: ManualClock;
let world: ReturnType<typeof open>;
let asked = 0;

function open(answer?: (mail: Mail, n: number) => SendResult | undefined) {
  const repositories = createFakeRepositories(clock);
  const mailer = createFakeMailer(answer);
  const composed: AccountMailKind[] = [];
  const telemetry = createFakeTelemetry();
  const ports: AnswerRequestPorts = {
    subscribers: repositories.subscribers,
    suppressions: repositories.suppressions,
    allowances: repositories.allowances,
    budgets: repositories.budgets,
    hourlyLimits: hourlyLimitsSchema.parse({}),
    compose: async (kind, { address }) => {
      composed.push(kind);
      return { from: 'papers@example.org', to: address, raw: '', tags: {} };
    },
    mailer,
    keyring: { load: async () => ({ idKey: ID_KEY, linkKeys: [] }) },
    clock,
    telemetry,
  };
  const confirmPorts = { ...ports, ...repositories, requests: createFakeQueue<QueuedWebRequest>() };
  return { ports, confirmPorts, mailer, composed, repositories, telemetry };
}

beforeEach(() => {
  clock = createManualClock('2026-01-05T08:00:00.000Z');
  world = open();
});

function signUpOf(address = ADDRESS, query = ''): WebRequest & { kind: 'sign-up' } {
  asked += 1;
  const signUp = {
    ...{ at: clock.now(), from: '192.0.2.1', text: 'Send me digests.', timeZone: 'Asia/Tokyo', hour: 6 },
    subscriptions: [createSubscription({ query })],
  };
  return { kind: 'sign-up', id: `request-${asked}`, address, signUp };
}

function linkFor(address = ADDRESS): WebRequest {
  asked += 1;
  return { kind: 'manage-link', id: `request-${asked}`, address };
}

/** Answers a request. Returns the mail that answered it, `none`, or `retry`. */
const answer = async (request: WebRequest) => {
  const result = await answerRequest(world.ports, request);
  if (result.kind === 'answered') return result.mail;
  return result.kind === 'unanswered' ? 'none' : 'retry';
};
const stored = (id = ID) => world.repositories.subscribers.load(id);
const know = (known: Partial<Subscriber>) =>
  world.repositories.subscribers.save(createSubscriber({ id: ID, address: ADDRESS, ...known }));

describe('a sign-up', () => {
  test('of a new address is saved unconfirmed, and is mailed a confirmation', async () => {
    const request = signUpOf(ADDRESS, 'agents');

    expect(await answer(request)).toBe('confirm');

    expect(world.mailer.sent.map(({ to }) => to)).toEqual([ADDRESS]);
    expect(await stored()).toMatchObject({
      ...{ id: ID, address: ADDRESS, status: 'unconfirmed', timeZone: 'Asia/Tokyo', hour: 6 },
      ...{ signUp: request.signUp, subscriptions: request.signUp.subscriptions },
    });
  });

  test.each(['confirmed', 'paused'] as const)(
    'of somebody %s changes nothing and mails a link',
    async (status) => {
      const before = await know({ status });

      expect(await answer(signUpOf())).toBe('already-subscribed');

      expect(await stored()).toEqual(before);
    },
  );

  test.each(['bounced', 'complained'] as const)('of a subscriber who %s sends no mail', async (status) => {
    const before = await know({ status });

    expect(await answer(signUpOf())).toBe('none');

    expect([await stored(), world.mailer.sent]).toEqual([before, []]);
  });

  test('of an address to which a subscriber moves is mailed with their weekday', async () => {
    const composed = jest.fn<AnswerRequestPorts['compose']>(world.ports.compose);
    await know({ id: 'old', address: 'old@example.org', weekday: 4 });
    const request = signUpOf();

    await answerRequest(
      { ...world.ports, compose: composed },
      { ...request, signUp: { ...request.signUp, replaces: 'old' } },
    );

    expect(composed.mock.calls).toEqual([['confirm', expect.objectContaining({ id: ID, weekday: 4 })]]);
  });

  test('by a mailed link asks a bounced mailbox to confirm, but not one that complained', async () => {
    const byLink = (): WebRequest => ({ ...signUpOf(), isByLink: true });
    await know({ status: 'bounced' });
    expect(await answer(byLink())).toBe('confirm');
    expect((await stored())?.signUp).toBeDefined();

    clock.moveBy(25 * MS_PER_HOUR);
    const bounced = await stored();
    if (bounced) await world.repositories.subscribers.save({ ...bounced, status: 'complained' });
    expect(await answer(byLink())).toBe('none');
  });

  test.each([
    { status: 'unsubscribed', onPage: 'confirm' },
    { status: 'bounced', onPage: 'none' },
    { status: 'complained', onPage: 'none' },
  ] as const)(
    'of somebody who $status and whose profile is erased is answered as before; an import never',
    async ({ status, onPage }) => {
      await know({ status });
      await world.repositories.subscribers.erase(ID);

      expect(await answer({ ...signUpOf(), isImported: true })).toBe('none');
      expect([await stored(), world.mailer.sent]).toEqual([undefined, []]);
      expect(await answer(signUpOf())).toBe(onPage);
    },
  );

  test('of a subscriber who left asks to confirm, and keeps the subscriptions', async () => {
    const before = await know({ status: 'unsubscribed' });
    const request = signUpOf();

    expect(await answer(request)).toBe('confirm');

    expect(await stored()).toEqual({ ...before, version: 2, signUp: request.signUp });
  });

  test.each(['unconfirmed', 'unsubscribed'] as const)(
    'of somebody %s, over an earlier one within a day, mails nobody, and the newest waits to be confirmed',
    async (status) => {
      await know({ status });
      await answer(signUpOf(ADDRESS, 'what a stranger wants'));
      clock.moveBy(MS_PER_HOUR);
      const newest = signUpOf(ADDRESS, 'what I want');

      expect(await answer(newest)).toBe('none');

      expect((await stored())?.signUp).toEqual(newest.signUp);
      expect(world.mailer.sent).toHaveLength(1);
    },
  );

  test('that is sent twice is confirmed by the link of its only mail', async () => {
    const first = signUpOf(ADDRESS, 'agents');
    await answer(first);
    clock.moveBy(MS_PER_HOUR);

    expect(await answer(signUpOf(ADDRESS, 'agents'))).toBe('none');

    const mailed = { signUpAt: first.signUp.at };
    expect(await confirmSubscriber(world.confirmPorts, ID, { from: '192.0.2.9', mailed })).toMatchObject({
      kind: 'confirmed',
    });
  });

  test('that arrives late does not replace a newer one', async () => {
    const older = signUpOf(ADDRESS, 'an old idea');
    clock.moveBy(MS_PER_HOUR);
    const newer = signUpOf(ADDRESS, 'what I want');

    await answer(newer);
    await answer(older);

    expect((await stored())?.signUp).toEqual(newer.signUp);
  });

  test('that is refused after unanswered mails leaves no profile', async () => {
    for (let n = 0; n < 3; n += 1) {
      await answer(signUpOf());
      clock.moveBy(25 * MS_PER_HOUR);
    }
    await world.repositories.subscribers.erase(ID);

    expect(await answer(signUpOf())).toBe('none');
    expect(await stored()).toBeUndefined();
  });
});

describe('a request for a link', () => {
  const kinds = {
    unconfirmed: 'none',
    confirmed: 'manage-link',
    paused: 'manage-link',
    unsubscribed: 'manage-link',
    bounced: 'none',
    complained: 'none',
  } as const satisfies Record<SubscriberStatus, string>;

  test.each(Object.entries(kinds))('of a subscriber who is %s is answered with %s', async (status, kind) => {
    const before = await know({ status: status as SubscriberStatus });

    expect(await answer(linkFor())).toBe(kind);

    expect(await stored()).toEqual(before);
  });

  test('is answered on the day on which its reader confirmed, once', async () => {
    expect(await answer(signUpOf())).toBe('confirm');
    clock.moveBy(MS_PER_HOUR);
    expect(await answer(linkFor())).toBe('none');

    const confirm = { from: '192.0.2.1', mailed: { mailedAt: clock.now() } };
    await confirmSubscriber(world.confirmPorts, ID, confirm);

    expect(await answer(linkFor())).toBe('manage-link');
    await confirmSubscriber(world.confirmPorts, ID, confirm);
    expect([await answer(linkFor()), await answer(signUpOf())]).toEqual(['none', 'none']);
  });

  test('for an unknown address sends no mail and saves nothing', async () => {
    expect(await answer(linkFor('nobody@example.org'))).toBe('none');
    expect(await stored(toSubscriberId('nobody@example.org', ID_KEY))).toBeUndefined();
  });
});

test('a link from the operator goes out once, even if the mailbox got a mail today', async () => {
  await know({ status: 'confirmed' });
  await answer(linkFor());
  const request: WebRequest = { kind: 'manage-link', id: 'by hand', address: ADDRESS, isByOperator: true };

  expect([await answer(linkFor()), await answer(request), await answer(request)]).toEqual([
    ...['none', 'manage-link', 'none'],
  ]);
});

describe('a request for a data link', () => {
  const dataLink = (): WebRequest => {
    asked += 1;
    return { kind: 'data-link', id: `request-${asked}`, address: ADDRESS };
  };

  test('is answered once, even if the mailbox got a mail today', async () => {
    await know({ status: 'confirmed' });
    await answer(linkFor());
    const request = dataLink();

    expect([await answer(request), await answer(request)]).toEqual(['data-link', 'none']);
    expect(await answer(dataLink())).toBe('data-link');
  });

  test.each(['unconfirmed', 'bounced', 'complained'] as const)(
    'of somebody %s mails nobody',
    async (status) => {
      await know({ status });

      expect(await answer(dataLink())).toBe('none');
    },
  );
});

describe('a mail about a move', () => {
  const OTHER_ENDS = ['unsubscribed', 'bounced', 'complained'] as const;
  const moved = (n = 1): WebRequest => ({ kind: 'moved', id: `new ${n}`, address: ADDRESS });
  const move = async (known: Partial<Subscriber> = {}) => {
    const old = await know(known);
    const ended = endWith(old, 'unsubscribed', toMoveCause(clock.now()));
    return ended && world.repositories.subscribers.save(ended);
  };

  test('goes to the earlier address, once, and changes nothing', async () => {
    const before = await move({ status: 'paused' });

    expect([await answer(moved()), await answer(moved())]).toEqual(['moved', 'none']);

    expect(world.mailer.sent.map(({ to }) => to)).toEqual([ADDRESS]);
    expect(await stored()).toEqual(before);
  });

  test.each(['confirmed', 'paused', 'unconfirmed', ...OTHER_ENDS] as const)(
    'goes to nobody who is %s and did not move',
    async (status) => {
      await know({ status });

      expect(await answer(moved())).toBe('none');
    },
  );

  test.each(['bounced', 'complained'] as const)(
    'goes to no address that %s after the move',
    async (ending) => {
      const old = await move();
      const ended = old && endWith(old, ending, { at: clock.now(), by: 'operator' });
      if (ended) await world.repositories.subscribers.save(ended);

      expect(await answer(moved())).toBe('none');
    },
  );

  test('goes to no erased address', async () => {
    await move();
    await world.repositories.subscribers.erase(ID);

    expect(await answer(moved())).toBe('none');
  });

  test('goes out even if a stranger caused the mail of the day, and starts no pause', async () => {
    await move();
    expect(await answer(linkFor())).toBe('manage-link');
    clock.moveBy(MS_PER_HOUR);

    expect(await answer(moved())).toBe('moved');

    clock.moveBy(23 * MS_PER_HOUR);
    expect(await answer(linkFor())).toBe('manage-link');
  });

  test('goes out again after SES was unreachable', async () => {
    world = open((_, n) => (n === 0 ? { kind: 'unreachable', reason: 'reset' } : undefined));
    await move();

    expect([await answer(moved()), await answer(moved()), await answer(moved())]).toEqual([
      ...['retry', 'moved', 'none'],
    ]);
  });

  test('goes out once if two messages about one move come at the same moment', async () => {
    await move();

    const ends = await Promise.all([answer(moved()), answer(moved())]);

    expect(ends.toSorted()).toEqual(['moved', 'retry']);
    expect(await answer(moved())).toBe('none');
  });

  test('goes out five times a day at most, however often a stranger moves the subscription', async () => {
    await move();
    const kinds = [];
    for (let n = 0; n < 20; n += 1) kinds.push(await answer(moved(n)));

    expect(kinds.filter((kind) => kind === 'moved')).toHaveLength(5);
    clock.moveBy(MS_PER_DAY);
    expect(await answer(moved(20))).toBe('moved');
  });

  test('does not wait for the hourly budget of other mails', async () => {
    world.ports = { ...world.ports, hourlyLimits: hourlyLimitsSchema.parse({ mails: 1 }) };
    await move();
    expect(await answer(signUpOf('ben@example.org'))).toBe('confirm');

    expect(await answer(moved())).toBe('moved');
  });
});

test('links of an erased profile do not work for a later profile of the address', async () => {
  await answer(signUpOf());

  const { linksSince = '' } = (await stored()) ?? {};
  expect(Date.parse(clock.now()) - Date.parse(linksSince)).toBe(60_000);
});

describe('a message that comes again', () => {
  test('sends no second mail', async () => {
    const request = signUpOf();

    expect([await answer(request), await answer(request)]).toEqual(['confirm', 'none']);
    expect(world.mailer.sent).toHaveLength(1);
  });

  test.each(['throttled', 'quota-used-up'] as const)(
    'is answered after SES refused the first mail as %s',
    async (kind) => {
      world = open((_, n) => (n === 0 ? { kind } : undefined));
      const request = signUpOf();

      expect(await answer(request)).toBe('retry');
      expect(await answer(request)).toBe('confirm');
      expect(world.mailer.sent).toHaveLength(1);
    },
  );

  test.each([
    { kind: 'rejected', reason: 'no' },
    { kind: 'uncertain', reason: 'reset' },
  ] as const)('is not mailed again if the first mail may have gone out: $kind', async (result) => {
    world = open(() => result);
    const warn = jest.spyOn(world.telemetry, 'warn');
    const request = signUpOf();

    await answer(request);

    expect(await answer(request)).toBe('none');
    expect(world.composed).toHaveLength(1);
    expect(world.telemetry.counts.get('RequestedMailsFailed')).toBe(1);
    expect(warn.mock.calls).toEqual([
      [
        'A mail that was asked for on the web may not arrive',
        { subscriberId: ID, result: result.kind, reason: result.reason },
      ],
    ]);
  });

  test('is answered after its first worker died before the mail', async () => {
    const request = signUpOf();
    const dying = { ...world.ports, compose: () => Promise.reject(new Error('killed')) };

    await expect(answerRequest(dying, request)).rejects.toThrow('killed');

    expect(await answer(request)).toBe('retry');
    clock.moveBy(3 * 60_000);
    expect(await answer(request)).toBe('confirm');
    expect(world.mailer.sent).toHaveLength(1);
  });
});

describe('the budget of an hour', () => {
  test('counts mails that went out, not requests that need none', async () => {
    for (let n = 0; n < 3_000; n += 1) await answer(signUpOf());

    expect(await answer(signUpOf('ben@example.org'))).toBe('confirm');
    expect(world.telemetry.counts.get('BudgetsUsedUp')).toBeUndefined();
  });

  test('used up by sign-ups, delays further sign-ups to the next hour, is counted, and does not delay links', async () => {
    for (let n = 0; n < 1_000; n += 1) await answer(signUpOf(`stranger-${n}@example.org`));
    await know({ status: 'confirmed' });
    const late = signUpOf('ben@example.org');

    expect(await answer(late)).toBe('retry');
    expect(world.telemetry.counts.get('BudgetsUsedUp')).toBe(1);
    expect(await answer(linkFor())).toBe('manage-link');
    clock.moveBy(MS_PER_HOUR);
    expect(await answer(late)).toBe('confirm');
  });

  test('is the one of the settings', async () => {
    world.ports = { ...world.ports, hourlyLimits: hourlyLimitsSchema.parse({ mails: 2 }) };
    for (let n = 0; n < 2; n += 1) await answer(signUpOf(`stranger-${n}@example.org`));

    expect(await answer(signUpOf('ben@example.org'))).toBe('retry');
  });

  test('counts a request once that comes again because SES took no mail', async () => {
    world = open((_, n) => (n < 2_000 ? { kind: 'throttled' } : undefined));
    const request = signUpOf();
    for (let n = 0; n < 2_000; n += 1) expect(await answer(request)).toBe('retry');

    expect(await answer(request)).toBe('confirm');
  });

  test('does not limit the mails of an import', async () => {
    for (let n = 0; n < 1_100; n += 1) {
      const request = { ...signUpOf(`member-${n}@example.org`), isImported: true as const };
      expect(await answer(request)).toBe('confirm');
    }
    expect(await answer(signUpOf('ben@example.org'))).toBe('confirm');
  });
});

describe('a request of an import', () => {
  test.each(['confirmed', 'paused', 'unsubscribed', 'bounced', 'complained'] as const)(
    'mails nobody who is %s by the time it is answered, and changes nothing',
    async (status) => {
      const known = await know({ status });

      expect(await answer({ ...signUpOf(), isImported: true })).toBe('none');

      expect(world.mailer.sent).toEqual([]);
      expect(await stored()).toEqual(known);
    },
  );

  test('asks an unconfirmed subscriber to confirm', async () => {
    await know({ status: 'unconfirmed' });

    expect(await answer({ ...signUpOf(), isImported: true })).toBe('confirm');
  });
});

describe('an attack', () => {
  const WAYS = [
    'ada@gmail.com',
    'ADA@gmail.com',
    'a.d.a@gmail.com',
    'ada+1@Gmail.com',
    'ad.a+spam@GOOGLEMAIL.COM',
  ];
  const SIGN_UPS = isThorough ? 100_000 : 5_000;

  test(`of ${SIGN_UPS} sign-ups at one victim over ten days, in every way to write the address, sends three mails on three days`, async () => {
    const days = 10;
    for (let n = 0; n < SIGN_UPS; n += 1) {
      await answer(signUpOf(WAYS[n % WAYS.length]));
      clock.moveBy((days * MS_PER_DAY) / SIGN_UPS);
    }

    expect(world.mailer.sent).toHaveLength(3);
  });

  test(`of ${SIGN_UPS} sign-ups at a subscriber sends one mail a day at most`, async () => {
    await know({ status: 'confirmed' });
    const days = 3;
    for (let n = 0; n < SIGN_UPS; n += 1) {
      await answer(n % 2 === 0 ? signUpOf() : linkFor());
      clock.moveBy((days * MS_PER_DAY) / SIGN_UPS);
    }

    expect(world.mailer.sent).toHaveLength(days);
  });

  test('does not keep others from signing up', async () => {
    for (let n = 0; n < 100; n += 1) await answer(signUpOf());

    expect(await answer(signUpOf('ben@example.org'))).toBe('confirm');
  });

  test('by two workers at the same moment sends one mail', async () => {
    await Promise.all(Array.from({ length: 10 }, () => answer(signUpOf())));

    expect(world.mailer.sent).toHaveLength(1);
  });

  test('with one message that ten workers get at the same moment sends one mail', async () => {
    const request = signUpOf();

    const ends = await Promise.all(Array.from({ length: 10 }, () => answer(request)));

    expect(ends.filter((end) => end !== 'retry')).toEqual(['confirm']);
    expect(world.mailer.sent).toHaveLength(1);
  });

  test('on a victim who answers none of three mails ends after 30 days, and then the owner can sign up', async () => {
    for (let n = 0; n < 3; n += 1) {
      await answer(signUpOf());
      clock.moveBy(25 * MS_PER_HOUR);
    }
    expect(await answer(signUpOf())).toBe('none');
    clock.moveBy(30 * MS_PER_DAY);
    expect(await answer(signUpOf())).toBe('confirm');
  });

  test('on one name at a company does not keep a similar name there from signing up', async () => {
    await answer(signUpOf('jan.e@example.org'));

    expect(await answer(signUpOf('jane@example.org'))).toBe('confirm');
  });
});
