import { PassThrough } from 'node:stream';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isUnfinished } from '../../../cli/command.ts';
import { CommandError } from '../../../cli/deployment/errors.ts';
import { createDeadLetters, type DeadLetters } from '../../../cli/redrive/dead-letters.ts';
import { describeDeadLetter } from '../../../cli/redrive/describe-dead-letter.ts';
import { describeQueue, parseQueues, redrive, toText } from '../../../cli/redrive/run-redrive.ts';
import { type LocalSqs, startSqs } from '../../../local/emulators/sqs.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';

const NOW = '2026-01-06T12:00:00.000Z';
const EDITION = { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' };
const BATCH = { edition: EDITION, batch: 3, subscriberIds: ['a', 'b'], queuedAt: NOW };

const never = new AbortController().signal;

describe('dead letters of a service without the move task', () => {
  let sqs: LocalSqs;
  let letters: DeadLetters;

  beforeAll(async () => {
    sqs = await startSqs();
    // Two queues of the emulator stand for a queue and its dead letters.
    const urls = { dlqUrl: sqs.queueUrls.digests, queueUrl: sqs.queueUrls.cohorts };
    letters = createDeadLetters(sqs.sqs, { ...urls, hasLettersOfSns: false }, async () => undefined);
  });

  afterAll(() => sqs.close());

  const put = async (bodies: readonly string[]) => {
    for (const MessageBody of bodies)
      await sqs.sqs.send(new SendMessageCommand({ QueueUrl: sqs.queueUrls.digests, MessageBody }));
  };

  test('are shown and stay, are moved back and are gone, each once', async () => {
    const bodies = Array.from({ length: 23 }, (_, batch) => JSON.stringify({ ...BATCH, batch }));
    await put(bodies);

    const report = await describeQueue('digests', letters, NOW);
    expect(report).toMatchObject({ count: 23, oldestAt: expect.stringMatching(/^20\d\d-/) });
    expect(report.letters).toHaveLength(10);
    for (const letter of report.letters)
      expect(letter).toMatch(/^batch \d+ of .* \(message [-0-9a-f]{36}\)$/);
    expect(sqs.backlog('digests')).toHaveLength(23);

    const steps: number[] = [];
    expect(await letters.move(report.count, (more) => steps.push(more), never)).toBe(23);

    expect(steps.reduce((sum, more) => sum + more)).toBe(23);
    expect([...sqs.backlog('cohorts')].sort()).toEqual(bodies.sort());
    expect(sqs.backlog('digests')).toEqual([]);
    expect(await describeQueue('digests', letters, NOW)).toEqual({ queue: 'digests', count: 0, letters: [] });
    expect(await letters.move(5, () => undefined, never)).toBe(0);
  });

  test('that came meanwhile stay, and so do all after an interruption', async () => {
    await put(['a', 'b', 'c', 'd']);

    expect(await letters.move(4, () => undefined, AbortSignal.abort())).toBe(0);
    expect(await letters.move(3, () => undefined, never)).toBe(3);
    expect(sqs.backlog('digests')).toHaveLength(1);
  });
});

describe('the move task of SQS', () => {
  type Task = Readonly<Record<string, unknown>>;

  /** SQS that lists these tasks, one list after the other. A single task stands for a list of it, and the last one stays. */
  const open = (
    tasks: readonly (Task | readonly Task[])[],
    start = createResponse(200, '{"TaskHandle":"handle"}'),
    before: readonly Task[] = [],
  ) => {
    const sqs = new SQSClient({
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    let looks = 0;
    let isStarted = false;
    const sent = answerRequests(sqs, ({ target = '' }) => {
      if (target.endsWith('.GetQueueAttributes'))
        return createResponse(200, '{"Attributes":{"QueueArn":"arn:dlq"}}');
      if (target.endsWith('.StartMessageMoveTask')) {
        isStarted = true;
        return start;
      }
      if (target.endsWith('.CancelMessageMoveTask')) return createResponse(200, '{}');
      if (!isStarted) return createResponse(200, JSON.stringify({ Results: before }));
      const listed = [tasks[Math.min(looks, tasks.length - 1)] ?? []].flat();
      looks += 1;
      // SQS names no handle of a task that has ended.
      const Results = listed.map((task) =>
        task.Status === 'RUNNING' ? { TaskHandle: 'handle', ...task } : task,
      );
      return createResponse(200, JSON.stringify({ Results }));
    });
    const urls = {
      dlqUrl: 'https://sqs.us-east-1.amazonaws.com/1/dlq',
      queueUrl: 'https://sqs.us-east-1.amazonaws.com/1/queue',
    };
    const openLetters = (hasLettersOfSns: boolean) =>
      createDeadLetters(sqs, { ...urls, hasLettersOfSns }, async () => undefined);
    const operations = () => sent.map(({ target = '' }) => target.split('.')[1]);
    return { letters: openLetters(false), lettersOfSns: openLetters(true), operations };
  };
  const moved = (count: number, Status: string) => ({ ApproximateNumberOfMessagesMoved: count, Status });

  test('moves the letters, and is followed to its end', async () => {
    const { letters, operations } = open([moved(0, 'RUNNING'), moved(8, 'RUNNING'), moved(12, 'COMPLETED')]);
    const steps: number[] = [];

    expect(await letters.move(12, (more) => steps.push(more), never)).toBe(12);

    expect(steps).toEqual([8, 4]);
    expect(operations()).toEqual([
      'GetQueueAttributes',
      'ListMessageMoveTasks',
      'StartMessageMoveTask',
      ...Array.from({ length: 3 }, () => 'ListMessageMoveTasks'),
    ]);
  });

  test('is waited for until SQS lists it, and no task of an earlier run is taken for it', async () => {
    const earlier = { ...moved(900, 'COMPLETED'), StartedTimestamp: 1 };
    const ours = (count: number, status: string) => ({ ...moved(count, status), StartedTimestamp: 2 });
    for (const late of [[], [earlier]]) {
      const lists = [late, late, [ours(4, 'RUNNING'), ...late], [ours(12, 'COMPLETED'), ...late]];
      const { letters } = open(lists, undefined, late);

      expect(await letters.move(12, () => undefined, never)).toBe(12);
    }
  });

  test('that SQS never lists is reported so', async () => {
    const { letters } = open([[]]);

    await expect(letters.move(12, () => undefined, never)).rejects.toThrow(
      'SQS started the move but does not list it',
    );
  });

  test('is cancelled once, by Ctrl-C or when letters come back that were moved', async () => {
    for (const [signal, atMost] of [[AbortSignal.abort(), 100] as const, [never, 25] as const]) {
      const states = [moved(25, 'RUNNING'), moved(26, 'RUNNING'), moved(26, 'CANCELLED')];
      const { letters, operations } = open(states);

      expect(await letters.move(atMost, () => undefined, signal)).toBe(26);
      expect(operations().filter((name) => name === 'CancelMessageMoveTask')).toHaveLength(1);
    }
  });

  test('of an earlier run that still runs is followed', async () => {
    const refusal = createResponse(
      400,
      JSON.stringify({
        __type: 'com.amazonaws.sqs#UnsupportedOperation',
        message: 'There is already a task running. Only one active task is allowed for a source queue arn.',
      }),
    );
    const { letters } = open([moved(3, 'RUNNING'), moved(7, 'COMPLETED')], refusal);

    expect(await letters.move(9, () => undefined, never)).toBe(7);
  });

  test('that fails says why', async () => {
    const { letters } = open([{ ...moved(3, 'FAILED'), FailureReason: 'AccessDenied' }]);

    await expect(letters.move(9, () => undefined, never)).rejects.toThrow(
      new CommandError('SQS stopped moving after 3 (AccessDenied). Fix the cause, then run this again.'),
    );
  });

  test('is not used for letters of SNS, because it does not move those', async () => {
    const { lettersOfSns, operations } = open([]);

    expect(await lettersOfSns.move(9, () => undefined, never)).toBe(0);
    expect(operations()).toEqual(['ReceiveMessage']);
  });
});

describe('the command', () => {
  const run = async (isMoving: boolean, isJson: boolean, interruption = never) => {
    const printed: string[] = [];
    const moves: number[] = [];
    const letters: DeadLetters = {
      count: async () => 25,
      look: async () => [{ id: 'm1', body: JSON.stringify(BATCH), sentAt: NOW }],
      move: async (atMost) => moves.push(atMost) && 25,
    };
    const context = {
      print: (text: string) => printed.push(text),
      terminal: new PassThrough(),
      onInterrupt: () => interruption,
    };
    const code = await redrive(['digests'], () => letters, { isMoving, isJson }, context);
    return { code, printed, moves };
  };

  test('shows letters, and moves as many as there were if that is asked for', async () => {
    expect(await run(false, false)).toMatchObject({ code: 0, moves: [] });
    expect(await run(true, false)).toMatchObject({
      code: 0,
      moves: [25],
      printed: [
        expect.stringMatching(/^digests: 25 dead letters.*\n {2}batch 3 of .* \(message m1\)\n/),
        'Moved 25 of 25 dead letters back to the digests queue',
      ],
    });
  });

  test('prints one JSON object', async () => {
    for (const [isMoving, moved] of [[false, 0] as const, [true, 25] as const]) {
      const { printed } = await run(isMoving, true);

      expect(printed).toHaveLength(1);
      expect(JSON.parse(printed[0] ?? '')).toMatchObject({
        queues: [{ queue: 'digests', count: 25 }],
        moved,
      });
    }
  });

  test('distinguishes a fault on the way from one before the first move', async () => {
    const fault = (text: string) => Promise.reject(new CommandError(text));
    const letters = { count: async () => 25, look: async () => [], move: async () => 25 };
    const context = { print: () => undefined, terminal: new PassThrough(), onInterrupt: () => never };
    const errorOf = (given: Partial<DeadLetters>) =>
      redrive(
        ['digests'],
        () => ({ ...letters, ...given }),
        { isMoving: true, isJson: false },
        context,
      ).catch((error: unknown) => error);

    expect(isUnfinished(await errorOf({ move: () => fault('SQS stopped moving after 900') }))).toBe(true);
    expect(isUnfinished(await errorOf({ count: () => fault('no credentials') }))).toBe(false);
  });

  test('ends with 130 after an interruption', async () => {
    expect((await run(true, false, AbortSignal.abort())).code).toBe(130);
  });
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
      'a request for a link by mail',
    ],
    [
      'requests',
      { kind: 'moved', id: 'r', address: 'ada@example.org' },
      'a mail to an earlier address about a change of address',
    ],
    [
      'requests',
      { kind: 'sign-up', id: 'r', address: 'ada@example.org', signUp },
      'a message that cannot be read',
    ],
    ['digests', 'ada@example.org', 'a message that cannot be read'],
  ] as const)('of %s is described without an address: %j', (queue, message, words) => {
    const described = describeDeadLetter(queue, JSON.stringify(message), NOW);

    expect(described).toBe(words);
    expect(described).not.toContain('ada@');
  });

  test('that is not JSON is reported so', () => {
    expect(describeDeadLetter('cohorts', '{"ada@example.org', NOW)).toBe('a message that cannot be read');
  });
});

