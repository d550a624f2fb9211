import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { describeDeadLetter } from '../../cli/redrive/describe-dead-letter.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { type QueueName, queueNames } from '../../shared/ports/queues.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import type { LocalSqs } from '../emulators/sqs.ts';
import type { Report } from './schedule.ts';

/** The part of the queues that is needed here. */
type Queues = Pick<LocalSqs, 'sqs' | 'queueUrls' | 'deadLetterUrls' | 'backlog' | 'deadLetters'>;

/** Where messages are kept, and who hears about them. */
export interface KeepOptions {
  /** The file of the messages. */
  readonly path: string;
  /** The file for entries of `path` that cannot be read. They are moved there. */
  readonly unreadablePath: string;
  /** Whether the dead letters of the last run go back to their queues. */
  readonly isRedriving: boolean;
  readonly report: Report;
  /** Receives the error of a save. */
  readonly onError: (error: unknown) => void;
}

/** The name of a list of messages in the file. */
type KeptName = QueueName | `${QueueName}-dead-letters`;

const deadLettersOf = <Name extends QueueName>(queue: Name) => `${queue}-dead-letters` as const;

const keptNames: readonly KeptName[] = [...queueNames, ...queueNames.map(deadLettersOf)];

/** How often the file forgets handled messages, and learns of dead letters and of events of SES, which no client sends. */
const SAVE_EVERY_MS = 1_000;

/**
 * Puts the unfinished messages and the dead letters of the last run on their queues again, and keeps them in a file from then on. The
 * emulated queues are in memory. The file has a message before its sender continues, so a killed process loses none. It may have a
 * message that was handled, which does no harm. Reports each dead letter once.
 *
 * @returns a function that saves once more and stops
 * @throws InvalidInputError that names the file if it does not contain messages
 */
export async function keepBacklog(queues: Queues, options: KeepOptions): Promise<() => Promise<void>> {
  await restoreBacklog(queues, options);
  const save = createSaver(queues, options.path);
  const reportNew = createDeadLetterReporter(queues, options.report);
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
  reportNew();
  const timer = setInterval(() => {
    reportNew();
    void save().catch(options.onError);
  }, SAVE_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    queues.sqs.middlewareStack.remove(keepBacklog.name);
    await save();
  };
}

/** Returns a function that saves the unfinished messages. It saves once at a time, and a killed process leaves a whole file. */
function createSaver({ backlog, deadLetters }: Queues, path: string): () => Promise<void> {
  let saved = '';
  const save = async () => {
    const kept = queueNames.flatMap((queue): readonly [KeptName, readonly string[]][] => [
      [queue, backlog(queue)],
      [deadLettersOf(queue), deadLetters(queue)],
    ]);
    const text = JSON.stringify(Object.fromEntries(kept));
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

/** Returns a function that reports the dead letters that came since its last call, a line for each queue. */
function createDeadLetterReporter({ deadLetters }: Queues, report: Report): () => void {
  const known = new Map<string, number>();
  return () => {
    for (const queue of queueNames) {
      const letters = deadLetters(queue);
      const newest = letters.slice(known.get(queue) ?? 0);
      known.set(queue, letters.length);
      const [first] = newest;
      if (first === undefined) continue;
      const what = describeDeadLetter(queue, first, systemClock.now());
      const [found, why] =
        newest.length === 1
          ? [`dead letter of the ${queue} queue: ${what}`, 'why it failed']
          : [`${newest.length} dead letters of the ${queue} queue, such as ${what}`, 'why they failed'];
      report(`${found}. log.jsonl says ${why}. To try again, stop, then run: npm start -- --redrive`);
    }
  };
}

async function restoreBacklog(
  { sqs, queueUrls, deadLetterUrls }: Queues,
  { path, unreadablePath, isRedriving, report }: KeepOptions,
): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const { kept, unreadable } = parseBacklog(path, text);
  if (unreadable.length > 0) {
    await appendFile(unreadablePath, unreadable.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const entries = toCountText(unreadable.length, 'entry', 'entries');
    report(`could not read ${entries} of ${path}. Kept in ${unreadablePath}, and left out`);
  }
  const restore = async (url: string, bodies: readonly string[] = []) => {
    for (const body of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  };
  for (const queue of queueNames) {
    await restore(queueUrls[queue], kept.get(queue));
    await restore((isRedriving ? queueUrls : deadLetterUrls)[queue], kept.get(deadLettersOf(queue)));
  }
}

/** A queue or a message of the file that cannot be read. */
interface Unreadable {
  readonly queue: string;
  readonly entry: unknown;
}

/** Returns the messages by queue, and what cannot be read: a queue with an unknown name, or something that is not a message. */
function parseBacklog(path: string, text: string) {
  const kept = new Map<KeptName, readonly string[]>();
  const unreadable: Unreadable[] = [];
  const isMessage = (message: unknown): message is string => typeof message === 'string' && message !== '';
  for (const [queue, entry] of Object.entries(parseQueues(path, text))) {
    const name = keptNames.find((keptName) => keptName === queue);
    if (name === undefined || !Array.isArray(entry)) {
      unreadable.push({ queue, entry });
      continue;
    }
    kept.set(name, entry.filter(isMessage));
    unreadable.push(
      ...entry.filter((message) => !isMessage(message)).map((message) => ({ queue, entry: message })),
    );
  }
  return { kept, unreadable };
}

function parseQueues(path: string, text: string) {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidInputError(
      `${path} does not contain the messages that waited. Move it to another folder, then start again.`,
      { cause },
    );
  }
}
