import type { PipelineOutputs } from '../../infra/outputs.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { openDeployment } from '../deployment/open-deployment.ts';
import { createDeadLetters } from './adapters/dead-letters.ts';
import { type QueueName, queueNames } from './describe-letter.ts';
import type { DeadLetters } from './ports.ts';
import { lookAt, moveBack, toText } from './redrive.ts';

/** Shows dead letters, moves them back if that is asked for, and returns the exit code. */
export async function runRedrive(
  options: {
    readonly queue: string | undefined;
    readonly settings: string;
    readonly yes?: true;
    readonly json?: true;
  },
  context: Pick<CommandContext, 'print' | 'printError'>,
): Promise<number> {
  const { print } = context;
  const isMoving = options.yes ?? false;
  const queues = parseQueues(options.queue, isMoving);
  const { target, outputs } = await openDeployment(loadSettings(options.settings));
  const open = openQueues(outputs);
  if (isMoving) announceTarget(context, target);
  const heaps = [];
  for (const queue of queues) heaps.push(await lookAt(queue, open(queue), systemClock.now()));
  if (!options.json) print(toText(heaps));

  let moved = 0;
  for (const { queue, count } of isMoving ? heaps : []) {
    moved += await moveBack(open(queue), count, (some) => {
      if (!options.json) print(`moved ${some} of ${count}`);
    });
  }
  if (options.json) print(JSON.stringify({ queues: heaps, moved }));
  return 0;
}

/**
 * The queues to look at: all, or the one that is named.
 *
 * @throws InvalidInputError if the name is not known, or letters are to be moved and no queue is named
 */
export function parseQueues(given: string | undefined, isMoving: boolean): readonly QueueName[] {
  const expected = `expected one of ${queueNames.join(', ')}`;
  if (given === undefined && isMoving)
    throw new InvalidInputError(`--yes moves the letters of one queue: ${expected}`);
  if (given === undefined) return queueNames;
  const named = queueNames.filter((name) => name === given);
  if (named.length === 0) throw new InvalidInputError(`there is no queue "${given}": ${expected}`);
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
  return (queue) => createDeadLetters(sqs, ...urls[queue]);
}
