import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type LocalSqs, type QueueName, startSqs } from '../../../local/emulators/sqs.ts';
import { keepBacklog } from '../../../local/start/backlog.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';

let folder: string;
let path: string;
const running: LocalSqs[] = [];
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backlog-'));
  path = join(folder, 'queues.json');
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  for (const sqs of running.splice(0)) await sqs.close();
  await rm(folder, { recursive: true });
});

/** Starts queues with the messages of the last run. */
async function start(): Promise<LocalSqs> {
  const sqs = await startSqs();
  running.push(sqs);
  stops.push(
    await keepBacklog(sqs, path, (error) => {
      throw error;
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

test.each(['{"cohorts":["on', '{"cohorts":[1]}'])(
  'says what to do about a file that holds no backlog: %s',
  async (text) => {
    await writeFile(path, text);

    await expect(start()).rejects.toEqual(
      new InvalidInputError(
        `${path} does not contain the messages that waited. Remove it, then start again.`,
      ),
    );
  },
);

test('restores the backlog of an older release with fewer queues', async () => {
  await writeFile(path, '{"cohorts":["one"],"digests":[]}');

  const sqs = await start();

  expect(sqs.backlog('cohorts')).toEqual(['one']);
  expect(sqs.backlog('feedback')).toEqual([]);
});
