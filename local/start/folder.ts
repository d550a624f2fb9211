import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { type LocalSqs, queueNames } from '../emulators/sqs.ts';

const LOCK_NAME = 'running.pid';

/** Everything that a copy stores in its folder, except the lock. */
const KEPT_NAMES = ['tables', 'outbox', 'keys.json', 'queues.json', 'log.jsonl'];

/**
 * Locks a folder for this process and returns a function that unlocks it. Creates a missing folder. Ignores the lock of a
 * process that no longer runs.
 *
 * It is written by hand, because `proper-lockfile` needs seconds to recognise such a lock and cannot name the process.
 *
 * @throws InvalidInputError if a running process has the lock
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK_NAME);
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new InvalidInputError(
      `${folder} is in use by process ${holder}. Stop that process, or choose another folder with --folder <folder>.`,
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(path, String(process.pid));
  return () => rm(path, { force: true });
}

/** Deletes everything that a copy stores in its folder. The lock and other files stay. */
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

/** The part of the queues that is needed here. */
type Queues = Pick<LocalSqs, 'sqs' | 'queueUrls' | 'backlog'>;

const backlogSchema = z.partialRecord(z.enum(queueNames), z.array(z.string()));

/** Saves the unfinished messages to a file, because the emulated queues are in memory. */
export async function saveBacklog(queues: Queues, path: string): Promise<void> {
  const backlog = Object.fromEntries(queueNames.map((queue) => [queue, queues.backlog(queue)]));
  await writeFile(path, JSON.stringify(backlog));
}

/** Sends the messages from {@link saveBacklog} to their queues again. */
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
