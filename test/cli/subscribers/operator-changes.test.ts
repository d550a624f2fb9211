import { PassThrough } from 'node:stream';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { CommandError, PermissionError } from '../../../cli/deployment/errors.ts';
import { createStoredProfiles, createSuppressionList } from '../../../cli/subscribers/open-subscribers.ts';
import {
  changeAddressByHand,
  eraseByHand,
  restoreByHand,
  sendLinkByHand,
  unlockByHand,
  unsubscribeByHand,
} from '../../../cli/subscribers/operator-changes.ts';
import { listPage, parseLimit, toPersonalDataText } from '../../../cli/subscribers/show.ts';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../local/repositories.ts';
import { applyFeedback } from '../../../shared/domain/digests/feedback.ts';
import { ConflictError, InvalidInputError } from '../../../shared/domain/errors.ts';
import {
  endings,
  type Subscriber,
  subscriberStatuses,
} from '../../../shared/domain/subscribers/subscriber.ts';
import { MS_PER_MINUTE } from '../../../shared/domain/time/time.ts';
import type { QueuedWebRequest } from '../../../shared/ports/queues.ts';
import { exportSubscriber } from '../../../shared/subscribers/personal-data.ts';
import {
  type NamedSubscriber,
  parseSubscriberName,
  toMailboxId,
  toNamedSubscriber,
  toSubscriberId,
} from '../../../shared/subscribers/subscriber-id.ts';
import { dataLinkBudgetOf } from '../../../shared/subscribers/web-budgets.ts';
import { createFeedback } from '../../factories/ses-events.ts';
import { createSubscriber, leaveAndErase } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { createFakeQueue } from '../../fakes/outside.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const ID_KEY = 'a key that turns addresses into ids, long enough';
const ADDRESS = 'ada@example.org';
const ADA: NamedSubscriber = { id: toSubscriberId(ADDRESS, ID_KEY), address: ADDRESS };
const BY_ID: NamedSubscriber = { id: ADA.id };
const BY_OPERATOR = { at: NOW, by: 'operator' } as const;

let clock: ManualClock;
let documents: ReturnType<typeof openDocuments>;
let repositories: Repositories;
let ports: ReturnType<typeof openPorts>;
let suppressed: Set<string>;

function openPorts() {
  return {
    ...repositories,
    requests: createFakeQueue<QueuedWebRequest>(),
    suppression: { remove: async (address: string) => suppressed.delete(address) },
    keyring: { load: async () => ({ idKey: ID_KEY, linkKeys: [] }) },
    clock,
  };
}

beforeEach(() => {
  clock = createManualClock(NOW);
  documents = openDocuments(createMemoryDynamoDb(localTables));
  repositories = openRepositories(documents, localTables, clock);
  suppressed = new Set();
  ports = openPorts();
});

const failing = () => Promise.reject(new Error('the table is gone'));
const know = (known: Partial<Subscriber> = {}) =>
  repositories.subscribers.save(createSubscriber({ id: ADA.id, address: ADDRESS, ...known }));
const stored = () => repositories.subscribers.load(ADA.id);
const breakProfile = (known: Partial<Subscriber> = {}) =>
  documents.send(
    new PutCommand({
      TableName: localTables.subscribers,
      Item: {
        pk: `SUB#${ADA.id}`,
        sk: 'PROFILE',
        id: ADA.id,
        hour: 'eight',
        dailyCohort: 'daily#UTC#08',
        ...known,
      },
    }),
  );

