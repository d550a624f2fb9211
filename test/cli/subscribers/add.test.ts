import { describe, expect, test } from '@jest/globals';
import { CommandError } from '../../../cli/deployment/errors.ts';
import {
  type AddArguments,
  addByHand,
  addLeaver,
  parseReader,
  toText,
} from '../../../cli/subscribers/add.ts';
import { listsOf } from '../../../infra/settings/derived.ts';
import { parseSettings } from '../../../infra/settings/parse-settings.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { ConflictError, InvalidInputError } from '../../../shared/domain/errors.ts';
import { endings, subscriberSchema } from '../../../shared/domain/subscribers/subscriber.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber, createSubscription, leaveAndErase } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const LEFT_AT = '2026-01-03T08:00:00.000Z';
const ID_KEY = 'k'.repeat(43);
const settings = parseSettings({
  stage: 'dev',
  publication: { fromAddress: 'papers@example.org' },
  lists: { 'hf-daily': {}, arxiv: { categories: ['cs.*', 'math.NA'] } },
  defaults: { cadence: 'weekly', hour: 7 },
});
const ALL_LISTS = ['hf-daily'];
const KNOWN = listsOf(settings).map(({ id }) => id);

const parse = (address: string, given: Omit<AddArguments, 'address'> = {}) =>
  parseReader({ address, ...given }, settings);
const open = () => ({
  ...createFakeRepositories(createManualClock(NOW)),
  clock: createManualClock(NOW),
  idKey: ID_KEY,
});

