import type { DataOutputs, PipelineOutputs } from '../../../infra/outputs.ts';
import {
  addMs,
  type Instant,
  MS_PER_MINUTE,
  msBetween,
  TICK_MS,
  toUtcTime,
} from '../../../shared/domain/time/time.ts';
import { isUnreadable, type PlannerState, type UnreadableState } from '../../../shared/ports/planning.ts';
import { toCountText } from '../../../shared/presentation/wording.ts';
import { type Finding, fail, ok, wait, warn } from '../diagnosis.ts';
import type { Concurrency, CountedCohorts, EventSource, QueueDepth } from '../ports.ts';

type VersionOutputs = Pick<DataOutputs, 'DataVersion' | 'DataCommit'> &
  Pick<PipelineOutputs, 'Version' | 'Commit'>;

/** Checks which version runs: both stacks name the same one, and a rollback can bring it back. */
export function checkVersion({ DataVersion, DataCommit, Version, Commit }: VersionOutputs): Finding {
  if (Version === undefined || Commit === undefined)
    return warn('unknown: this version did not name itself yet', 'docs/operating.md, "Upgrading"');
  const deployed = `${Version}, commit ${Commit}`;
  if (DataVersion !== Version || DataCommit !== Commit)
    return warn(
      `${deployed}, but the data stack is ${DataVersion ?? 'older'}, commit ${DataCommit ?? 'unknown'}`,
      'one stack was not deployed: deploy both again',
    );
  if (Commit.endsWith('-dirty'))
    return warn(
      `${deployed}: it was deployed with uncommitted changes`,
      'commit them and deploy again, or no rollback can bring this version back',
    );
  return ok(deployed);
}

const MINUTES_PER_HOUR = 60;

/** The minutes of every hour at which the planner runs. */
const TICK_MINUTES = [0, 15, 30, 45];

/** A run starts within a minute and ends within seconds, so five minutes are enough. */
const RUN_ALLOWANCE_MS = 5 * MS_PER_MINUTE;

/** A stack changes within this time. A schedule that is due meanwhile may miss one run. */
const DEPLOYMENT_MS = 5 * MS_PER_MINUTE;

/** Checks whether the planner runs at every tick. */
export function checkPlanner(
  state: PlannerState | UnreadableState | undefined,
  now: Instant,
  deployedAt: Instant,
): Finding {
  const notRunning = 'docs/alarms.md, "The planner does not finish"';
  const firstRun = waitForFirstRun(TICK_MINUTES, now, deployedAt);
  if (!state) return firstRun ?? fail('never ran', `it runs at every quarter hour: ${notRunning}`);
  if (isUnreadable(state))
    return fail(
      'its cursor cannot be read',
      'the next run replaces it: docs/alarms.md, "A stored record cannot be read"',
    );
  const ageMs = msBetween(state.lastTick, now);
  const found = `the last tick planned is ${state.lastTick.slice(0, 16)}Z, ${toAge(ageMs)} ago`;
  if (firstRun && ageMs > TICK_MS + RUN_ALLOWANCE_MS) return firstRun;
  if (ageMs > 2 * TICK_MS)
    return fail(found, `digests wait; what is due is made up for once it runs: ${notRunning}`);
  if (ageMs > TICK_MS + RUN_ALLOWANCE_MS)
    return warn(found, 'a tick was missed: look again after the next quarter hour');
  return ok(found);
}

/** Checks whether every stored cohort can be read. The planner leaves out the others. */
export function checkCohorts({ sizes, faults }: CountedCohorts): Finding {
  const members = sizes.reduce((sum, size) => sum + size.members, 0);
  const [first] = faults;
  if (first === undefined)
    return ok(`${toCountText(members, 'confirmed subscriber')} in ${toCountText(sizes.length, 'cohort')}`);
  return fail(
    `${toCountText(faults.length, 'stored cohort')} cannot be read, so their subscribers get no digests: ${first}`,
    'docs/alarms.md, "A stored record cannot be read"',
  );
}