/** A context that remembers what is printed; with `answers` typed on a terminal, without them none. */
function speak(answers?: string) {
  const printed: string[] = [];
  const errors: string[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  if (answers !== undefined) input.end(`${answers}\n`);
  const terminal = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  terminal.resume();
  const print = (text: string) => printed.push(text);
  const printError = (text: string) => errors.push(text);
  return { printed, errors, context: { print, printError, input, terminal } };
}

describe('the name of a subscriber', () => {
  const { id } = ADA;

  test.each([
    [ADDRESS, ADA],
    [' Ada@Example.org ', { id, address: 'Ada@Example.org' }],
    [id, BY_ID],
    [`unsubscribe ${id}`, BY_ID],
    [`Re: Fwd: UNSUBSCRIBE ${id}`, BY_ID],
    ['unsubscribe -AzQIHBHZPtYiXMvT9jPjl', { id: '-AzQIHBHZPtYiXMvT9jPjl' }],
  ])('can be %j', (text, named) => {
    expect(toNamedSubscriber(parseSubscriberName(text), ID_KEY)).toEqual(named);
  });

  test.each(['', 'ada', 'ada@', 'unsubscribe', `${id}x`, 'please unsubscribe me'])('cannot be %j', (text) => {
    expect(() => parseSubscriberName(text)).toThrow(InvalidInputError);
  });
});

describe('unsubscribing by hand', () => {
  test('stops the digests, and records when, by whom and why', async () => {
    await know();

    const said = await unsubscribeByHand(ports, BY_ID, 'asked by mail');

    expect(said).toBe(`Unsubscribed ${ADDRESS} (${ADA.id}). No more digests are sent.`);
    expect(await stored()).toMatchObject({
      status: 'unsubscribed',
      statusChanges: [{ status: 'unsubscribed', ...BY_OPERATOR, note: 'asked by mail' }],
    });
  });

  test('says why a subscriber already gets no digests', async () => {
    const statusChanges = [{ status: 'unsubscribed', at: '2026-01-03T08:00:00.000Z', by: 'link' } as const];
    const before = await know({ status: 'unsubscribed', statusChanges });

    expect(await unsubscribeByHand(ports, ADA, undefined)).toContain(
      'already gets no digests: unsubscribed on 3 January 2026 at 08:00 UTC by the link in an email.',
    );
    expect(await stored()).toEqual(before);
  });

  test('works for a profile that cannot be read', async () => {
    await breakProfile();

    expect(await unsubscribeByHand(ports, ADA, undefined)).toContain('although the profile cannot be read');
  });
});

test.each([
  ['unsubscribe', () => unsubscribeByHand(ports, ADA, undefined)],
  ['restore', () => restoreByHand(ports, ADA, { isDespiteComplaint: true })],
  ['erase by id', () => eraseByHand(ports, BY_ID, true, speak().context)],
  ['send a link', () => sendLinkByHand(ports, ADA)],
  ['change the address', () => changeAddressByHand(ports, ADA, 'new@example.org')],
  ['unlock by id', () => unlockByHand(ports, BY_ID)],
])('%s: refuses an unknown subscriber, and changes nothing', async (_, run) => {
  await expect(run()).rejects.toThrow(CommandError);

  expect(await stored()).toBeUndefined();
});

test.each([
  ['unsubscribe', () => unsubscribeByHand(ports, ADA, undefined)],
  ['restore', () => restoreByHand(ports, ADA, { isDespiteComplaint: true })],
  ['erase by id', () => eraseByHand(ports, BY_ID, true, speak().context)],
  ['send a link', () => sendLinkByHand(ports, ADA)],
])('%s: says when and how an erased subscriber left', async (_, run) => {
  const left = { status: 'complained', at: NOW, by: 'complaint' } as const;
  await leaveAndErase(repositories.subscribers, ADA.id, left);

  await expect(run()).rejects.toThrow(
    /They left: complained on 5 January 2026 at 08:00 UTC .*--despite-leaving/,
  );
});

describe('restoring', () => {
  test.each(['unsubscribed', 'bounced'] as const)(
    'restarts the digests after %s, with a consent that the operator vouches for',
    async (status) => {
      suppressed.add(ADDRESS);
      await know({ status, softBounces: 3 });

      const said = await restoreByHand(ports, ADA, { isDespiteComplaint: false, note: 'a mail of today' });

      expect(said).toContain('Digests start again. Amazon SES no longer suppresses the address.');
      expect(await stored()).toMatchObject({
        status: 'confirmed',
        softBounces: 0,
        consent: { at: NOW, from: 'operator', text: expect.stringContaining('vouches') },
        statusChanges: [{ status: 'confirmed', ...BY_OPERATOR, note: 'a mail of today' }],
      });
      expect([...suppressed]).toEqual([]);
    },
  );

  test('warns of a complaint, and needs --despite-complaint', async () => {
    const before = await know({ status: 'complained' });
    suppressed.add(ADDRESS);

    const refused = restoreByHand(ports, ADA, { isDespiteComplaint: false });
    await expect(refused).rejects.toThrow(/harms the delivery to all readers.*add --despite-complaint/);
    expect([await stored(), suppressed.size]).toEqual([before, 1]);

    await restoreByHand(ports, ADA, { isDespiteComplaint: true });
    expect(await stored()).toMatchObject({ status: 'confirmed' });
  });

  test('keeps the suppression of a reader who complains at the same moment', async () => {
    const known = await know({ status: 'bounced' });
    suppressed.add(ADDRESS);
    const subscribers = {
      ...repositories.subscribers,
      async save(): Promise<Subscriber> {
        await repositories.subscribers.save({ ...known, status: 'complained' });
        throw new ConflictError('somebody else saved it');
      },
    };

    const refused = restoreByHand({ ...ports, subscribers }, ADA, { isDespiteComplaint: false });

    await expect(refused).rejects.toThrow('add --despite-complaint');
    expect([...suppressed]).toEqual([ADDRESS]);
  });

  test('says that SES may still suppress the address, and a repeat removes it', async () => {
    await know({ status: 'bounced' });
    suppressed.add(ADDRESS);
    const suppression = {
      remove: () => Promise.reject(new PermissionError('ses:DeleteSuppressedDestination')),
    };

    const half = restoreByHand({ ...ports, suppression }, ADA, { isDespiteComplaint: false });
    await expect(half).rejects.toThrow(
      /is restored.*may still suppress.*ses:DeleteSuppressedDestination\..*needs\. Run the command again\.$/s,
    );
    expect(await stored()).toMatchObject({ status: 'confirmed' });

    expect(await restoreByHand(ports, ADA, { isDespiteComplaint: false })).toContain(
      'Amazon SES no longer suppresses the address.',
    );
    expect([(await stored())?.statusChanges.length, suppressed.size]).toEqual([1, 0]);
  });

  test.each([
    ['confirmed', 'They already get digests.'],
    ['paused', 'They can end the pause'],
    ['unconfirmed', 'use npx broadsheet subscribers add'],
  ] as const)('is refused for a subscriber who is %s, with advice', async (status, advice) => {
    const before = await know({ status });

    await expect(restoreByHand(ports, ADA, { isDespiteComplaint: true })).rejects.toThrow(advice);
    expect(await stored()).toEqual(before);
  });

  test('does not end the pause of a subscriber whom the operator added', async () => {
    const consent = { at: NOW, from: 'operator', text: 'The operator vouches for it.' };
    const before = await know({ status: 'paused', consent });

    await expect(restoreByHand(ports, ADA, { isDespiteComplaint: true })).rejects.toThrow(
      'They can end the pause',
    );
    expect(await stored()).toEqual(before);
  });

  test('is undone by a later bounce, not by an earlier one', async () => {
    await know({ status: 'bounced' });
    await restoreByHand(ports, ADA, { isDespiteComplaint: false });
    const restored = (await stored()) ?? createSubscriber();

    const at = '2026-01-05T07:59:00.000Z';
    expect(applyFeedback(restored, createFeedback({ kind: 'bounced', at }))).toBeUndefined();
    expect(applyFeedback(restored, createFeedback({ kind: 'bounced', at: NOW }))?.status).toBe('bounced');
  });
});

describe('the suppression list of SES', () => {
  const removeFrom = (response: ReturnType<typeof createResponse>) => {
    const client = new SESv2Client(localClientOptions('http://127.0.0.1:1'));
    answerRequests(client, () => response);
    return createSuppressionList(client).remove(ADDRESS);
  };
  const refusal = (statusCode: number, name: string) => {
    const { headers, ...response } = createResponse(statusCode, { message: 'no' });
    return { ...response, headers: { ...headers, 'x-amzn-errortype': name } };
  };

  test('returns whether the address was on it', async () => {
    expect(await removeFrom(createResponse(200, {}))).toBe(true);
    expect(await removeFrom(refusal(404, 'NotFoundException'))).toBe(false);
  });

  test('names the permission that is missing', async () => {
    await expect(removeFrom(refusal(403, 'AccessDeniedException'))).rejects.toMatchObject({
      permission: 'ses:DeleteSuppressedDestination',
    });
  });
});

describe('erasing by hand', () => {
  const keep = async () => {
    await know();
    const edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
    await repositories.editions.saveBatch(edition, 0, [ADA.id]);
    const key = { subscriberId: ADA.id, cadence: 'daily', period: '2026-01-05' } as const;
    await repositories.deliveries.claim(key, { ...edition, batch: 0 }, [], NOW);
    await repositories.allowances.take(toMailboxId(ADDRESS, ID_KEY), { id: 'r', asksToConfirm: true }, NOW);
  };
  const left = async () => [
    await exportSubscriber(ports, ADA.id),
    await repositories.history.loadAll(ADA.id),
    await repositories.allowances.load(toMailboxId(ADDRESS, ID_KEY)),
  ];

  test('asks first, and keeps everything after a no', async () => {
    await keep();
    const { context, errors } = speak('n');

    expect(await eraseByHand(ports, ADA, false, context)).toBe(2);

    expect(errors).toEqual(['Nothing was changed.']);
    expect(await stored()).toMatchObject({ status: 'confirmed' });
  });

  test('needs --yes without a terminal', async () => {
    await keep();

    await expect(eraseByHand(ports, ADA, false, speak().context)).rejects.toThrow('Add --yes');
    expect(await stored()).toBeDefined();
  });

  test.each([
    ['a yes', 'y', false],
    ['--yes', undefined, true],
  ])('with %s erases everything', async (_, answers, isYes) => {
    await keep();
    const { context, printed } = speak(answers);

    expect(await eraseByHand(ports, BY_ID, isYes, context)).toBe(0);

    expect(printed).toEqual([
      `Erased ${ADDRESS} (${ADA.id}). Backups keep the data for up to 35 days. This record stays under the id, without the address: unsubscribed on 5 January 2026 at 08:00 UTC by the operator.`,
    ]);
    expect(await left()).toEqual([undefined, [], undefined]);
  });

  test('erases what an earlier run left, by address', async () => {
    await keep();
    await repositories.subscribers.erase(ADA.id);
    const { context, printed } = speak();

    expect(await eraseByHand(ports, ADA, true, context)).toBe(0);

    expect(printed.join()).toContain('Erased what an earlier run left.');
    expect(await left()).toEqual([undefined, [], undefined]);
  });

  test('erases a profile that cannot be read, and says what stays if only the id is known', async () => {
    await keep();
    await breakProfile();
    const { context, errors } = speak();

    expect(await eraseByHand(ports, BY_ID, true, context)).toBe(0);

    expect(errors.join()).toContain('expires within 30 days');
    expect((await left()).slice(0, 2)).toEqual([undefined, []]);
  });

  test.each([
    [undefined, 'unsubscribed'],
    ['confirmed', 'unsubscribed'],
    ['unsubscribed', 'unsubscribed'],
    ['bounced', 'bounced'],
    ['complained', 'complained'],
  ] as const)('records that an unreadable profile with status %s is %s', async (status, kept) => {
    await breakProfile(status && { status });

    expect(await eraseByHand(ports, BY_ID, true, speak().context)).toBe(0);

    expect(await repositories.suppressions.load(ADA.id)).toMatchObject({ status: kept, at: NOW });
  });

  test.each(endings)('records that a profile of an earlier version is %s', async (status) => {
    await know({ status, statusChanges: [] });
    await repositories.suppressions.erase(ADA.id);

    await eraseByHand(ports, BY_ID, true, speak().context);

    expect(await repositories.suppressions.load(ADA.id)).toEqual({ status, at: NOW });
    expect(await stored()).toBeUndefined();
  });
});

test('queues a link to manage only for subscribers who may be mailed', async () => {
  const queued: string[] = [];
  for (const status of subscriberStatuses) {
    const address = `${status}@example.org`;
    const { id } = await repositories.subscribers.save(createSubscriber({ id: status, address, status }));
    await sendLinkByHand(ports, { id }).then(
      () => queued.push(status),
      (error) => expect(error).toBeInstanceOf(CommandError),
    );
  }

  expect(queued).toEqual(['confirmed', 'paused', 'unsubscribed']);
  expect(ports.requests.messages).toMatchObject(
    queued.map((status) => ({ kind: 'manage-link', address: `${status}@example.org`, isByOperator: true })),
  );
});

test('does not say that a link is queued if the queue refuses it', async () => {
  await know();
  const requests = { enqueue: () => Promise.reject(new Error('the queue is gone')) };

  await expect(sendLinkByHand({ ...ports, requests }, ADA)).rejects.toThrow('the queue is gone');
});

describe('changing the address', () => {
  const NEW = 'new@example.org';

  test('queues a mail that asks the new address to confirm, and changes nothing', async () => {
    const before = await know({ hour: 6 });

    const said = await changeAddressByHand(ports, ADA, NEW);

    expect(said).toContain(`on its way to ${NEW}, unless the mailbox got one today or did not answer three.`);
    expect(ports.requests.messages).toMatchObject([
      { kind: 'sign-up', address: NEW, signUp: { from: 'operator', hour: 6, replaces: ADA.id } },
    ]);
    expect(await stored()).toEqual(before);
  });

  test.each<[string, Partial<Subscriber>, string, string]>([
    ['the present address', {}, 'ADA@example.org', 'has this address already'],
    ['somebody who left', { status: 'unsubscribed' }, NEW, 'Status of ada@example.org'],
    ['a subscribed address', {}, 'ben@example.org', 'ben@example.org gets no mail that asks to confirm'],
    ['an address that complained and was erased', {}, 'eve@example.org', 'Status: complained on'],
  ])('refuses %s, and queues nothing', async (_, known, address, message) => {
    await know(known);
    const id = toSubscriberId('ben@example.org', ID_KEY);
    await repositories.subscribers.save(createSubscriber({ id, address: 'ben@example.org' }));
    const eve = { id: toSubscriberId('eve@example.org', ID_KEY), address: 'eve@example.org' };
    await repositories.subscribers.save(createSubscriber({ ...eve, status: 'complained' }));
    await repositories.subscribers.erase(eve.id);

    await expect(changeAddressByHand(ports, ADA, address)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );

    expect(ports.requests.messages).toEqual([]);
  });
});

describe('unlocking', () => {
  const mailbox = toMailboxId(ADDRESS, ID_KEY);
  const ask = (n: number) =>
    repositories.allowances.take(mailbox, { id: `r${n}`, asksToConfirm: true }, clock.now());
  const lock = async () => {
    for (let n = 0; n < 3; n += 1) {
      expect(await ask(n)).toBe('taken');
      clock.moveBy(25 * 60 * MS_PER_MINUTE);
    }
    expect(await ask(3)).toBe('refused');
  };

  test('says that the last request got no mail if sending it failed', async () => {
    await ask(0);
    await repositories.allowances.release(mailbox, 'r0');

    expect(await unlockByHand(ports, ADA)).toBe(
      `${ADDRESS} can ask for mails again. The last request got no mail; 1 mail that asked to confirm got no answer.`,
    );
  });

  test('lifts the lock of an unknown address, and describes it', async () => {
    await lock();

    expect(await unlockByHand(ports, ADA)).toBe(
      `${ADDRESS} can ask for mails again. The last request was on 7 January 2026 at 10:00 UTC; 3 mails that asked to confirm got no answer, which locked the address.`,
    );
    expect(await ask(4)).toBe('taken');
    expect(await unlockByHand(ports, ADA)).toContain('1 mail that asked to confirm got no answer.');
    expect(await unlockByHand(ports, ADA)).toBe(`${ADDRESS} can ask for mails again.`);
  });

  test.each([
    ['the mails', () => ({ allowances: { ...repositories.allowances, erase: failing } })],
    ['the data links', () => ({ budgets: { ...repositories.budgets, forget: failing } })],
  ])('does not say that it lifted the limit of %s if that failed', async (_, broken) => {
    await lock();

    await expect(unlockByHand({ ...ports, ...broken() }, ADA)).rejects.toThrow('the table is gone');
  });

  test('works by id for a known subscriber, and lifts the limit of data links', async () => {
    await know();
    const budget = dataLinkBudgetOf(ADA.id, NOW);
    while (await repositories.budgets.spend(budget));

    expect(await unlockByHand(ports, BY_ID)).toBe(`${ADDRESS} can ask for mails again.`);

    expect(await repositories.budgets.spend(budget)).toBe(true);
  });
});

describe('showing', () => {
  test('describes all stored data', async () => {
    const statusChanges = [
      { status: 'confirmed', at: '2026-01-02T07:30:00.000Z', by: 'confirmation' },
      { status: 'bounced', at: '2026-01-03T08:00:00.000Z', by: 'bounce', note: 'General 5.1.1' },
    ] as const;
    await know({ status: 'bounced', statusChanges: [...statusChanges] });
    const data = await exportSubscriber(ports, ADA.id);

    expect(data && toPersonalDataText(data, NOW)).toBe(
      [
        `${ADDRESS} (${ADA.id})`,
        'Status: bounced',
        'Status changes:',
        '  confirmed on 2 January 2026 at 07:30 UTC by the link in the email that asked to confirm',
        '  bounced on 3 January 2026 at 08:00 UTC because an email came back (General 5.1.1)',
        'Digests:',
        '  daily, every day at 08:00 (Europe/Berlin): hf-daily, every paper, trending papers first',
        'Consent: on 1 January 2026 at 00:00 UTC, from the sign-up page: "Send me digests."',
        'Digests of the last 100 days: none',
      ].join('\n'),
    );
  });

  test('says that a subscriber moved here, or that a sign-up is a move', async () => {
    const { consent, ...known } = createSubscriber();
    const { timeZone, hour, subscriptions } = known;
    const signUp = { ...consent, timeZone, hour, subscriptions, replaces: 'b2' };
    await know({ status: 'unsubscribed', consent: { ...consent, replaces: 'a1' }, signUp });
    const held = await exportSubscriber(ports, ADA.id);

    const text = held && toPersonalDataText(held, NOW);
    expect(text).toContain('\nMoved here from: a1\n');
    expect(text).toContain('from the sign-up page to move here from b2 is not confirmed yet');
  });

  test('does not call the sign-up of an unconfirmed subscriber a consent', async () => {
    await know({ status: 'unconfirmed' });
    const data = await exportSubscriber(ports, ADA.id);

    expect(data && toPersonalDataText(data, NOW)).toContain('\nSigned up: on 1 January 2026');
  });
});

describe('listing', () => {
  const profiles = () => createStoredProfiles({ documents, name: localTables.subscribers });
  const list = async (request: Partial<Parameters<typeof listPage>[1]>, isJson = true) => {
    const { context, printed, errors } = speak();
    const code = await listPage({ profiles: profiles(), clock }, { limit: 100, ...request }, isJson, context);
    return { code, printed, errors };
  };
  const save = (n: number, known: Partial<Subscriber> = {}) =>
    repositories.subscribers.save(createSubscriber({ id: `subscriber-${n}`, ...known }));

  test('lists every subscriber exactly once', async () => {
    for (let n = 0; n < 25; n += 1) await save(n, n % 2 === 0 ? {} : { status: 'unsubscribed' });
    await repositories.planner.save({ lastTick: NOW, arrivals: {} }, undefined);

    for (const [status, expected] of [
      [undefined, 25],
      ['unsubscribed', 12],
      ['bounced', 0],
    ] as const) {
      const seen: string[] = [];
      for (let after: string | undefined, pages = 0; pages === 0 || after !== undefined; pages += 1) {
        const { printed } = await list({ status, limit: 4, after });
        const page = JSON.parse(printed[0] ?? '') as { subscribers: { id: string }[]; next?: string };
        expect(page.subscribers.length).toBeLessThanOrEqual(4);
        seen.push(...page.subscribers.map(({ id }) => id));
        after = page.next;
      }
      expect([seen.length, new Set(seen).size]).toEqual([expected, expected]);
    }
  });

  test('stops reading when the page is full', async () => {
    let read = 0;
    const endless = {
      async *loadAll() {
        for (;;) {
          read += 1;
          yield { subscriber: createSubscriber({ id: `s${read}` }) };
        }
      },
    };

    await listPage({ profiles: endless, clock }, { limit: 10 }, false, speak().context);

    expect(read).toBe(11);
  });

  test('counts a pause that is over as confirmed', async () => {
    await save(1, { status: 'paused', pausedUntil: '2026-01-02' });

    expect((await list({ status: 'paused' }, false)).printed).toEqual([]);
    expect((await list({ status: 'confirmed' }, false)).printed).toEqual([
      'confirmed     subscriber-1  subscriber-1@example.org',
    ]);
  });

  test('leaves out a profile that cannot be read, says so, and ends with 1', async () => {
    await save(1);
    await breakProfile();

    const { code, printed, errors } = await list({}, false);

    expect([code, printed.length, errors]).toEqual([1, 1, [expect.stringContaining(`SUB#${ADA.id}`)]]);
    expect(errors.join()).not.toContain('@');
  });

  test.each(['0', '1001', '-1', 'ten', '1e3'])('refuses a page of %s', (limit) => {
    expect(() => parseLimit(limit)).toThrow(InvalidInputError);
  });
});
