import type { Cadence } from '../../shared/domain/subscribers/cadence.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';

/** Monday, 1 June 2026, when daily, weekly and monthly digests can all be due. */
export const DAY = '2026-06-01';

/** The planner has planned up to here… */
export const PLANNED_UNTIL = `${DAY}T00:15:00.000Z`;

/** …and plans everything up to here. */
export const NOON = `${DAY}T12:00:00.000Z`;

/** The period of {@link DAY} for every cadence. The period of an instant digest is the tick at which it is planned. */
const PERIODS: Readonly<Record<Cadence, string>> = {
  instant: `${DAY}T12:00Z`,
  daily: DAY,
  weekly: '2026-W23',
  monthly: '2026-06',
};

interface Group {
  readonly name: string;
  readonly count: number;
  readonly cadences: readonly Cadence[];
  readonly profile: Partial<Subscriber>;
  /** Whether their hour is between {@link PLANNED_UNTIL} and {@link NOON}, and they want mail. */
  readonly isDue: boolean;
}

const berlin = { timeZone: 'Europe/Berlin', hour: 8 };

const createGroups = (inBerlin: number): readonly Group[] => [
  // 06:00 UTC
  { name: 'berlin', count: inBerlin, cadences: ['daily'], profile: berlin, isDue: true },
  // 12:00 UTC exactly
  {
    name: 'new-york',
    count: 2,
    cadences: ['daily', 'weekly'],
    profile: { timeZone: 'America/New_York', hour: 8 },
    isDue: true,
  },
  // 02:30 UTC
  {
    name: 'kolkata',
    count: 2,
    cadences: ['monthly'],
    profile: { timeZone: 'Asia/Kolkata', hour: 8, format: 'text' },
    isDue: true,
  },
  // 08:00 UTC
  {
    name: 'sydney',
    count: 2,
    cadences: ['weekly'],
    profile: { timeZone: 'Australia/Sydney', hour: 18 },
    isDue: true,
  },
  { name: 'at-once', count: 2, cadences: ['instant'], profile: berlin, isDue: true },
  // 00:00 UTC, before the planner's first tick
  { name: 'earlier', count: 1, cadences: ['daily'], profile: { ...berlin, hour: 2 }, isDue: false },
  { name: 'evening', count: 2, cadences: ['daily'], profile: { ...berlin, hour: 20 }, isDue: false },
  { name: 'wednesday', count: 1, cadences: ['weekly'], profile: { ...berlin, weekday: 3 }, isDue: false },
  ...(['unconfirmed', 'unsubscribed', 'paused', 'bounced', 'complained'] as const).map(
    (status): Group => ({
      name: status,
      count: 1,
      cadences: ['daily', 'instant'],
      profile: { ...berlin, status },
      isDue: false,
    }),
  ),
];

/** Readers who wait for their digests, with every digest that is due at {@link NOON}. */
export interface Readers {
  readonly subscribers: readonly Subscriber[];
  /** As `readDeliveries` writes them. */
  readonly dueDeliveries: readonly string[];
}

/** Readers in several zones, with every cadence and every status. `inBerlin` of them are in one cohort. */
export function createReaders(inBerlin: number): Readers {
  const groups = createGroups(inBerlin).map((group) => ({ ...group, members: createMembers(group) }));
  return {
    subscribers: groups.flatMap(({ members }) => members),
    dueDeliveries: groups
      .filter(({ isDue }) => isDue)
      .flatMap(({ members, cadences }) =>
        members.flatMap(({ address }) =>
          cadences.map((cadence) => `${address} ${cadence} ${PERIODS[cadence]}`),
        ),
      )
      .sort(),
  };
}

function createMembers({ name, count, cadences, profile }: Group): readonly Subscriber[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `${name}-${String(n).padStart(2, '0')}`;
    return createSubscriber({
      id,
      address: `${id}@readers.example`,
      subscriptions: cadences.map((cadence, position) =>
        createSubscription({ id: `s${position}`, cadence, maxPapers: 3 }),
      ),
      ...profile,
    });
  });
}
