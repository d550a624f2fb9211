import { describe, expect, test } from '@jest/globals';
import {
  type DeliveryEvent,
  type KnownOutcome,
  nextOutcome,
  UNANSWERED,
} from '../../../shared/domain/delivery-state.ts';

const CLAIMED = { state: 'claimed' } as const;
const SKIPPED = { state: 'skipped', reason: 'nothing-new' } as const;
const SENT = { state: 'sent', messageId: 'm-1' } as const;
const REFUSED = { state: 'failed', reason: 'MessageRejected' } as const;
const REJECTED = { state: 'failed', reason: 'rejected: Bad content', messageId: 'm-1' } as const;
const UNCERTAIN = { state: 'uncertain', reason: 'ECONNRESET' } as const;

const EVENTS = {
  claim: { what: 'claim' },
  skip: { what: 'skip', reason: 'nothing-new' },
  'reported sent': { what: 'report', outcome: SENT },
  'reported sent as another message': { what: 'report', outcome: { ...SENT, messageId: 'm-2' } },
  'reported refused': { what: 'report', outcome: REFUSED },
  'reported rejected': { what: 'report', outcome: REJECTED },
  'reported rejected of another message': { what: 'report', outcome: { ...REJECTED, messageId: 'm-2' } },
  'reported uncertain': { what: 'report', outcome: { ...UNCERTAIN, reason: 'later' } },
  released: { what: 'release', isRepeat: false },
  'released as a repeat': { what: 'release', isRepeat: true },
  'claimed again': { what: 'claim-again' },
} as const satisfies Record<string, DeliveryEvent>;

type EventName = keyof typeof EVENTS;

const STATES: Readonly<Record<string, KnownOutcome>> = {
  unknown: undefined,
  claimed: CLAIMED,
  skipped: SKIPPED,
  sent: SENT,
  'failed, refused': REFUSED,
  'failed, rejected after all': REJECTED,
  uncertain: UNCERTAIN,
};

/** All that changes a state; every event that is not named leaves it. */
const CHANGES: Readonly<Record<string, Readonly<Partial<Record<EventName, KnownOutcome>>>>> = {
  unknown: { claim: CLAIMED, skip: SKIPPED },
  claimed: {
    'reported sent': SENT,
    'reported sent as another message': { ...SENT, messageId: 'm-2' },
    'reported refused': REFUSED,
    'reported rejected': REJECTED,
    'reported rejected of another message': { ...REJECTED, messageId: 'm-2' },
    'reported uncertain': { ...UNCERTAIN, reason: 'later' },
    released: undefined,
    'released as a repeat': UNANSWERED,
  },
  skipped: {},
  sent: { 'reported rejected': REJECTED },
  'failed, refused': {},
  'failed, rejected after all': {},
  uncertain: {
    'reported sent': SENT,
    'reported sent as another message': { ...SENT, messageId: 'm-2' },
    'reported refused': REFUSED,
    'reported rejected': REJECTED,
    'reported rejected of another message': { ...REJECTED, messageId: 'm-2' },
    'claimed again': CLAIMED,
  },
};

const cases = Object.entries(STATES).flatMap(([state, known]) =>
  Object.entries(EVENTS).map(([name, event]) => ({ state, known, name: name as EventName, event })),
);

describe('every event in every state', () => {
  test.each(cases)('$state, $name', ({ state, known, name, event }) => {
    const changes = CHANGES[state] ?? {};
    const next = nextOutcome(known, event);

    if (name in changes) expect(next).toEqual(changes[name]);
    else expect(next).toBe(known);
  });
});

test('only an uncertain digest can be claimed again', () => {
  const leading = cases.filter(
    ({ known, event }) => known?.state !== 'claimed' && nextOutcome(known, event)?.state === 'claimed',
  );

  expect(leading.map(({ state, name }) => `${state}, ${name}`)).toEqual([
    'unknown, claim',
    'uncertain, claimed again',
  ]);
});
