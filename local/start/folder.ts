import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { type LocalSqs, queueNames } from '../emulators/sqs.ts';

const LOCK_NAME = 'running.pid';

/** All that a copy keeps in its folder besides the lock. */
const KEPT_NAMES = ['tables', 'outbox', 'keys.json', 'queues.json', 'log.jsonl'];

/**
 * Takes a folder, made where it is missing, for this process alone and returns the way to let go of it. A lock left behind by
 * a process that is gone does not count.
 *
 * @throws InvalidInputError when another process that still runs has it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_NAME);
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new InvalidInputError(
      `${folder} is in use by process ${holder}; stop that one, or choose another with --folder <folder>`,
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(path, String(process.pid));
  return () => rm(path, { force: true });
}

/** Throws away what a copy keeps in its folder. The lock stays, and so does whatever else lies there. */
export async function emptyFolder(folder: string): Promise<void> {
  await Promise.all(KEPT_NAMES.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

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