test('the report counts the letters that it does not show', () => {
  const reports = [
    { queue: 'cohorts', count: 0, letters: [] },
    { queue: 'digests', count: 12, oldestAt: NOW, letters: ['one', 'two'] },
    { queue: 'requests', count: 1, letters: ['a sign-up'] },
  ] as const;

  expect(toText(reports)).toBe(
    [
      'cohorts: no dead letters',
      'digests: 12 dead letters, the oldest of these 2 of 2026-01-06T12:00:00.000Z',
      '  one',
      '  two',
      '  and 10 more',
      'requests: 1 dead letter',
      '  a sign-up',
    ].join('\n'),
  );
});

describe('the queues', () => {
  test('can all be shown, but only one can be moved', () => {
    expect(parseQueues(undefined, false)).toEqual(['cohorts', 'digests', 'feedback', 'requests']);
    expect(parseQueues('feedback', true)).toEqual(['feedback']);
  });

  test.each([
    ['letters', false, 'There is no queue "letters". Name one of cohorts, digests'],
    [undefined, true, '--yes moves the letters of one queue. Name one of cohorts'],
  ])('%s, moved: %s, is refused with what is expected', (given, isMoving, words) => {
    expect(() => parseQueues(given, isMoving)).toThrow(InvalidInputError);
    expect(() => parseQueues(given, isMoving)).toThrow(words);
  });
});
