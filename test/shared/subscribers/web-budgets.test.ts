import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import { MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import type { QueuedWebRequest, WebRequest } from '../../../shared/ports/queues.ts';
import {
  type AskForMailPorts,
  askForDataLink,
  askForMail,
} from '../../../shared/subscribers/ask-for-mail.ts';
import {
  type HourlyLimits,
  hourlyLimitsSchema,
  requestBudgetsOf,
} from '../../../shared/subscribers/web-budgets.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const ID_KEY = 'a key that turns addresses into ids, long enough';
const NOW = '2026-01-05T08:00:00.000Z';

let clock: ManualClock;
let hourlyLimits: HourlyLimits;
let portsOf: () => AskForMailPorts;
let open: (address: string | undefined, kind?: WebRequest['kind']) => Promise<boolean>;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let queued: readonly WebRequest[];

beforeEach(() => {
  clock = createManualClock(NOW);
  hourlyLimits = hourlyLimitsSchema.parse({});
  const requests = createFakeQueue<QueuedWebRequest>();
  const { budgets } = createFakeRepositories(clock);
  const keyring = { load: async () => ({ idKey: ID_KEY, linkKeys: [] }) };
  queued = requests.messages;
  telemetry = createFakeTelemetry();
  const signUp = {
    at: NOW,
    from: '192.0.2.1',
    text: 'Send me digests.',
    timeZone: 'UTC',
    hour: 8,
    subscriptions: [createSubscription()],
  };
  portsOf = () => ({ budgets, hourlyLimits, requests, keyring, clock, telemetry });
  open = (from, kind = 'manage-link') => {
    const asked = { id: 'request', address: 'ada@example.org' };
    const request: WebRequest = kind === 'sign-up' ? { ...asked, kind, signUp } : { ...asked, kind };
    return askForMail(portsOf(), from, request);
  };
});

async function countAccepted(addresses: readonly (string | undefined)[]): Promise<number> {
  let accepted = 0;
  for (const address of addresses) if (await open(address)) accepted += 1;
  return accepted;
}

const times = (count: number, toAddress: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => toAddress(n));

test.each(['requestsPerClient', 'requests', 'requestsPerNetworkInFlood', 'mails'])(
  'the largest limit of %s fits in an item of the table, which has an id for each request',
  (name) => {
    const [idBytes, itemBytes] = [12, 400 * 1024];
    const tooMany = Math.ceil(itemBytes / idBytes);
    expect(hourlyLimitsSchema.safeParse({ [name]: tooMany }).success).toBe(false);
  },
);

describe('requests for mails', () => {
  test('are thirty an hour from one client', async () => {
    expect(await countAccepted(times(1_000, () => '192.0.2.1'))).toBe(30);
    clock.moveBy(MS_PER_HOUR);
    expect(await countAccepted(times(1_000, () => '192.0.2.1'))).toBe(30);
    expect(queued).toHaveLength(60);
  });

  test.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::ffff:1'],
    ['2001:0db8:0:0::1', '2001:db8::2'],
  ])('of %s and %s come from one client', (a, b) => {
    expect(requestBudgetsOf(hourlyLimits, 'sign-up', a, ID_KEY, NOW).client).toEqual(
      requestBudgetsOf(hourlyLimits, 'sign-up', b, ID_KEY, NOW).client,
    );
  });

  test.each([
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['192.0.2.1', undefined],
  ])('of %s and %s come from two clients', (a, b) => {
    expect(requestBudgetsOf(hourlyLimits, 'sign-up', a, ID_KEY, NOW).client).not.toEqual(
      requestBudgetsOf(hourlyLimits, 'sign-up', b, ID_KEY, NOW).client,
    );
  });

  test('of one kind use up no budget of another', () => {
    const kinds = ['sign-up', 'manage-link', 'data-link'] as const;
    const budgets = kinds.flatMap((kind) =>
      Object.values(requestBudgetsOf(hourlyLimits, kind, '192.0.2.1', ID_KEY, NOW)),
    );

    expect(new Set(budgets.map(({ what }) => what)).size).toBe(kinds.length * 3);
  });

  test('are counted without the address that they came from', () => {
    expect(JSON.stringify(requestBudgetsOf(hourlyLimits, 'sign-up', '192.0.2.1', ID_KEY, NOW))).not.toMatch(
      /192|c00002/,
    );
  });

  test('without a known address count as one client', async () => {
    expect(await countAccepted([...Array(40).fill(undefined), ...Array(40).fill('nonsense')])).toBe(30);
  });
});

describe('other limits', () => {
  test('of one client stop its further requests', async () => {
    hourlyLimits = hourlyLimitsSchema.parse({ requestsPerClient: 7 });

    expect(await countAccepted(times(40, () => '192.0.2.1'))).toBe(7);
  });

  test('of all clients, once reached, leave each network a few requests', async () => {
    hourlyLimits = hourlyLimitsSchema.parse({
      requestsPerClient: 90,
      requests: 20,
      requestsPerNetworkInFlood: 5,
    });

    expect(await countAccepted(times(60, (n) => `198.51.100.${n}`))).toBe(25);
    expect(await countAccepted(times(60, (n) => `203.0.113.${n}`))).toBe(5);
  });
});

describe('a flood', () => {
  test('from one network is refused soon, and all others are answered', async () => {
    const flood = await countAccepted(times(5_000, (n) => `198.51.100.${n % 256}`));
    const readers = await countAccepted(times(500, (n) => `10.${n % 250}.${Math.floor(n / 250)}.7`));

    expect(flood).toBeLessThanOrEqual(103);
    expect(readers).toBe(500);
  });

  test.each(['sign-up', 'manage-link'] as const)(
    'of %s from many networks keeps no reader on another network from either',
    async (flooded) => {
      for (let n = 0; n < 1_110; n += 1) {
        const network = Math.floor(n / 3);
        await open(`10.${network % 250}.${Math.floor(network / 250)}.7`, flooded);
      }

      for (const kind of ['sign-up', 'manage-link'] as const)
        expect([kind, await open('203.0.113.1', kind)]).toEqual([kind, true]);
    },
  );

  test('counts as a fault if a network used up its budget, but not if a client used up its own', async () => {
    await countAccepted(times(100, () => '192.0.2.1'));
    expect(telemetry.counts.get('BudgetsUsedUp')).toBeUndefined();

    await countAccepted(times(100, (n) => `198.51.100.${n}`));

    expect(telemetry.counts.get('BudgetsUsedUp')).toBeGreaterThan(0);
  });
});

describe('data links', () => {
  const ada = createSubscriber();
  const ask = () => askForDataLink(portsOf(), ada, '192.0.2.1');

  test('that an hourly limit refuses do not count as links of the day', async () => {
    hourlyLimits = hourlyLimitsSchema.parse({ requestsPerClient: 1 });
    expect(await ask()).toBe('asked');
    for (let n = 0; n < 9; n += 1) expect(await ask()).toBe('too-many-requests');
    clock.moveBy(MS_PER_HOUR);

    expect(await ask()).toBe('asked');
  });
});
