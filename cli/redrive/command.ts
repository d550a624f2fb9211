import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { createStacks, createStacksClient } from '../deployment/adapters/cloudformation.ts';
import { findDeployment } from '../deployment/find-deployment.ts';
import { parseArguments } from '../deployment/parse-arguments.ts';
import { readSettings } from '../deployment/read-settings.ts';
import type { CommandContext } from '../deployment/run-command.ts';
import { createDeadLetters } from './adapters/dead-letters.ts';
import { type QueueName, queueNames } from './describe-letter.ts';
import type { DeadLetters } from './ports.ts';
import { lookAt, moveBack, toText } from './redrive.ts';

const USAGE = `npm run redrive -- [<queue>] [--yes] [--json] [--settings <file>]

Shows the dead letters of each queue (${queueNames.join(', ')}), or of one, and what they stand for. With --yes those of the one
queue go back to it, to be worked off again; do that once the cause is mended. It may be broken off and run again.

  --yes              moves them back
  --json             as one JSON object
  --settings <file>  the settings it was deployed with, like prod.json (default: those in cdk.json)

Ends with 2 if they could not be looked at or moved, otherwise with 0.`;

/** Shows dead letters, moves them back if that is asked for, and returns the exit code. */
export async function redrive(
  args: readonly string[],
  { print }: Pick<CommandContext, 'print'>,
): Promise<number> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      settings: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const queues = parseQueues(positionals, values.yes);
  const open = await openDeployment(values.settings);
  const heaps = [];
  for (const queue of queues) heaps.push(await lookAt(queue, open(queue), systemClock.now()));
  if (!values.json) print(toText(heaps));

  let moved = 0;
  for (const { queue, count } of values.yes ? heaps : []) {
    moved += await moveBack(open(queue), count, (some) => {
      if (!values.json) print(`moved ${some} of ${count}`);
    });
  }
  if (values.json) print(JSON.stringify({ queues: heaps, moved }));
  return 0;
}

/**
 * The queues to look at: all, or the one that is named.
 *
 * @throws InvalidInputError where the name is not known, or letters are to be moved and no queue is named
 */
export function parseQueues(given: readonly string[], isMoving: boolean): readonly QueueName[] {
  const unknown = given.find((name) => !queueNames.some((one) => one === name));
  if (unknown !== undefined)
    throw new InvalidInputError(`there is no queue "${unknown}": expected one of ${queueNames.join(', ')}`);
  if (given.length > 1) throw new InvalidInputError(`${given.length} queues were named: expected one`);
  if (given.length === 0 && isMoving)
    throw new InvalidInputError(
      `--yes moves the letters of one queue: expected one of ${queueNames.join(', ')}`,
    );
  return given.length === 0 ? queueNames : queueNames.filter((name) => name === given[0]);
}

async function openDeployment(settings: string | undefined): Promise<(queue: QueueName) => DeadLetters> {
  const outputs = await findDeployment(createStacks(createStacksClient()), readSettings(settings));
  const sqs = createSqsClient();
  const urls: Readonly<Record<QueueName, readonly [dlq: string, queue: string]>> = {
    cohorts: [outputs.CohortsDlqUrl, outputs.CohortsQueueUrl],
    digests: [outputs.DigestsDlqUrl, outputs.DigestsQueueUrl],
    feedback: [outputs.FeedbackDlqUrl, outputs.FeedbackQueueUrl],
    requests: [outputs.RequestsDlqUrl, outputs.RequestsQueueUrl],
  };
  return (queue) => createDeadLetters(sqs, ...urls[queue]);
}
