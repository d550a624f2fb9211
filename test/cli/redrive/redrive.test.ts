import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDeadLetters } from '../../../cli/redrive/adapters/dead-letters.ts';
import { describeLetter } from '../../../cli/redrive/describe-letter.ts';
import type { DeadLetters } from '../../../cli/redrive/ports.ts';
import { lookAt, moveBack, toText } from '../../../cli/redrive/redrive.ts';
import { parseQueues } from '../../../cli/redrive/run-redrive.ts';
import { type LocalSqs, startSqs } from '../../../local/emulators/sqs.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';

const NOW = '2026-01-06T12:00:00.000Z';
const EDITION = { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' };
const BATCH = { edition: EDITION, batch: 3, subscriberIds: ['a', 'b'], queuedAt: NOW };

describe('dead letters on SQS', () => {
  let sqs: LocalSqs;
  let letters: DeadLetters;

  beforeAll(async () => {
    sqs = await startSqs();
    // Two queues of the emulator stand for a queue and its dead letters.
    letters = createDeadLetters(sqs.sqs, sqs.queueUrls.digests, sqs.queueUrls.cohorts);
  });

  afterAll(() => sqs.close());

  test('are shown and stay, are moved back and are gone, each once', async () => {
    const bodies = Array.from({ length: 23 }, (_, batch) => JSON.stringify({ ...BATCH, batch }));
    for (const MessageBody of bodies)
      await sqs.sqs.send(new SendMessageCommand({ QueueUrl: sqs.queueUrls.digests, MessageBody }));

    const heap = await lookAt('digests', letters, NOW);
    expect(heap).toMatchObject({ count: 23, oldestAt: expect.stringMatching(/^20\d\d-/) });
    expect(heap.letters).toHaveLength(10);
    expect(sqs.backlog('digests')).toHaveLength(23);

    const steps: number[] = [];
    expect(await moveBack(letters, heap.count, (moved) => steps.push(moved))).toBe(23);

    expect(steps.at(-1)).toBe(23);
    expect([...sqs.backlog('cohorts')].sort()).toEqual(bodies.sort());
    expect(sqs.backlog('digests')).toEqual([]);
    expect(await lookAt('digests', letters, NOW)).toEqual({ queue: 'digests', count: 0, letters: [] });
    expect(await moveBack(letters, 5, () => undefined)).toBe(0);
  });

  test('that came meanwhile stay', async () => {
    for (const MessageBody of ['a', 'b', 'c', 'd'])
      await sqs.sqs.send(new SendMessageCommand({ QueueUrl: sqs.queueUrls.digests, MessageBody }));

    expect(await moveBack(letters, 3, () => undefined)).toBe(3);

    expect(sqs.backlog('digests')).toHaveLength(1);
  });
});

test('what comes back while letters are moved is not moved again and again', async () => {
  const endless: DeadLetters = {
    count: async () => 25,
    look: async () => [],
    moveSome: async (atMost) => Math.min(atMost, 10),
  };
  const steps: number[] = [];

  expect(await moveBack(endless, 25, (moved) => steps.push(moved))).toBe(25);
  expect(steps).toEqual([10, 20, 25]);
});

describe('a dead letter', () => {
  const signUp = { at: NOW, from: '192.0.2.7', text: 'x', timeZone: 'UTC', hour: 8, subscriptions: [] };

  test.each([
    ['cohorts', { edition: EDITION }, 'the daily edition of 2026-01-06 for daily#Europe/Berlin#08'],
    ['digests', BATCH, 'batch 3 of the daily edition of 2026-01-06 for daily#Europe/Berlin#08: 2 digests'],
    ['feedback', { eventType: 'Open', mail: { messageId: 'm' } }, 'an event of SES: Open'],
    [
      'requests',
      { kind: 'manage-link', id: 'r', address: 'ada@example.org' },
      'the wish for a link to manage',
    ],
    [
      'requests',
      { kind: 'sign-up', id: 'r', address: 'ada@example.org', signUp },
      'a message that cannot be read',
    ],
    ['digests', 'ada@example.org', 'a message that cannot be read'],
  ] as const)('of %s is told in words without an address: %j', (queue, message, words) => {
    const told = describeLetter(queue, JSON.stringify(message), NOW);

    expect(told).toBe(words);
    expect(told).not.toContain('ada@');
  });

  test('that is no JSON is told as such', () => {
    expect(describeLetter('cohorts', '{"ada@example.org', NOW)).toBe('a message that cannot be read');
  });
});

test('the report counts what it does not show', () => {
  const heaps = [
    { queue: 'cohorts', count: 0, letters: [] },
    { queue: 'digests', count: 12, oldestAt: NOW, letters: ['one', 'two'] },
    { queue: 'requests', count: 1, letters: ['a sign-up'] },
  ] as const;

  expect(toText(heaps)).toBe(
    [
      'cohorts: no dead letters',
      'digests: 12 dead letters, the oldest of 2026-01-06T12:00:00.000Z',
      '  one',
      '  two',
      '  and 10 more',
      'requests: 1 dead letter',
      '  a sign-up',
    ].join('\n'),
  );
});

describe('the queues', () => {
  test('are all to be looked at, one to be moved', () => {
    expect(parseQueues(undefined, false)).toEqual(['cohorts', 'digests', 'feedback', 'requests']);
    expect(parseQueues('feedback', true)).toEqual(['feedback']);
  });

  test.each([
    ['letters', false, 'there is no queue "letters": expected one of cohorts, digests'],
    [undefined, true, '--yes moves the letters of one queue: expected one of cohorts'],
  ])('%s, moved: %s, is refused with what is expected', (given, isMoving, words) => {
    expect(() => parseQueues(given, isMoving)).toThrow(InvalidInputError);
    expect(() => parseQueues(given, isMoving)).toThrow(words);
  });
});
