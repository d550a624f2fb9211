import { type Finding, fail, ok, wait, warn } from '../finding.ts';
import type { Concurrency, EventSource, QueueDepth } from '../ports.ts';

const WAITING = 'docs/operating.md, "Messages wait on a queue"';
const CONCURRENCY = 'docs/operating.md, "Asking for more concurrent functions"';

/** What runs beside the queues at the least: a schedule and a reader. */
const OTHERS_AT_ONCE = 2;

/** Whether anything was given up. What waits is told only: CloudWatch alone knows how long it has waited. */
export function checkQueue(queue: QueueDepth, deadLetters: QueueDepth): Finding {
  const dead = deadLetters.waiting + deadLetters.inFlight;
  const found = `${dead} ${dead === 1 ? 'dead letter' : 'dead letters'}, ${queue.waiting} waiting, ${queue.inFlight} being worked on`;
  return dead === 0
    ? ok(found)
    : fail(found, 'find out why, mend it, and send them again: docs/operating.md, "Dead letters"');
}

/** A queue, and the event sources of the function that works it off. */
export interface WorkedOffQueue {
  readonly name: string;
  readonly arn: string;
  readonly sources: readonly EventSource[];
}

/** Whether every queue is worked off, and by a limited number of functions at once. */
export function checkEventSources(queues: readonly WorkedOffQueue[]): Finding {
  const all = queues.map(({ name, arn, sources }) => ({
    name,
    source: sources.find(({ queueArn }) => queueArn === arn),
  }));
  const namesOf = (some: typeof all) => some.map(({ name }) => name).join(', ');
  const missing = all.filter(({ source }) => source === undefined);
  if (missing.length > 0)
    return fail(
      `no function takes messages from: ${namesOf(missing)}`,
      'deploy again; where it stays, the stack was changed by hand',
    );
  const off = all.filter(({ source }) => source?.state === 'Disabled' || source?.state === 'Disabling');
  if (off.length > 0)
    return fail(
      `switched off, so messages wait for four days and are lost then: ${namesOf(off)}`,
      `${off.map(({ source }) => `aws lambda update-event-source-mapping --uuid ${source?.id} --enabled`).join('; ')} (${WAITING})`,
    );
  const changing = all.filter(({ source }) => source?.state !== 'Enabled');
  if (changing.length > 0)
    return wait(changing.map(({ name, source }) => `${name} is ${source?.state}`).join(', '));
  const unlimited = all.filter(({ source }) => source?.maxConcurrency === undefined);
  if (unlimited.length > 0)
    return warn(
      `may use every function of the account, and keep readers from the pages: ${namesOf(unlimited)}`,
      unlimited
        .map(
          ({ source }) =>
            `aws lambda update-event-source-mapping --uuid ${source?.id} --scaling-config MaximumConcurrency=2`,
        )
        .join('; '),
    );
  return ok(`all ${all.length} are on`);
}

export interface FunctionReservation {
  readonly name: string;
  readonly reserved: number | undefined;
}

/** Whether the account runs enough functions at once, and no function is switched off. */
export function checkConcurrency(
  { account, unreserved }: Concurrency,
  queues: readonly Pick<WorkedOffQueue, 'sources'>[],
  functions: readonly FunctionReservation[],
): Finding {
  const off = functions.filter(({ reserved }) => reserved === 0);
  if (off.length > 0)
    return fail(
      `switched off by a reserved concurrency of 0: ${off.map(({ name }) => name).join(', ')}`,
      off.map(({ name }) => `aws lambda delete-function-concurrency --function-name ${name}`).join('; '),
    );
  const byQueues = queues
    .flatMap(({ sources }) => sources)
    .reduce((sum, { maxConcurrency = 0 }) => sum + maxConcurrency, 0);
  const needed = byQueues + OTHERS_AT_ONCE;
  const found = `the account runs ${account} functions at once, ${unreserved} of them without a reservation; this deployment uses up to ${needed}`;
  return unreserved < byQueues
    ? fail(`${found}: digests and readers are throttled`, `ask for more (${CONCURRENCY})`)
    : unreserved < needed
      ? warn(found, `at a busy hour a reader may see an error: ask for more (${CONCURRENCY})`)
      : ok(found);
}
