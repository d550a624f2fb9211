import { readFile, rm, writeFile } from 'node:fs/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type LocalSqs, queueNames } from '../emulators/sqs.ts';

/** The queues, of which nothing else is needed. */
type Queues = Pick<LocalSqs, 'sqs' | 'queueUrls' | 'backlog'>;

const backlogSchema = z.partialRecord(z.enum(queueNames), z.array(z.string()));

/** Writes down the messages that were not worked off, because the emulated queues forget them when they stop. */
export async function saveBacklog(queues: Queues, path: string): Promise<void> {
  const backlog = Object.fromEntries(queueNames.map((queue) => [queue, queues.backlog(queue)]));
  await writeFile(path, JSON.stringify(backlog));
}

/** Puts back the messages that {@link saveBacklog} wrote down. */
export async function restoreBacklog(queues: Queues, path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const backlog = backlogSchema.parse(JSON.parse(text));
  for (const queue of queueNames) {
    for (const body of backlog[queue] ?? []) {
      await queues.sqs.send(new SendMessageCommand({ QueueUrl: queues.queueUrls[queue], MessageBody: body }));
    }
  }
  await rm(path);
}
