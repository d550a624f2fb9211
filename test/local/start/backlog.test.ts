import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type LocalSqs, startSqs } from '../../../local/emulators/sqs.ts';
import { restoreBacklog, saveBacklog } from '../../../local/start/folder.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';

let folder: string;
const running: LocalSqs[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backlog-'));
});

afterEach(async () => {
  for (const sqs of running.splice(0)) await sqs.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<LocalSqs> {
  const sqs = await startSqs();
  running.push(sqs);
  return sqs;
}

test('waiting and in-flight messages are on their queues again after a restart', async () => {
  const path = join(folder, 'queues.json');
  const first = await start();
  for (const body of ['in hand', 'waiting']) {
    await first.sqs.send(new SendMessageCommand({ QueueUrl: first.queueUrls.digests, MessageBody: body }));
  }
  await first.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: first.queueUrls.digests, MaxNumberOfMessages: 1 }),
  );

  await saveBacklog(first, path);
  const second = await start();
  await restoreBacklog(second, path);

  expect([...second.backlog('digests')].sort()).toEqual(['in hand', 'waiting']);
  expect(second.backlog('cohorts')).toEqual([]);
});

test('restores the backlog only once', async () => {
  const path = join(folder, 'queues.json');
  const first = await start();
  await first.sqs.send(new SendMessageCommand({ QueueUrl: first.queueUrls.cohorts, MessageBody: 'one' }));
  await saveBacklog(first, path);

  const second = await start();
  await restoreBacklog(second, path);
  await restoreBacklog(second, path);

  expect(second.backlog('cohorts')).toEqual(['one']);
});

test.each(['{"cohorts":["on', '{"cohorts":[1]}'])(
  'says what to do about a file that holds no backlog: %s',
  async (text) => {
    const path = join(folder, 'queues.json');
    await writeFile(path, text);

    await expect(restoreBacklog(await start(), path)).rejects.toEqual(
      new InvalidInputError(
        `${path} does not contain the messages that waited. Remove it, then start again.`,
      ),
    );
  },
);

test('restores the backlog of an older release with fewer queues', async () => {
  const path = join(folder, 'queues.json');
  await writeFile(path, '{"cohorts":["one"],"digests":[]}');
  const sqs = await start();

  await restoreBacklog(sqs, path);

  expect(sqs.backlog('cohorts')).toEqual(['one']);
  expect(sqs.backlog('feedback')).toEqual([]);
});
