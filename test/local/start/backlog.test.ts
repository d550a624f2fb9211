import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type LocalSqs, startSqs } from '../../../local/emulators/sqs.ts';
import { keepBacklog } from '../../../local/start/backlog.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import type { QueueName } from '../../../shared/ports/queues.ts';

let folder: string;
let path: string;
let unreadablePath: string;
let reports: string[];
const running: LocalSqs[] = [];
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backlog-'));
  path = join(folder, 'queues.json');
  unreadablePath = join(folder, 'queues-unreadable.jsonl');
  reports = [];
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  for (const sqs of running.splice(0)) await sqs.close();
  await rm(folder, { recursive: true });
});

/** Starts queues with the messages of the last run. */
async function start({ isRedriving = false } = {}): Promise<LocalSqs> {
  const sqs = await startSqs();
  running.push(sqs);
  stops.push(
    await keepBacklog(sqs, {
      path,
      unreadablePath,
      isRedriving,
      report: (line) => reports.push(line),
      onError: (error) => {
        throw error;
      },
    }),
  );
  return sqs;
}

const send = ({ sqs, queueUrls }: LocalSqs, queue: QueueName, body: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: queueUrls[queue], MessageBody: body }));
const receive = ({ sqs, queueUrls }: LocalSqs, queue: QueueName) =>
  sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrls[queue], MaxNumberOfMessages: 1 }));

test('waiting and in-flight messages are on their queues again after the process was killed', async () => {
  const killed = await start();
  await send(killed, 'digests', 'in hand');
  await receive(killed, 'digests');
  await send(killed, 'digests', 'waiting');

  const next = await start();

  expect([...next.backlog('digests')].sort()).toEqual(['in hand', 'waiting']);
  expect(next.backlog('cohorts')).toEqual([]);
});

test('says what to do if the folder is deleted meanwhile', async () => {
  const first = await start();
  const end = stops.pop();
  await rm(folder, { recursive: true });

  await expect(send(first, 'digests', 'lost')).rejects.toThrow(
    `The folder of ${path} is gone. Stop with Ctrl-C, then start again.`,
  );
  await expect(end?.()).rejects.toThrow(InvalidInputError);
  await mkdir(folder);
});

test('messages that were handled before the end do not come back', async () => {
  const first = await start();
  await send(first, 'cohorts', 'handled');
  await send(first, 'cohorts', 'left');
  const { Messages: [message] = [] } = await receive(first, 'cohorts');
  await first.sqs.send(
    new DeleteMessageCommand({ QueueUrl: first.queueUrls.cohorts, ReceiptHandle: message?.ReceiptHandle }),
  );
  await stops.pop()?.();

  expect((await start()).backlog('cohorts')).toEqual(['left']);
});

test('messages survive a second kill, right after the start', async () => {
  await send(await start(), 'cohorts', 'one');
  await start();

  expect((await start()).backlog('cohorts')).toEqual(['one']);
});

test('the file is never half written', async () => {
  const sqs = await start();
  const seen = new Set<string>();

  await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      await send(sqs, 'digests', `message ${n}`);
      const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
      if (JSON.stringify(kept).includes(`"message ${n}"`)) seen.add(`message ${n}`);
    }),
  );

  expect(seen.size).toBe(20);
});

test.each(['{"cohorts":["on', '["cohorts"]', 'null', ''])(
  'says what to do about a file that holds no backlog: %s',
  async (text) => {
    await writeFile(path, text);

    await expect(start()).rejects.toEqual(
      new InvalidInputError(
        `${path} does not contain the messages that waited. Move it to another folder, then start again.`,
      ),
    );
  },
);

test('an entry that cannot be read costs only itself, and is kept in a file of its own', async () => {
  await writeFile(path, '{"cohorts":["one",2,"","three"],"mails":["later"],"digests":5,"requests":["four"]}');

  const sqs = await start();
  await stops.pop()?.();
  await start();

  expect(sqs.backlog('cohorts')).toEqual(['one', 'three']);
  expect(sqs.backlog('requests')).toEqual(['four']);
  expect((await readFile(unreadablePath, 'utf8')).trimEnd().split('\n')).toEqual([
    '{"queue":"cohorts","entry":2}',
    '{"queue":"cohorts","entry":""}',
    '{"queue":"mails","entry":["later"]}',
    '{"queue":"digests","entry":5}',
  ]);
  expect(reports).toEqual([`could not read 4 entries of ${path}. Kept in ${unreadablePath}, and left out`]);
});

test('dead letters stay dead letters after a kill, are reported, and go back to their queue when asked', async () => {
  const body = JSON.stringify({
    edition: { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' },
    tick: '2026-01-06T07:00:00.000Z',
  });
  const first = await start();
  await first.sqs.send(new SendMessageCommand({ QueueUrl: first.deadLetterUrls.cohorts, MessageBody: body }));

  const second = await start();
  expect(second.deadLetters('cohorts')).toEqual([body]);
  expect(second.backlog('cohorts')).toEqual([]);
  expect(reports).toEqual([
    'dead letter of the cohorts queue: the daily edition of 2026-01-06 for daily#Europe/Berlin#08. log.jsonl says why it failed. To try again, stop, then run: npm start -- --redrive',
  ]);

  const third = await start({ isRedriving: true });
  expect(third.deadLetters('cohorts')).toEqual([]);
  expect(third.backlog('cohorts')).toEqual([body]);
  expect(reports).toHaveLength(1);
});

test('a message that becomes a dead letter is reported once', async () => {
  const { sqs, deadLetterUrls } = await start();
  const fail = (MessageBody: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: deadLetterUrls.requests, MessageBody }));
  await fail('ada@example.org');
  await fail('bob@example.org');

  for (let looks = 0; reports.length === 0 && looks < 600; looks += 1) await delay(100);
  await fail('cy@example.org');
  for (let looks = 0; reports.length === 1 && looks < 600; looks += 1) await delay(100);

  expect(reports).toEqual([
    expect.stringMatching(/^2 dead letters of the requests queue, such as a message that cannot be read\. /),
    expect.stringMatching(/^dead letter of the requests queue: a message that cannot be read\. /),
  ]);
});

test('restores the backlog of an older release with fewer queues', async () => {
  await writeFile(path, '{"cohorts":["one"],"digests":[]}');

  const sqs = await start();

  expect(sqs.backlog('cohorts')).toEqual(['one']);
  expect(sqs.backlog('feedback')).toEqual([]);
});
