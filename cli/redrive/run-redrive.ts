import { setTimeout as wait } from 'node:timers/promises';
import type { PipelineOutputs } from '../../infra/outputs.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { earliestOf, type Instant } from '../../shared/domain/time/time.ts';
import { type QueueName, queueNames } from '../../shared/ports/queues.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import { type CommandContext, EXIT_INTERRUPTED, EXIT_OK, whileChanging } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { openDeployment } from '../deployment/find-deployment.ts';
import { createProgress } from '../progress.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { describeDeadLetter } from './describe-dead-letter.ts';

/** Shows dead letters, moves them back if that is asked for, and returns the exit code. */
export async function runRedrive(
  options: {
    readonly queue: string | undefined;
    readonly settings: string;
    readonly yes?: true;
    readonly json?: true;
  },
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'onInterrupt'>,
): Promise<number> {
  const isMoving = options.yes ?? false;
  const queues = parseQueues(options.queue, isMoving);
  const { target, outputs } = await openDeployment(loadSettings(options.settings));
  if (isMoving) announceTarget(context, target);
  return redrive(queues, openQueues(outputs), { isMoving, isJson: options.json ?? false }, context);
}

/** Shows the dead letters of open queues and moves them if asked to. Returns the exit code. */
export async function redrive(
  queues: readonly QueueName[],
  open: (queue: QueueName) => DeadLetters,
  { isMoving, isJson }: { readonly isMoving: boolean; readonly isJson: boolean },
  { print, terminal, onInterrupt }: Pick<CommandContext, 'print' | 'terminal' | 'onInterrupt'>,
): Promise<number> {
  const reports = [];
  for (const queue of queues) reports.push(await describeQueue(queue, open(queue), systemClock.now()));
  if (!isJson) print(toText(reports));

  if (!isMoving) {
    if (isJson) print(JSON.stringify({ queues: reports, moved: 0 }));
    return EXIT_OK;
  }
  const signal = onInterrupt();
  let moved = 0;
  for (const { queue, count } of reports) {
    if (count === 0) continue;
    const progress = createProgress(terminal, { verb: 'Moved', unit: 'dead letters', total: count });
    const movedHere = await whileChanging(() => open(queue).move(count, progress.advance, signal)).finally(
      progress.stop,
    );
    if (!isJson)
      print(`Moved ${movedHere} of ${toCountText(count, 'dead letter')} back to the ${queue} queue`);
    moved += movedHere;
  }
  if (isJson) print(JSON.stringify({ queues: reports, moved }));
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

/**
 * The queues to look at: all, or the one that is named.
 *
 * @throws InvalidInputError if the name is not known, or letters are to be moved and no queue is named
 */
export function parseQueues(given: string | undefined, isMoving: boolean): readonly QueueName[] {
  const expected = `Name one of ${queueNames.join(', ')}.`;
  if (given === undefined && isMoving)
    throw new InvalidInputError(`--yes moves the letters of one queue. ${expected}`);
  if (given === undefined) return queueNames;
  const named = queueNames.filter((name) => name === given);
  if (named.length === 0) throw new InvalidInputError(`There is no queue "${given}". ${expected}`);
  return named;
}

function openQueues(outputs: PipelineOutputs): (queue: QueueName) => DeadLetters {
  const sqs = createSqsClient();
  const urls: Readonly<Record<QueueName, readonly [dlq: string, queue: string]>> = {
    cohorts: [outputs.CohortsDlqUrl, outputs.CohortsQueueUrl],
    digests: [outputs.DigestsDlqUrl, outputs.DigestsQueueUrl],
    feedback: [outputs.FeedbackDlqUrl, outputs.FeedbackQueueUrl],
    requests: [outputs.RequestsDlqUrl, outputs.RequestsQueueUrl],
  };
  return (queue) => {
    const [dlqUrl, queueUrl] = urls[queue];
    return createDeadLetters(sqs, { dlqUrl, queueUrl, hasLettersOfSns: queue === 'feedback' }, wait);
  };
}

/** The dead letters of one queue. */
export interface QueueReport {
  readonly queue: QueueName;
  readonly count: number;
  /** When the oldest of the described letters was first queued. */
  readonly oldestAt?: Instant | undefined;
  /** Descriptions of some of them, at most ten, each with the id of the message. */
  readonly letters: readonly string[];
}

/** Describes the dead letters of a queue, and leaves them where they are. */
export async function describeQueue(
  queue: QueueName,
  deadLetters: DeadLetters,
  now: Instant,
): Promise<QueueReport> {
  const count = await deadLetters.count();
  const letters = count === 0 ? [] : await deadLetters.look();
  return {
    queue,
    count: Math.max(count, letters.length),
    oldestAt: earliestOf(letters.map(({ sentAt }) => sentAt)),
    letters: letters.map(({ id, body }) => `${describeDeadLetter(queue, body, now)} (message ${id})`),
  };
}

/** The reports as text. */
export function toText(reports: readonly QueueReport[]): string {
  return reports.flatMap(toLines).join('\n');
}

function toLines({ queue, count, oldestAt, letters }: QueueReport): readonly string[] {
  if (count === 0) return [`${queue}: no dead letters`];
  const more = count - letters.length;
  const ofWhich = more > 0 ? `, the oldest of these ${letters.length}` : ', the oldest';
  return [
    `${queue}: ${toCountText(count, 'dead letter')}${oldestAt ? `${ofWhich} of ${oldestAt}` : ''}`,
    ...letters.map((letter) => `  ${letter}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
