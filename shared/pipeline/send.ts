import pMap from 'p-map';
import { LOOK_BACK_DAYS } from '../domain/cadence.ts';
import { UnavailableError } from '../domain/errors.ts';
import { addMs } from '../domain/time.ts';
import { type DigestsMessage, SENDING_TIME_MS } from '../messages.ts';
import { NotSentError } from '../not-sent-error.ts';
import type { EditionRepository, OutcomeCounts } from '../ports.ts';
import { countOutcomes } from './outcome-counts.ts';
import { openPaperWindow, type WindowPorts } from './paper-window.ts';
import { isBehindOthers, type PutOffPorts, putOff } from './put-off.ts';
import { type SendDigestPorts, sendDigest } from './send-digest.ts';

export interface SendPorts extends SendDigestPorts, WindowPorts, PutOffPorts {
  readonly editions: EditionRepository;
}

/**
 * Makes and sends the digests of one batch and records how each ended. All are made at once, and go out as the pace lets
 * them, so that no wait for an answer holds up another mail. Whoever was dealt with before is left alone, so the message may
 * come again at any moment.
 *
 * Returns undefined for a message that is put off: mails cannot go out now, the quota cannot be read, or a table is not
 * available.
 *
 * @throws NotSentError when it has been put off for days
 * @throws AggregateError when some subscribers could not be dealt with; all others have been, and a repeat takes up the rest
 */
export async function sendBatch(
  ports: SendPorts,
  message: DigestsMessage,
): Promise<OutcomeCounts | undefined> {
  try {
    return await trySendBatch(ports, message);
  } catch (error) {
    const outage = findOutage(error);
    if (!outage) throw error;
    await putOff(ports, message, 'unavailable', outage.message);
    return undefined;
  }
}

/** The outage behind an error, or behind one of several. What else went wrong is met again when the message comes again. */
function findOutage(error: unknown): UnavailableError | undefined {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.find((one) => one instanceof UnavailableError);
}

async function trySendBatch(ports: SendPorts, message: DigestsMessage): Promise<OutcomeCounts | undefined> {
  const { edition, batch, subscriberIds } = message;
  const startedAt = ports.clock.now();
  const obstacle = (await isBehindOthers(ports, message)) ? 'quota-used-up' : await ports.pace.findObstacle();
  if (obstacle) {
    await putOff(ports, message, obstacle);
    return undefined;
  }

  const sending = {
    window: openPaperWindow(ports, LOOK_BACK_DAYS[edition.cadence], startedAt),
    origin: { ...edition, batch },
    until: addMs(startedAt, SENDING_TIME_MS),
  };
  const unsent: NotSentError[] = [];
  const sendOne = async (subscriberId: string) => {
    try {
      return await sendDigest(ports, sending, subscriberId);
    } catch (error) {
      if (error instanceof NotSentError) unsent.push(error);
      else if (!(error instanceof UnavailableError))
        ports.telemetry.error('A digest could not be dealt with', {
          ...sending.origin,
          subscriberId,
          error,
        });
      throw error;
    }
  };

  const outcomes = await pMap(subscriberIds, sendOne, { stopOnError: false }).catch((error: unknown) => {
    if (unsent.length === 0) throw error;
  });
  if (!outcomes) {
    const kind = unsent[0]?.kind ?? 'out-of-time';
    // Those that others held up know the kind alone; the one that met the obstacle knows more.
    const told = unsent.find((one) => one.kind === kind && one.reason !== undefined);
    await putOff(ports, message, kind, told?.reason);
    return undefined;
  }
  const counts = countOutcomes(outcomes);
  await ports.editions.settleBatch(edition, batch, counts);
  return counts;
}
