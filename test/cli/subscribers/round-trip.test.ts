import { expect, test } from '@jest/globals';
import { readRecords, writeRecord } from '../../../cli/subscribers/csv.ts';
import { toProfilesCsv } from '../../../cli/subscribers/export.ts';
import type { StoredProfiles } from '../../../cli/subscribers/open-subscribers.ts';
import { laterColumns, profileColumns, toProfileRow } from '../../../cli/subscribers/profile-row.ts';
import { sorts } from '../../../shared/domain/papers/sort.ts';
import { cadences } from '../../../shared/domain/subscribers/cadence.ts';
import {
  changeOrigins,
  MAX_STATUS_CHANGES,
  type SignUp,
  type StatusChange,
  type Subscriber,
  type Subscription,
  subscriberSchema,
  subscriberStatuses,
} from '../../../shared/domain/subscribers/subscriber.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { anyCharacter } from '../../factories/texts.ts';
import { fc } from '../../fast-check.ts';
import { createDeployment, ID_KEY, NOW } from './import/run-import.ts';
import { collect } from './text-file.ts';

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ' '),
    maxLength: 8,
  }),
);
const instant = fc
  .date({ min: new Date('2001-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** A generator for each field, so the compiler asks for that of a new field. */
type Fields<Value> = { readonly [Field in keyof Value]-?: fc.Arbitrary<Value[Field]> };

const subscriptionFields: Fields<Omit<Subscription, 'id'>> = {
  lists: fc.subarray(['hf-daily', 'arxiv/cs.CL', 'arxiv/math'], { minLength: 1 }),
  query: fc.constantFrom('', '"residual stream" mlp', 'agents AND "=residual"', 'Größe, Maß'),
  cadence: fc.constantFrom(...cadences),
  maxPapers: fc.integer({ min: 1, max: 50 }),
  sort: fc.constantFrom(...sorts),
  tellPicked: maybe(fc.boolean()),
  tellVersions: maybe(fc.boolean()),
};
const subscriptions = fc
  .array(fc.record(subscriptionFields), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((fields, n) => ({ id: `s${n + 1}`, ...fields })));
const preferences = {
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'america/new_york'),
  hour: fc.integer({ min: 0, max: 23 }),
  subscriptions,
};
const subscriberId = fc.string({ unit: fc.constantFrom(...'-_aZ09'), minLength: 1, maxLength: 12 });

const signUpFields: Fields<SignUp> = {
  at: instant,
  from: text,
  text,
  ...preferences,
  replaces: maybe(subscriberId),
};
const consentFields: Fields<Subscriber['consent']> = {
  at: instant,
  from: text,
  text,
  requestedAt: maybe(instant),
  requestedFrom: maybe(text.filter((from) => from !== '')),
  replaces: maybe(subscriberId),
};
const changeFields: Fields<StatusChange> = {
  status: fc.constantFrom(...subscriberStatuses),
  at: instant,
  by: fc.constantFrom(...changeOrigins),
  note: maybe(text),
};
/** The id follows from the address. The number of saves is not exported. */
const profileFields: Fields<Omit<Subscriber, 'id' | 'address' | 'version'>> = {
  status: fc.constantFrom(...subscriberStatuses),
  ...preferences,
  weekday: fc.integer({ min: 1, max: 7 }),
  format: fc.constantFrom('html', 'text'),
  mutedPapers: maybe(fc.uniqueArray(fc.constantFrom('2501.12345', 'hep-ex/0307015'))),
  mutedAuthors: maybe(
    fc.array(fc.constantFrom('=Ada Lovelace', 'Ada, "Countess"', 'Größe'), { maxLength: 3 }),
  ),
  pausedUntil: maybe(instant.map((at) => at.slice(0, 10))),
  signUp: maybe(fc.record(signUpFields)),
  consent: fc.record(consentFields),
  softBounces: fc.nat(9),
  firstSoftBounceAt: maybe(instant),
  lastSoftBounceAt: maybe(instant),
  statusChanges: fc.array(fc.record(changeFields), { maxLength: MAX_STATUS_CHANGES }),
  linksSince: maybe(instant),
};

const profile: fc.Arbitrary<Subscriber> = fc
  .record({
    local: fc.string({ unit: fc.constantFrom(..."aZ0+-='{}|&"), minLength: 1, maxLength: 12 }),
    domain: fc.constantFrom('example.org', 'EXAMPLE.com', 'xn--bcher-kva.example'),
    ...profileFields,
  })
  .map(({ local, domain, ...known }) => {
    const address = `${local}@${domain}`;
    return subscriberSchema.parse({ ...known, id: toSubscriberId(address, ID_KEY), address, version: 7 });
  });

/** One profile for each address, in whatever letters it is written. */
const profiles = fc.uniqueArray(profile, { selector: ({ id }) => id, minLength: 1, maxLength: 12 });

const store = (all: readonly Subscriber[]): Pick<StoredProfiles, 'loadAll'> => ({
  async *loadAll() {
    for (const subscriber of all) yield { subscriber };
  },
});
const ignore = { written: () => undefined, leftOut: () => undefined };

test('an export imported into an empty deployment gives equal profiles and mails nobody', async () => {
  await fc.assert(
    fc.asyncProperty(profiles, async (given) => {
      const csv = (await collect(toProfilesCsv(store(given), ignore))).join('');
      const { run, subscribers, requests } = createDeployment();

      const { code, counts } = await run(csv);

      expect(code).toBe(0);
      expect((counts.added ?? 0) + (counts.inactive ?? 0)).toBe(given.length);
      expect(requests).toEqual([]);
      for (const subscriber of given)
        expect(await subscribers.load(subscriber.id)).toEqual({ ...subscriber, version: 1 });
    }),
  );
});

test.each([
  [1, [{ status: 'unsubscribed', at: NOW, by: 'link' }]],
  [laterColumns.length, []],
] as const)(
  'an export of an earlier version, without its last %d columns, is imported as it was',
  async (columns, statusChanges) => {
    const left = { status: 'unsubscribed', at: NOW, by: 'link' } as const;
    const known = createSubscriber({
      address: 'ada@example.org',
      status: 'unsubscribed',
      statusChanges: [left],
    });
    const rows = [profileColumns, toProfileRow(known)].map((cells) => writeRecord(cells.slice(0, -columns)));
    const { run, load } = createDeployment();

    const { code, counts } = await run(rows.join(''));

    expect({ code, counts }).toEqual({ code: 0, counts: { inactive: 1 } });
    expect(await load('ada@example.org')).toEqual({
      ...known,
      statusChanges,
      id: expect.any(String),
      version: 1,
    });
  },
);

test('an export of an earlier version keeps the meaning of its queries. Unusable time zones are replaced', async () => {
  const { run, load } = createDeployment();
  const subscriptions = [createSubscription({ query: 'agents or robotics' })];
  const known = createSubscriber({ address: 'ada@example.org', timeZone: 'IST', subscriptions });
  const signUp = { at: NOW, from: '192.0.2.1', text: 'Yes.', timeZone: '+02:00', hour: 8, subscriptions };
  const csv = await collect(toProfilesCsv(store([{ ...known, signUp }]), ignore));
  const earlier = csv.join('').replaceAll(/,""queryVersion"":\d/g, '');
  expect(earlier).not.toBe(csv.join(''));

  const { code, reasons } = await run(earlier);

  expect(code).toBe(0);
  expect(reasons[0]).toBe('line 2, added: the time zone "IST" is unknown, so UTC is used');
  const upgraded = subscriptions.map((subscription) => ({ ...subscription, query: 'agents "or" robotics' }));
  expect(await load('ada@example.org')).toMatchObject({
    timeZone: 'UTC',
    subscriptions: upgraded,
    signUp: { timeZone: 'UTC', subscriptions: upgraded },
  });
});

test('no cell of an export is a formula', async () => {
  await fc.assert(
    fc.asyncProperty(profiles, async (given) => {
      const records = await collect(readRecords(toProfilesCsv(store(given), ignore)));
      const cells = records.flatMap((record) => ('cells' in record ? record.cells : []));
      expect(cells).toHaveLength((given.length + 1) * profileColumns.length);
      for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }),
    { numRuns: 30 },
  );
});

test('invalid edits of an export are refused', async () => {
  const [sample] = fc.sample(profile, 1);
  if (!sample) throw new Error('there is no profile');
  const subscriber = {
    ...sample,
    address: 'ada@example.org',
    status: 'confirmed' as const,
    signUp: undefined,
  };
  const [header = '', row = ''] = await collect(toProfilesCsv(store([subscriber]), ignore));
  const { run } = createDeployment();

  const { code, reasons } = await run(header + row.replace('"confirmed"', '"subscribed"'));

  expect(code).toBe(1);
  expect(reasons[0]).toMatch(
    /^line 2, refused: status is "subscribed": Invalid option: expected one of "unconfirmed"/,
  );
});
