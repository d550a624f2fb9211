import { describe, expect, test } from '@jest/globals';
import { writeRecord } from '../../../../cli/subscribers/csv.ts';
import { profileColumns, toProfileRow } from '../../../../cli/subscribers/profile-row.ts';
import { ConflictError } from '../../../../shared/domain/errors.ts';
import { endings, type Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { createDeployment, ID_KEY, NOW } from './run-import.ts';

const ADDRESS = 'ada@example.org';
const ID = toSubscriberId(ADDRESS, ID_KEY);
const SIGNED_UP = { status: 'unconfirmed', at: '2026-01-04T08:00:00.000Z', by: 'sign-up' } as const;
const CONFIRMED = { status: 'confirmed', at: '2026-01-04T09:00:00.000Z', by: 'confirmation' } as const;
const PAUSED = { status: 'paused', at: '2026-01-04T10:00:00.000Z', by: 'page' } as const;
const PROVEN = `email,CONFIRM_TIME,CONFIRM_IP\n${ADDRESS},2018-04-13 10:57:02,192.0.2.1\n`;

const signUp: NonNullable<Subscriber['signUp']> = {
  at: SIGNED_UP.at,
  from: '192.0.2.1',
  text: 'Send me papers.',
  timeZone: 'UTC',
  hour: 8,
  subscriptions: createSubscriber().subscriptions,
};

const unconfirmed = createSubscriber({
  id: ID,
  address: ADDRESS,
  status: 'unconfirmed',
  signUp,
  linksSince: '2026-01-04T07:59:00.000Z',
  statusChanges: [SIGNED_UP],
});

/** A deployment in which Ada signed up and did not confirm. */
async function createWithSignUp() {
  const deployment = createDeployment();
  await deployment.subscribers.save(unconfirmed);
  return { ...deployment, loadAda: () => deployment.load(ADDRESS) };
}

function exportOf(ada: Partial<Subscriber>): string {
  const row = toProfileRow(createSubscriber({ id: ID, address: ADDRESS, ...ada }));
  return writeRecord(profileColumns) + writeRecord(row);
}

describe('a sign-up that was never confirmed', () => {
  test('is confirmed by a proven consent, and keeps its history and its links', async () => {
    const { run, loadAda, requests } = await createWithSignUp();

    expect((await run(PROVEN)).counts).toEqual({ added: 1 });

    const ada = await loadAda();
    expect(ada).toMatchObject({
      status: 'confirmed',
      linksSince: unconfirmed.linksSince,
      version: 2,
      consent: { at: '2018-04-13T10:57:02.000Z', from: '192.0.2.1' },
      statusChanges: [SIGNED_UP, { status: 'confirmed', at: NOW, by: 'import', note: 'members.csv' }],
    });
    expect(ada?.signUp).toBeUndefined();
    expect(requests).toEqual([]);
    expect((await run(PROVEN)).counts).toEqual({ known: 1 });
  });

  test.each([
    ['confirmed', [SIGNED_UP, CONFIRMED]],
    ['paused', [SIGNED_UP, CONFIRMED, PAUSED]],
  ] as const)('becomes %s by an export of ours, with each change once', async (status, changes) => {
    const { run, loadAda } = await createWithSignUp();

    expect((await run(exportOf({ status, statusChanges: [...changes] }))).counts).toEqual({ added: 1 });

    expect(await loadAda()).toMatchObject({ status, statusChanges: changes });
  });

  test('is confirmed by an export of an earlier version, which has no history', async () => {
    const { run, loadAda } = await createWithSignUp();

    await run(exportOf({ status: 'confirmed', statusChanges: [] }));

    expect(await loadAda()).toMatchObject({
      statusChanges: [SIGNED_UP, { status: 'confirmed', at: NOW, by: 'import' }],
    });
  });

  test.each([
    ['no proof', `email\n${ADDRESS}\n`],
    ['"pending"', `email,status\n${ADDRESS},pending\n`],
    ['an unconfirmed row of our own', exportOf({ status: 'unconfirmed', statusChanges: [SIGNED_UP] })],
  ])('stays as it is with %s', async (_, file) => {
    const { run, loadAda, requests } = await createWithSignUp();
    const before = await loadAda();

    expect((await run(file)).counts).toEqual({ known: 1 });

    expect(await loadAda()).toEqual(before);
    expect(requests).toEqual([]);
  });

  test('stays as it is in a dry run, which reports the same', async () => {
    const { run, loadAda } = await createWithSignUp();

    expect((await run(PROVEN, { isDryRun: true })).counts).toEqual({ added: 1 });

    expect((await loadAda())?.status).toBe('unconfirmed');
  });

  test('is confirmed if it is saved at the same moment', async () => {
    const { run, ports, loadAda } = await createWithSignUp();
    ports.profiles.loadMany = async () => new Map();

    expect((await run(PROVEN)).counts).toEqual({ added: 1 });

    expect(await loadAda()).toMatchObject({ status: 'confirmed', version: 2 });
  });

  test('whose reader confirms at the same moment stays theirs', async () => {
    const { run, ports, loadAda, subscribers } = await createWithSignUp();
    const own = { ...unconfirmed, status: 'confirmed', hour: 17, version: 1 } as const;
    ports.subscribers.save = async (subscriber) => {
      ports.subscribers.save = subscribers.save;
      await subscribers.save(own);
      return subscribers.save(subscriber);
    };

    expect((await run(PROVEN)).counts).toEqual({ known: 1 });

    expect(await loadAda()).toMatchObject({ status: 'confirmed', hour: 17, version: 2 });
  });

  test('that keeps changing costs one row', async () => {
    const { run, ports } = await createWithSignUp();
    ports.subscribers.save = async () => {
      throw new ConflictError('saved by another process');
    };

    const { code, reasons } = await run(PROVEN);

    expect({ code, reasons }).toEqual({
      code: 1,
      reasons: ['line 2, refused: its profile kept changing: import the file again'],
    });
  });
});

describe.each(endings)('a person who %s, was erased, and signed up again', (status) => {
  const at = '2025-06-01T00:00:00.000Z';
  const createWithLeaver = async () => {
    const deployment = createDeployment();
    const statusChanges = [{ status, at, by: 'operator' } as const];
    await deployment.subscribers.save(createSubscriber({ id: ID, address: ADDRESS, status, statusChanges }));
    await deployment.subscribers.erase(ID);
    await deployment.subscribers.save(unconfirmed);
    return { ...deployment, loadAda: () => deployment.load(ADDRESS) };
  };

  test.each([PROVEN, exportOf({ status: 'confirmed' }), `email\n${ADDRESS}\n`])(
    'is not confirmed by an import',
    async (file) => {
      const { run, loadAda, requests } = await createWithLeaver();

      const { counts, reasons } = await run(file);

      expect(counts).toEqual({ known: 1 });
      expect(reasons).toEqual([
        `line 2, known: ${status} since ${at}, and a new sign-up is not confirmed. They get no mail until they confirm it`,
      ]);
      expect((await loadAda())?.status).toBe('unconfirmed');
      expect(requests).toEqual([]);
    },
  );

  test('is ended by a row that says so', async () => {
    const { run, loadAda } = await createWithLeaver();

    expect((await run(`email,status\n${ADDRESS},bounced\n`)).counts).toEqual({ ended: 1 });

    expect((await loadAda())?.status).toBe('bounced');
  });
});
