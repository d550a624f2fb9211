import { createSqsHandler, type SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { type Edition, parseCohortKey } from '../../shared/domain/digests/cohort.ts';
import { enqueueAll } from '../../shared/pipeline/enqueue-all.ts';
import type { FanOutPorts } from '../../shared/pipeline/fan-out.ts';
import { type EditionProgress, isUnreadable } from '../../shared/ports/planning.ts';
import { BATCH_SIZE, cohortMessageSchema } from '../../shared/ports/queues.ts';

/**
 * Creates the control: one batch after the other, with a checkpoint after each. An invocation runs until its time-out. The fan-out
 * continues when the queue delivers the message again.
 */
export function createSequentialHandler(ports: FanOutPorts): SqsHandler {
  return createSqsHandler(
    cohortMessageSchema,
    ({ edition }) => fanOutInOneGo(ports, edition),
    ports.telemetry,
  );
}

async function fanOutInOneGo(ports: FanOutPorts, edition: Edition): Promise<void> {
  const cohort = parseCohortKey(edition.cohort);
  const stored = await ports.editions.loadProgress(edition);
  if (isUnreadable(stored)) throw new Error('the progress of the edition cannot be read');
  let previous = stored;
  if (previous?.isComplete) return;
  let progress: EditionProgress = previous ?? { batches: 0, planned: 0, isComplete: false };
  for (;;) {
    const members = await ports.cohorts.loadMembers(cohort, progress.after, BATCH_SIZE);
    if (members.length === 0) break;
    const subscriberIds = await ports.editions.saveBatch(edition, progress.batches, members);
    await enqueueAll(ports.digestsQueue, [
      { edition, batch: progress.batches, subscriberIds: [...subscriberIds], queuedAt: ports.clock.now() },
    ]);
    const next = {
      batches: progress.batches + 1,
      planned: progress.planned + subscriberIds.length,
      after: subscriberIds.at(-1),
      isComplete: false,
    };
    await ports.editions.saveProgress(edition, next, previous);
    previous = next;
    progress = next;
  }
  await ports.editions.saveProgress(edition, { ...progress, isComplete: true }, previous);
}