/**
 * Returns a finding while a schedule waits for its first run after a deployment. Undefined once the run is overdue.
 *
 * @param minutes the minutes of every hour at which it runs
 */
export function waitForFirstRun(
  minutes: readonly number[],
  now: Instant,
  deployedAt: Instant,
): Finding | undefined {
  const firstAt = nextRunAfter(minutes, addMs(deployedAt, DEPLOYMENT_MS));
  if (now > addMs(firstAt, RUN_ALLOWANCE_MS)) return undefined;
  return wait(`waiting for the first run, at ${toUtcTime(firstAt)} UTC`, 'look again after it');
}

/** Returns the next time at which a schedule with these minutes of every hour runs. */
function nextRunAfter(minutes: readonly number[], from: Instant): Instant {
  const hour = `${from.slice(0, 13)}:00:00.000Z`;
  const candidates = [0, MINUTES_PER_HOUR].flatMap((offset) => minutes.map((minute) => offset + minute));
  const next = candidates.map((minute) => addMs(hour, minute * MS_PER_MINUTE)).find((at) => at >= from);
  if (next === undefined) throw new Error('a schedule runs at no minute of the hour');
  return next;
}

/** Returns a duration in the unit that fits: `12 min`, `5 h`, `3 days`. */
export function toAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MS_PER_MINUTE));
  if (minutes < 2 * MINUTES_PER_HOUR) return `${minutes} min`;
  const hours = Math.round(minutes / MINUTES_PER_HOUR);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

const WAITING = 'docs/alarms.md, "Messages wait on a queue"';
const CONCURRENCY = 'docs/operating.md, "Asking for more concurrent functions"';

/** At least a schedule and a reader run beside the queues. */
const OTHERS_AT_ONCE = 2;

/**
 * Checks whether there are dead letters. Waiting messages are only counted, because only CloudWatch knows how long they have
 * waited.
 */
export function checkQueue(queue: QueueDepth, deadLetters: QueueDepth): Finding {
  const dead = deadLetters.waiting + deadLetters.inFlight;
  const found = `${toCountText(dead, 'dead letter')}, ${queue.waiting} waiting, ${queue.inFlight} being worked on`;
  return dead === 0
    ? ok(found)
    : fail(found, 'find the cause, fix it, and redrive them: docs/alarms.md, "Dead letters"');
}

/** A queue, and the event sources of the function that processes its messages. */
export interface ConsumedQueue {
  readonly name: string;
  readonly arn: string;
  readonly sources: readonly EventSource[];
}

/** Checks whether every queue has an event source that is on and limits its concurrency. */
export function checkEventSources(queues: readonly ConsumedQueue[]): Finding {
  const all = queues.map(({ name, arn, sources }) => ({
    name,
    source: sources.find(({ queueArn }) => queueArn === arn),
  }));
  const namesOf = (some: typeof all) => some.map(({ name }) => name).join(', ');
  const missing = all.filter(({ source }) => source === undefined);
  if (missing.length > 0)
    return fail(
      `no function takes messages from: ${namesOf(missing)}`,
      'deploy with --revert-drift, which undoes what was changed or deleted by hand',
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

/** Checks whether the account allows enough concurrent functions, and no function is switched off. */
export function checkConcurrency(
  { account, unreserved }: Concurrency,
  queues: readonly Pick<ConsumedQueue, 'sources'>[],
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
  const found = `the account allows ${account} concurrent functions, ${unreserved} of them unreserved; this deployment uses up to ${needed}`;
  if (unreserved < byQueues)
    return fail(`${found}: digests and readers are throttled`, `ask for more (${CONCURRENCY})`);
  return unreserved < needed
    ? warn(found, `at a busy hour a reader may see an error: ask for more (${CONCURRENCY})`)
    : ok(found);
}
