import type { DigestOrigin } from '../domain/cohort.ts';
import type { Delivery, DeliveryKey, Outcome, SettledOutcome, SkipReason } from '../domain/delivery.ts';
import type { Clock } from '../domain/time.ts';
import { isToBeSentAgain, judgeEarlier, type WhenUncertain } from '../domain/when-uncertain.ts';
import { InHandError } from '../in-hand-error.ts';
import type { Claim, DeliveryRepository } from '../ledger-ports.ts';
import { NotSentError } from '../not-sent-error.ts';
import type { MetricName } from '../observability.ts';
import type { EditionRepository, Telemetry } from '../ports.ts';
import type { SendResult } from '../sending-ports.ts';

export interface SettlePorts {
  readonly deliveries: DeliveryRepository;
  readonly editions: Pick<EditionRepository, 'forget' | 'passOn'>;
  readonly whenUncertain: WhenUncertain;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const METRICS = {
  sent: 'DigestsSent',
  skipped: 'DigestsSkipped',
  failed: 'DigestsFailed',
  uncertain: 'DigestsUncertain',
} as const satisfies Record<Outcome['state'], MetricName>;

/** Nobody was told how the digest ended, for the worker that held its claim died. */
const LEFT_BEHIND = { state: 'uncertain', reason: 'its worker left it behind' } as const;

/**
 * How a digest ended that somebody dealt with before; undefined where it is to be sent again. What a dead worker left behind
 * becomes `uncertain`.
 *
 * @throws InHandError while its worker, or the answer about it, may still come
 */
export async function endOf(ports: SettlePorts, earlier: Delivery): Promise<Outcome | undefined> {
  const { outcome, claimedAt, tries = 1 } = earlier;
  const finding = judgeEarlier(earlier, ports.whenUncertain, ports.clock.now());
  switch (finding) {
    case 'in-hand':
      throw new InHandError(`another worker has this digest in hand since ${claimedAt}`);
    case 'left-behind': {
      const standing = await ports.deliveries.leaveBehind(earlier, LEFT_BEHIND, ports.clock.now());
      if (!standing) throw new InHandError('another worker took this digest in hand, or gave it back');
      ports.telemetry.count(METRICS[standing.state], 1);
      return isToBeSentAgain(standing, tries, ports.whenUncertain) ? undefined : standing;
    }
    case 'to-be-sent-again':
      return undefined;
    case 'settled':
      if (outcome.state === 'claimed') throw new Error('a claim was taken for the end of a digest');
      return outcome;
    default:
      return finding satisfies never;
  }
}

/**
 * Records that no digest is made, unless somebody else dealt with it first. One that is in doubt stays so: it may have been sent,
 * and is not sent again.
 *
 * @throws InHandError while another worker may have it in hand
 */
export async function skip(
  ports: SettlePorts,
  key: DeliveryKey,
  origin: DigestOrigin,
  reason: SkipReason,
): Promise<Outcome> {
  const outcome = { state: 'skipped', reason } as const;
  // Nothing is kept about somebody who was erased; nobody can be mailed who has no profile, however often it is asked.
  if (reason === 'erased') await ports.editions.forget(origin, key.subscriberId);
  const isRecorded =
    reason === 'erased' || (await ports.deliveries.skip(key, origin, outcome, ports.clock.now()));
  if (!isRecorded) return loadStanding(ports, key, origin);
  ports.telemetry.count(METRICS.skipped, 1);
  return outcome;
}

/**
 * Ends a claimed digest by what became of its mail.
 *
 * @throws NotSentError when it was certainly not sent and the claim is given back, InHandError when it is to be sent again
 */
export async function settle(ports: SettlePorts, claim: Claim, result: SendResult): Promise<Outcome> {
  const end = async (outcome: SettledOutcome) => {
    const standing = await ports.deliveries.settle(claim, outcome, ports.clock.now());
    ports.telemetry.count(METRICS[standing.state], 1);
    if (isToBeSentAgain(standing, claim.tries, ports.whenUncertain))
      throw new InHandError('nobody knows whether this digest was sent, and it will be sent again');
    return standing;
  };
  switch (result.kind) {
    case 'accepted':
      return end({ state: 'sent', messageId: result.messageId });
    case 'rejected':
      ports.telemetry.warn('SES refused a digest', {
        subscriberId: claim.subscriberId,
        reason: result.reason,
      });
      return end({ state: 'failed', reason: result.reason });
    case 'uncertain':
      ports.telemetry.warn('The answer of SES was lost', {
        subscriberId: claim.subscriberId,
        reason: result.reason,
      });
      return end({ state: 'uncertain', reason: result.reason });
    case 'throttled':
    case 'unreachable':
    case 'quota-used-up':
    case 'stopped':
      await ports.deliveries.release(claim);
      throw new NotSentError(result);
    default:
      return result satisfies never;
  }
}

/** How a digest ended that another worker took first. @throws InHandError when it has not, or was given back */
export async function loadEnd(ports: SettlePorts, key: DeliveryKey, origin: DigestOrigin): Promise<Outcome> {
  const delivery = await ports.deliveries.load(key);
  const end = delivery && (await endOf(ports, delivery));
  if (!end) throw new InHandError('another worker gave this digest back');
  await passOnToOther(ports, key, origin);
  return end;
}

/**
 * Takes the name out of a batch whose digest came with another one, as for somebody who changes the hour between two editions of
 * a day: it counts there alone, and is found there when it is to be erased.
 */
export async function passOnToOther(
  { deliveries, editions }: SettlePorts,
  key: DeliveryKey,
  origin: DigestOrigin,
): Promise<void> {
  const other = await deliveries.loadOrigin(key);
  if (!other || (other.cohort === origin.cohort && other.batch === origin.batch)) return;
  await editions.passOn(origin, key.subscriberId);
}

/** How a digest stands that nobody is to be sent any more. @throws InHandError while another worker has it in hand */
async function loadStanding(ports: SettlePorts, key: DeliveryKey, origin: DigestOrigin): Promise<Outcome> {
  const delivery = await ports.deliveries.load(key);
  return delivery?.outcome.state === 'uncertain' ? delivery.outcome : loadEnd(ports, key, origin);
}
