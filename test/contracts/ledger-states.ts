import { describe, expect, test } from '@jest/globals';
import type { DigestOrigin } from '../../shared/domain/digests/cohort.ts';
import type {
  ClaimOutcome,
  Delivery,
  DeliveryKey,
  SkipReason,
} from '../../shared/domain/digests/delivery.ts';
import { advanceOutcome, UNANSWERED } from '../../shared/domain/digests/delivery-state.ts';
import type { Claim } from '../../shared/ports/deliveries.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const ORIGIN: DigestOrigin = {
  cadence: 'daily',
  period: '2026-01-05',
  cohort: 'daily#Europe/Berlin#08',
  batch: 0,
};
const SENT = { state: 'sent', messageId: 'm-1' } as const;
const REJECTED = { state: 'failed', reason: 'rejected: Bad content', messageId: 'm-1' } as const;
const UNCERTAIN = { state: 'uncertain', reason: 'ECONNRESET' } as const;
const SKIPPED = { state: 'skipped', reason: 'nothing-new' } as const;

/** The outcome in the ledger. Undefined without a record. */
type KnownOutcome = Delivery['outcome'] | undefined;

/** A call on the ledger. A `report` comes from the worker, from an event about the mail, or from a worker that finds the digest abandoned. */
type LedgerEvent =
  | { readonly what: 'claim' }
  | { readonly what: 'skip'; readonly reason: SkipReason }
  | { readonly what: 'report'; readonly outcome: ClaimOutcome }
  | { readonly what: 'release'; readonly isRepeat: boolean }
  | { readonly what: 'claim-again' };

/** Returns the outcome that the ledger must have after an event. It is `known` itself if the event must change nothing. */
function expectedOutcome(known: KnownOutcome, event: LedgerEvent): KnownOutcome {
  switch (event.what) {
    case 'claim':
      return known ?? { state: 'claimed' };
    case 'skip':
      return known ?? { state: 'skipped', reason: event.reason };
    case 'report':
      return known && advanceOutcome(known, event.outcome);
    case 'release':
      if (known?.state !== 'claimed') return known;
      return event.isRepeat ? UNANSWERED : undefined;
    case 'claim-again':
      return known?.state === 'uncertain' ? { state: 'claimed' } : known;
    default:
      return event satisfies never;
  }
}

/** A digest, its last claim, and the record that a worker read. */
interface Held {
  readonly key: DeliveryKey;
  readonly claim?: Claim;
  readonly read?: Delivery;
}

