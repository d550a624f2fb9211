import { readFile, rename, writeFile } from 'node:fs/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { type LocalSqs, queueNames } from '../emulators/sqs.ts';

/** The part of the queues that is needed here. */
type Queues = Pick<LocalSqs, 'sqs' | 'queueUrls' | 'backlog'>;

const backlogSchema = z.partialRecord(z.enum(queueNames), z.array(z.string()));

/** How often the file forgets handled messages, and learns of events of SES, which no client sends. */
const SAVE_EVERY_MS = 1_000;

/**
 * Puts the unfinished messages of the last run on their queues again, and keeps them in a file from then on. The emulated queues
 * are in memory. The file has a message before its sender continues, so a killed process loses none. It may have a
 * message that was handled, which does no harm.
 *
 * @returns a function that saves once more and stops
 * @throws InvalidInputError that names the file if it does not contain messages
 */
export async function keepBacklog(
  queues: Queues,
  path: string,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  await restoreBacklog(queues, path);
  const save = createSaver(queues, path);
  queues.sqs.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (command) => {
        const result = await next(command);
        if (commandName.startsWith('SendMessage')) await save();
        return result;
      },
    { step: 'initialize', name: keepBacklog.name },
  );
  await save();
  const timer = setInterval(() => void save().catch(onError), SAVE_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    queues.sqs.middlewareStack.remove(keepBacklog.name);
    await save();
  };
}

/** Returns a function that saves the unfinished messages. It saves once at a time, and a killed process leaves a whole file. */
function createSaver({ backlog }: Queues, path: string): () => Promise<void> {
  let saved = '';
  const save = async () => {
    const text = JSON.stringify(Object.fromEntries(queueNames.map((queue) => [queue, backlog(queue)])));
    if (text === saved) return;
    try {
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
      throw new InvalidInputError(`The folder of ${path} is gone. Stop with Ctrl-C, then start again.`, {
        cause,
      });
    }
    saved = text;
  };
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(save, save);
    return last;
  };
}

async function restoreBacklog({ sqs, queueUrls }: Queues, path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const backlog = parseBacklog(path, text);
  for (const queue of queueNames) {
    for (const body of backlog[queue] ?? []) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrls[queue], MessageBody: body }));
    }
  }
}

function parseBacklog(path: string, text: string) {
  try {
    return backlogSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidInputError(
      `${path} does not contain the messages that waited. Remove it, then start again.`,
      { cause },
    );
  }
}
