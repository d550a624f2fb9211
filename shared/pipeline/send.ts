import pMap from 'p-map';
import { LOOK_BACK_DAYS } from '../domain/cadence.ts';
import type { DigestsMessage } from '../messages.ts';
import { NotSentError } from '../not-sent-error.ts';
import type { EditionRepository, OutcomeCounts } from '../ports.ts';
import { countOutcomes } from './outcome-counts.ts';
import { openPaperWindow, type WindowPorts } from './paper-window.ts';
import { type SendDigestPorts, sendDigest } from './send-digest.ts';

export interface SendPorts extends SendDigestPorts, WindowPorts {
  readonly editions: EditionRepository;
}

const DIGESTS_AT_ONCE = 5;

/**
 * Makes and sends the digests of one batch, one subscriber at a time, and records how each ended. Whoever was dealt with
 * before is left alone, so the message may come again at any moment.
 *
 * @throws AggregateError when some subscribers could not be dealt with; all others have been, and a repeat takes up the rest
 */
export async function sendBatch(
  ports: SendPorts,
  { edition, batch, subscriberIds }: DigestsMessage,
): Promise<OutcomeCounts> {
  const window = openPaperWindow(ports, LOOK_BACK_DAYS[edition.cadence], ports.clock.now());
  let stop: NotSentError | undefined;

  const outcomes = await pMap(
    subscriberIds,
    async (subscriberId) => {
      if (stop) throw stop;
      try {
        return await sendDigest(ports, window, { ...edition, batch }, subscriberId);
      } catch (error) {
        if (error instanceof NotSentError && error.stopsAll) stop = error;
        if (error instanceof NotSentError && error.kind === 'stopped')
          ports.telemetry.count('SendingStopped', 1);
        ports.telemetry.error('A digest could not be dealt with', { ...edition, subscriberId, error });
        throw error;
      }
    },
    { concurrency: DIGESTS_AT_ONCE, stopOnError: false },
  );

  const counts = countOutcomes(outcomes);
  await ports.editions.settleBatch(edition, batch, counts);
  return counts;
}
