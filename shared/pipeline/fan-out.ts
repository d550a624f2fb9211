import { type Edition, parseCohortKey } from '../domain/cohort.ts';
import { addMs, type Clock, MS_PER_DAY } from '../domain/time.ts';
import { BATCH_SIZE, type DigestsMessage } from '../messages.ts';
import {
  type CohortRepository,
  type EditionProgress,
  type EditionRepository,
  ELSEWHERE_ID,
  ERASED_ID,
  type Queue,
  type Telemetry,
  UNREADABLE_ID,
} from '../ports.ts';
import { enqueueAll } from './enqueue-all.ts';

export interface FanOutPorts {
  readonly cohorts: CohortRepository;
  readonly editions: EditionRepository;
  readonly digestsQueue: Queue<DigestsMessage>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** An empty cohort is forgotten only when nobody joined it for so long: somebody may be about to. */
const IDLE_COHORT_MS = MS_PER_DAY;

/**
 * Queues a message for every batch of subscribers in an edition's cohort and marks the edition complete at the end.
 *
 * Each batch is recorded, then queued, then counted as done. A crash in between repeats that batch with the same
 * subscribers, however the cohort changed meanwhile, and goes on behind its last one; so nobody is passed over. A
 * complete edition is not enumerated again.
 *
 * @throws ConflictError when another worker enumerates the same edition
 */
export async function fanOut(ports: FanOutPorts, edition: Edition): Promise<EditionProgress> {
  const cohort = parseCohortKey(edition.cohort);
  let previous = await ports.editions.loadProgress(edition);
  if (previous?.isComplete) return previous;

  let progress: EditionProgress = previous ?? { batches: 0, planned: 0, isComplete: false };
  const moveOn = async (next: EditionProgress) => {
    await ports.editions.saveProgress(edition, next, previous);
    previous = next;
    progress = next;
  };

  for (;;) {
    const batch = progress.batches;
    const members = await ports.cohorts.loadMembers(cohort, progress.after, BATCH_SIZE);
    // A batch that was recorded before a crash is queued, though all may have left the cohort since.
    const recorded =
      members.length > 0
        ? await ports.editions.saveBatch(edition, batch, members)
        : await ports.editions.loadBatch(edition, batch);
    if (!recorded) break;
    // Who was erased since a crash, or had their digest with another batch, stands in the batch without a name.
    const subscriberIds = recorded.filter((id) => ![ERASED_ID, ELSEWHERE_ID, UNREADABLE_ID].includes(id));
    if (subscriberIds.length > 0)
      await enqueueAll(ports.digestsQueue, [{ edition, batch, subscriberIds, queuedAt: ports.clock.now() }]);
    await moveOn({
      batches: batch + 1,
      planned: progress.planned + recorded.length,
      after: subscriberIds.at(-1) ?? progress.after,
      isComplete: false,
    });
  }

  if (progress.planned === 0)
    await ports.cohorts.removeIfIdle(cohort, addMs(ports.clock.now(), -IDLE_COHORT_MS));
  await moveOn({ ...progress, isComplete: true });
  ports.telemetry.count('DigestsPlanned', progress.planned);
  ports.telemetry.info('Fanned out', { ...edition, planned: progress.planned, batches: progress.batches });
  return progress;
}