/** Checks a repository against the ledger's state machine: every event in every state. */
export function describeLedgerStates({ repositories, newId }: ContractContext): void {
  const deliveries = () => repositories().deliveries;
  const newKey = (): DeliveryKey => ({ subscriberId: newId(), cadence: 'daily', period: '2026-01-05' });
  const read = async (key: DeliveryKey): Promise<Delivery> => {
    const delivery = await deliveries().load(key);
    if (!delivery) throw new Error('there is no record');
    return delivery;
  };
  const claimed = async (): Promise<Held & { claim: Claim }> => {
    const key = newKey();
    const claim = await deliveries().claim(key, ORIGIN, ['2601.00001'], T0);
    if (!claim) throw new Error('the digest was claimed before');
    return { key, claim, read: await read(key) };
  };
  const settled = (outcome: ClaimOutcome) => async () => {
    const held = await claimed();
    await deliveries().recordOutcome(held.claim, outcome);
    return { ...held, read: await read(held.key) };
  };
  const claimedAgain = async (): Promise<Held & { claim: Claim }> => {
    const held = await settled(UNCERTAIN)();
    const claim = await deliveries().claimAgain(held.read, ORIGIN, ['2601.00002'], T1);
    if (!claim) throw new Error('the digest could not be claimed again');
    return { ...held, claim, read: await read(held.key) };
  };

  const states: Readonly<Record<string, () => Promise<Held>>> = {
    unknown: async () => ({ key: newKey() }),
    claimed,
    'claimed again': claimedAgain,
    skipped: async () => {
      const key = newKey();
      await deliveries().recordSkip(key, ORIGIN, SKIPPED, T0);
      return { key, read: await read(key) };
    },
    sent: settled(SENT),
    failed: settled(REJECTED),
    uncertain: settled(UNCERTAIN),
  };

  const events: Readonly<Record<string, (held: Held) => readonly [LedgerEvent, Promise<unknown>]>> = {
    claim: ({ key }) => [{ what: 'claim' }, deliveries().claim(key, ORIGIN, [], T1)],
    skip: ({ key }) => [
      { what: 'skip', reason: 'nothing-new' },
      deliveries().recordSkip(key, ORIGIN, SKIPPED, T1),
    ],
    'an event reports it as sent': ({ key }) => [
      { what: 'report', outcome: SENT },
      deliveries().recordEvent(key, SENT),
    ],
    'an event reports it as rejected': ({ key }) => [
      { what: 'report', outcome: REJECTED },
      deliveries().recordEvent(key, REJECTED),
    ],
  };
  const eventsOfWorkers: typeof events = {
    'its worker reports it as sent': ({ claim }) => [
      { what: 'report', outcome: SENT },
      claim ? deliveries().recordOutcome(claim, SENT) : Promise.resolve(),
    ],
    'its worker gets no answer': ({ claim }) => [
      { what: 'report', outcome: UNCERTAIN },
      claim ? deliveries().recordOutcome(claim, UNCERTAIN) : Promise.resolve(),
    ],
    'its worker releases it': ({ claim }) => [
      { what: 'release', isRepeat: (claim?.tries ?? 1) > 1 },
      claim ? deliveries().release(claim) : Promise.resolve(),
    ],
  };
  const eventsOfReaders: typeof events = {
    'another worker finds it abandoned': ({ read: earlier }) => [
      { what: 'report', outcome: UNCERTAIN },
      earlier ? deliveries().recordAbandoned(earlier, UNCERTAIN) : Promise.resolve(),
    ],
    'another worker claims it again': ({ read: earlier }) => [
      { what: 'claim-again' },
      earlier ? deliveries().claimAgain(earlier, ORIGIN, [], T1) : Promise.resolve(),
    ],
  };

  const cases = Object.entries(states).flatMap(([state, create]) =>
    Object.entries({
      ...events,
      ...(['claimed', 'claimed again', 'sent', 'failed', 'uncertain'].includes(state) && eventsOfWorkers),
      ...(state !== 'unknown' && eventsOfReaders),
    }).map(([event, happen]) => ({ state, create, event, happen })),
  );

  describe('the states of a digest', () => {
    const outcomeOf = async (key: DeliveryKey): Promise<KnownOutcome> =>
      (await deliveries().load(key))?.outcome;

    test.each(cases)('$state: $event', async ({ create, happen }) => {
      const held = await create();
      const before = await outcomeOf(held.key);

      const [event, done] = happen(held);
      await done;

      expect(await outcomeOf(held.key)).toEqual(expectedOutcome(before, event));
    });

    test('one worker claims an uncertain digest again, with the papers of all tries', async () => {
      const { key, read: earlier } = await settled(UNCERTAIN)();

      const claims = await Promise.all(
        Array.from({ length: 4 }, () => deliveries().claimAgain(earlier, ORIGIN, ['2601.00002'], T1)),
      );

      expect(claims.filter((claim) => claim !== undefined)).toMatchObject([{ tries: 2 }]);
      expect(await deliveries().load(key)).toMatchObject({
        paperIds: ['2601.00001', '2601.00002'],
        claimedAt: T1,
        tries: 2,
      });
    });

    test('a released repeat does not count as a try', async () => {
      const { key, claim } = await claimedAgain();

      await deliveries().release(claim);

      expect(await deliveries().load(key)).toMatchObject({ outcome: UNANSWERED, tries: 1 });
    });

    test('an earlier read does not mark a newer claim as abandoned', async () => {
      const held = await claimed();
      await deliveries().recordOutcome(held.claim, UNCERTAIN);
      await deliveries().claimAgain(await read(held.key), ORIGIN, [], T1);

      const earlier = held.read;
      if (!earlier) throw new Error('nothing was read');
      expect(await deliveries().recordAbandoned(earlier, UNCERTAIN)).toBeUndefined();

      expect(await outcomeOf(held.key)).toEqual({ state: 'claimed' });
    });
  });
}