describe('the arguments', () => {
  test('default to the settings', () => {
    expect(parse('ada@example.org')).toEqual({
      address: 'ada@example.org',
      timeZone: 'UTC',
      hour: 7,
      subscription: { lists: ALL_LISTS, query: '', cadence: 'weekly', maxPapers: 10, sort: 'trending' },
    });
  });

  test('set lists, query, order, cadence, hour and time zone', () => {
    const given = {
      hour: '08',
      cadence: 'daily',
      list: ['hf-daily', 'hf-daily'],
      query: ' "world model" ',
      sort: 'match',
    };
    expect(parse(' ada@example.org', { timeZone: 'Europe/Berlin', ...given })).toEqual({
      address: 'ada@example.org',
      timeZone: 'Europe/Berlin',
      hour: 8,
      subscription: {
        lists: ['hf-daily'],
        query: '"world model"',
        cadence: 'daily',
        maxPapers: 10,
        sort: 'match',
      },
    });
  });

  test.each<[string, Omit<AddArguments, 'address'>, RegExp]>([
    ['ada', {}, /^the address is "ada": expected an email address/],
    ['a@example.org', { hour: '24' }, /^--hour is "24": expected an hour from 0 to 23$/],
    ['a@example.org', { hour: '' }, /^--hour is ""/],
    ['a@example.org', { cadence: 'hourly' }, /^--cadence is "hourly": expected instant, daily/],
    ['a@example.org', { sort: 'best' }, /^--sort is "best": expected trending, new, match$/],
    ['a@example.org', { timeZone: '+01:00' }, /^--time-zone is "\+01:00": a time zone is an IANA name/],
    ['a@example.org', { timeZone: 'PST' }, /^--time-zone is "PST": a time zone is an IANA name/],
    ['a@example.org', { query: 'a or b' }, /^--query is "a or b": at character 3: "or" is not in capitals/],
    [
      'a@example.org',
      { list: ['hf-daily', 'gone/cs.CL'] },
      /^--list: "gone\/cs\.CL" is not a list here\. Did you mean arxiv\/cs\.CL, /,
    ],
    ['a@example.org', { query: 'list:hf-dayly' }, /^--query is .* Write list:hf-daily$/],
    ['a@example.org', { query: '"open' }, /^--query is "\\"open": at character 1: this quotation mark/],
  ])('are refused: %s with %j', (address, given, message) => {
    expect(() => parse(address, given)).toThrow(InvalidInputError);
    expect(() => parse(address, given)).toThrow(message);
  });

  test.each(['ada@bücher.example', 'Ada <ada@bücher.example>', '\ufeffada@bücher.example'])(
    'hold an address as every other entry understands it: %j',
    (address) => {
      expect(parse(address).address).toBe('ada@xn--bcher-kva.example');
    },
  );

  test('are refused with all faults in one message', () => {
    expect(() => parse('ada', { hour: '24' })).toThrow(/^the address is .*\n--hour is /);
  });
});

describe('adding a subscriber', () => {
  const reader = parse('Ada@Example.org', { timeZone: 'Europe/Berlin', query: 'agents' });

  test('saves a confirmed subscriber, and a consent that the operator vouches for', async () => {
    const ports = open();

    const added = await addByHand(ports, reader, false);

    const id = toSubscriberId('ada@example.org', ID_KEY);
    expect(added.id).toBe(id);
    expect(subscriberSchema.parse(await ports.subscribers.load(id))).toEqual({
      id,
      address: 'Ada@Example.org',
      status: 'confirmed',
      timeZone: 'Europe/Berlin',
      hour: 7,
      weekday: 1,
      format: 'html',
      subscriptions: [
        { id: 's1', lists: ALL_LISTS, query: 'agents', cadence: 'weekly', maxPapers: 10, sort: 'trending' },
      ],
      consent: { at: NOW, from: 'operator', text: expect.stringContaining('vouches') },
      linksSince: '2026-01-05T07:59:00.000Z',
      statusChanges: [{ status: 'confirmed', at: NOW, by: 'operator' }],
      softBounces: 0,
      version: 1,
    });
    expect(await ports.cohorts.loadAll()).toHaveLength(1);
    expect(toText(added, KNOWN, false)).toBe(
      `Added Ada@Example.org (${id}), confirmed:\n  weekly, 07:00 Europe/Berlin: ${ALL_LISTS.join(', ')}, papers that match agents, trending papers first`,
    );
  });

  test('keeps an old name of a time zone, and prints the current one', async () => {
    const added = await addByHand(open(), parse('ada@example.org', { timeZone: 'Asia/Calcutta' }), false);

    expect(added.timeZone).toBe('Asia/Calcutta');
    expect(toText(added, KNOWN, false)).toContain('weekly, 07:00 Asia/Kolkata: hf-daily');
  });

  test('keeps which news the reader wants, and prints it', async () => {
    const added = await addByHand(
      open(),
      parse('ada@example.org', { tellPicked: true, tellVersions: true }),
      false,
    );

    expect(added.subscriptions).toMatchObject([{ tellPicked: true, tellVersions: true }]);
    expect(toText(added, KNOWN, false)).toMatch(
      /trending papers first, with news of picked papers and new versions$/,
    );
  });

  test('prints the advice of the pages about a query that may not mean what its writer thinks', async () => {
    const added = await addByHand(open(), parse('ada@example.org', { query: 'a b OR c' }), true);

    expect(toText(added, KNOWN, true)).toMatch(
      /papers that match a b OR c, .*\n {4}We read this as: \(a b\) OR c$/,
    );
    const unread = await addByHand(open(), parse('b@example.org', { query: 'list:arxiv/hep-th' }), true);
    expect(toText(unread, KNOWN, true)).toContain('\n    "arxiv/hep-th" is not a list here. Did you mean ');
  });

  test('saves nothing in a dry run', async () => {
    const ports = open();

    const added = await addByHand(ports, reader, true);

    expect(await ports.subscribers.load(added.id)).toBeUndefined();
    expect(toText(added, KNOWN, true)).toMatch(/^Would add Ada@Example\.org/);
  });

  test('keeps the time from which links of an unconfirmed profile are valid', async () => {
    const ports = open();
    const id = toSubscriberId('ada@example.org', ID_KEY);
    const linksSince = '2026-01-04T08:00:00.000Z';
    await ports.subscribers.save(createSubscriber({ id, status: 'unconfirmed', linksSince }));

    expect((await addByHand(ports, reader, false)).linksSince).toBe(linksSince);
  });

  test('refuses an address that left and was erased', async () => {
    const ports = open();
    const id = toSubscriberId('ada@example.org', ID_KEY);
    await leaveAndErase(ports.subscribers, id, { status: 'complained', at: LEFT_AT, by: 'complaint' });

    await expect(addByHand(ports, reader, false)).rejects.toThrow(
      'Ada@Example.org left on 3 January 2026 at 08:00 UTC (complained), and the profile is erased',
    );
    await expect(addByHand(ports, reader, false)).rejects.toThrow(
      'use npx broadsheet subscribers add --despite-leaving. Another complaint harms',
    );
    await leaveAndErase(ports.subscribers, id, { status: 'unsubscribed', at: LEFT_AT, by: 'page' });
    await expect(addByHand(ports, reader, false)).rejects.toThrow('They can also sign up on the page.');
    expect(await ports.subscribers.load(id)).toBeUndefined();
  });

  test('refuses a person who left, was erased and signed up again without confirming', async () => {
    const ports = open();
    const id = toSubscriberId('ada@example.org', ID_KEY);
    await leaveAndErase(ports.subscribers, id, { status: 'bounced', at: LEFT_AT, by: 'bounce' });
    await ports.subscribers.save(createSubscriber({ id, status: 'unconfirmed' }));

    await expect(addByHand(ports, reader, false)).rejects.toThrow('subscribers add --despite-leaving');
    expect(await ports.subscribers.load(id)).toMatchObject({ status: 'unconfirmed' });
  });

  test.each(endings)('adds a person who %s and was erased, with --despite-leaving', async (status) => {
    const ports = open();
    const id = toSubscriberId('ada@example.org', ID_KEY);
    await leaveAndErase(ports.subscribers, id, { status, at: LEFT_AT, by: 'page' });
    const removed: string[] = [];
    const suppression = { remove: async (address: string) => removed.push(address) > 0 };

    await addLeaver({ ...ports, suppression }, reader, true);
    expect([await ports.subscribers.load(id), removed]).toEqual([undefined, []]);

    await addLeaver({ ...ports, suppression }, reader, false);
    expect(await ports.subscribers.load(id)).toMatchObject({
      status: 'confirmed',
      consent: { from: 'operator' },
    });
    expect(removed).toEqual(['Ada@Example.org']);
  });

  test.each(['confirmed', 'unsubscribed', 'complained'] as const)(
    'refuses an address that is %s already, in a dry run too',
    async (status) => {
      const ports = open();
      const added = await addByHand(ports, reader, false);
      await ports.subscribers.save({ ...added, status });

      for (const isDryRun of [false, true]) {
        const again = addByHand(ports, { ...reader, address: 'ada@example.ORG' }, isDryRun);
        await expect(again).rejects.toThrow(CommandError);
        await expect(again).rejects.toThrow(`ada@example.ORG is already known (${status})`);
        const advice = { message: expect.stringContaining('broadsheet subscribers restore') };
        if (status !== 'confirmed') await expect(again).rejects.toMatchObject(advice);
      }
      expect((await ports.subscribers.load(added.id))?.status).toBe(status);
    },
  );

  test('adds an address that signed up on the web and never confirmed, in one write over its profile', async () => {
    const ports = open();
    const id = toSubscriberId('ada@example.org', ID_KEY);
    const signUp = {
      at: NOW,
      from: '192.0.2.1',
      text: 'Send me digests.',
      timeZone: 'UTC',
      hour: 1,
      subscriptions: [createSubscription({ query: 'what a stranger typed' })],
    };
    const asked = { status: 'unconfirmed', at: '2026-01-04T08:00:00.000Z', by: 'sign-up' } as const;
    await ports.subscribers.save(
      createSubscriber({ id, status: 'unconfirmed', signUp, statusChanges: [asked] }),
    );

    const dry = await addByHand(ports, reader, true);
    expect((await ports.subscribers.load(id))?.status).toBe('unconfirmed');
    const added = await addByHand(ports, reader, false);

    expect(added).toMatchObject({ id, status: 'confirmed', hour: 7, version: 2 });
    expect([added.signUp, added.subscriptions, dry.version]).toEqual([undefined, dry.subscriptions, 1]);
    expect(await ports.subscribers.load(id)).toEqual(added);
    expect(added.statusChanges).toEqual([asked, { status: 'confirmed', at: NOW, by: 'operator' }]);
  });

  /** Ports whose first write fails, after something else happened. */
  const openFailing = (error: Error, happen: (ports: ReturnType<typeof open>) => Promise<unknown>) => {
    const ports = open();
    const save = async () => {
      await happen(ports);
      throw error;
    };
    return { ...ports, subscribers: { ...ports.subscribers, save } };
  };
  const id = toSubscriberId('ada@example.org', ID_KEY);
  const conflict = new ConflictError('somebody else saved it');
  const noAnswer = new Error('the table does not answer');

  test.each<[string, Error, (ports: ReturnType<typeof open>) => Promise<unknown>]>([
    [
      'somebody signs up at the same moment',
      conflict,
      ({ subscribers }) => subscribers.save(createSubscriber({ id, status: 'unconfirmed' })),
    ],
    ['the profile expires at the same moment', conflict, async () => undefined],
    [
      'the answer to the write is lost',
      noAnswer,
      ({ subscribers }) => subscribers.save(createSubscriber({ id })),
    ],
  ])('reports the failure when %s, so that a repeat can succeed', async (_, error, happen) => {
    await expect(addByHand(openFailing(error, happen), reader, false)).rejects.toBe(error);
  });

  test('adds one subscriber if two runs compete', async () => {
    const ports = open();

    const runs = await Promise.allSettled([1, 2].map(() => addByHand(ports, reader, false)));

    expect(runs.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(runs.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'CommandError', message: expect.stringContaining('already known (confirmed)') },
    });
  });
});
