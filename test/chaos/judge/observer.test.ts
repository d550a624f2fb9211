import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { createResponse } from '../../fakes/request-handler.ts';
import type { Call, Process } from '../system/network.ts';
import { createObserver } from './observer.ts';

const DIGEST = 'reader-001 daily 2026-02-02';
const CLAIM = 'PutItem SUB#reader-001 daily#2026-02-02 claimed';
const GIVE_BACK = 'DeleteItem SUB#reader-001 daily#2026-02-02';
const DONE = createResponse(200, {});
const REFUSED = createResponse(400, {});

function observe() {
  let isDead = false;
  const process: Process = { functionName: 'send', isDead: () => isDead, die: () => {} };
  const toCall = (what: string): Call => ({
    process,
    what,
    service: 'dynamodb',
    isDivisible: false,
  });
  const observer = createObserver(createManualClock('2026-02-02T08:00:00.000Z'));
  return {
    ...observer,
    toCall,
    die() {
      isDead = true;
      observer.onDeath(process);
    },
    isInDoubt: () => observer.history.doubtful.has(DIGEST),
  };
}

test('a digest has an unknown send status if its process died between claim and mail', () => {
  const { onAnswer, toCall, die, isInDoubt } = observe();

  onAnswer(toCall(CLAIM), DONE);
  die();

  expect(isInDoubt()).toBe(true);
});

test('a digest has an unknown send status if its process died while the claim was in flight', () => {
  const { onAnswer, toCall, die, isInDoubt } = observe();

  die();
  onAnswer(toCall(CLAIM), DONE);

  expect(isInDoubt()).toBe(true);
});

test('a digest that was released or never claimed has a known send status when its process dies', () => {
  for (const prepare of [
    ({ onAnswer, toCall }: ReturnType<typeof observe>) => {
      onAnswer(toCall(CLAIM), DONE);
      onAnswer(toCall(GIVE_BACK), DONE);
    },
    ({ onAnswer, toCall }: ReturnType<typeof observe>) => onAnswer(toCall(CLAIM), REFUSED),
  ]) {
    const observed = observe();
    prepare(observed);
    observed.die();

    expect(observed.isInDoubt()).toBe(false);
  }
});

test('a lost mail or answer makes the send status unknown, and throttling does not', () => {
  const send = `SendRawEmail reader-001@example.org ${DIGEST}`;
  for (const [fault, isInDoubt] of [
    ['lose-request', true],
    ['lose-answer', true],
    ['throttle', false],
  ] as const) {
    const observed = observe();
    observed.onAnswer(observed.toCall(CLAIM), DONE);
    observed.onFault(observed.toCall(send), fault);

    expect(observed.isInDoubt()).toBe(isInDoubt);
  }
});

test('the send status is unknown while a claim cannot be released, and known after its release', () => {
  const { onAnswer, onFault, toCall, isInDoubt } = observe();

  onAnswer(toCall(CLAIM), DONE);
  for (const _ of [1, 2]) onFault(toCall(GIVE_BACK), 'throttle');
  expect(isInDoubt()).toBe(false);
  onFault(toCall(GIVE_BACK), 'lose-request');
  expect(isInDoubt()).toBe(true);
  onAnswer(toCall(GIVE_BACK), DONE);
  expect(isInDoubt()).toBe(false);
});

test('a settled or skipped digest has a known send status when its process dies later', () => {
  for (const what of [
    'UpdateItem SUB#reader-001 daily#2026-02-02 sent',
    'PutItem SUB#reader-001 daily#2026-02-02 skipped',
  ]) {
    const { onAnswer, toCall, die, isInDoubt } = observe();
    onAnswer(toCall(CLAIM), DONE);
    onAnswer(toCall(what), DONE);
    die();

    expect(isInDoubt()).toBe(false);
  }
});

test('a handled bounce counts as the confirmation that no more mail follows', () => {
  const { onFeedbackDone, history } = observe();

  onFeedbackDone('{"eventType":"Delivery","mail":{"tags":{"subscriber":["reader-002"]}}}');
  onFeedbackDone(
    JSON.stringify({ Message: '{"eventType":"Bounce","mail":{"tags":{"subscriber":["reader-001"]}}}' }),
  );

  expect([...history.endedAt.keys()]).toEqual(['reader-001']);
});
