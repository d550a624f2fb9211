import type { DigestOrigin } from '../../domain/digests/cohort.ts';
import {
  type Delivery,
  type DeliveryKey,
  findSkipReason,
  hasPaper,
  type SkipReason,
} from '../../domain/digests/delivery.ts';
import { type Cadence, isTooLate } from '../../domain/subscribers/cadence.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import { addMs, type Instant, latestOf, MS_PER_DAY } from '../../domain/time/time.ts';
import type { Digest, UnreadableQuery } from '../../matching/digest.ts';
import type { Claim } from '../../ports/deliveries.ts';
import type { DigestMail, Mailer } from '../../ports/mail.ts';
import type { SubscriberReader } from '../../ports/subscribers.ts';
import type { BatchPapers } from './batch-papers.ts';
import {
  type ClaimedResult,
  type DigestResult,
  type LedgerPorts,
  recordResult,
  recordSkip,
  resolveFromLedger,
  resolveTaken,
} from './ledger.ts';
import { isNothingNew, openCandidates } from './select-digest.ts';
import type { SendRateLimiter } from './send-rate-limiter.ts';

export interface SendDigestPorts extends LedgerPorts {
  readonly subscribers: SubscriberReader;
  readonly compose: (digest: Digest) => Promise<DigestMail>;
  readonly mailer: Mailer;
  readonly rateLimiter: SendRateLimiter;
}

/** What all digests of a batch share. */
export interface BatchRun {
  readonly papers: BatchPapers;
  /** The profiles of the batch. They are loaded together, and may miss the writes of the last second. */
  readonly profiles: ReadonlyMap<Subscriber['id'], Subscriber | 'unreadable'>;
  readonly origin: DigestOrigin;
  /** After this time no mail of the batch gets a permit. */
  readonly until: Instant;
}

/** A claimed digest that is ready to send. */
interface ClaimedDigest {
  readonly claim: Claim;
  readonly mail: DigestMail;
  /**
   * Only claims since this time are checked. It is the later of two times. One is {@link SURELY_SEEN_MS} before the selection read the
   * ledger, because that read saw all older claims. The other is the `since` of the candidates, because no older claim has one of them.
   */
  readonly checkedSince: Instant;
  readonly cadences: readonly Cadence[];
}

/** A read of the ledger sees every claim that is this old. A stale one misses at most those of about the last second, so this is a wide margin. */
const SURELY_SEEN_MS = MS_PER_DAY;

/** Why a claimed digest must not be sent as it is. */
type Objection =
  /** The subscriber must not get it any more, for example because they unsubscribed or their mails bounced. */
  | { readonly kind: 'unwanted'; readonly reason: SkipReason }
  /** Another digest of this subscriber has one of its papers. `later` means that the other digest goes first. */
  | { readonly kind: 'papers-taken'; readonly selectsAgain: 'now' | 'later' };

/** How often a digest selects papers before it waits for the other digests of its subscriber, which keep claiming them. */
const MAX_SELECTIONS = 3;

/**
 * Makes and sends one digest: select, compose, wait for a permit to send, claim, check again, send, record.
 *
 * The claim is the right to send, and only one worker holds it. So no subscriber is mailed twice, even after a repeat or a crash. The
 * exception is an `uncertain` digest with `at-least-once`.
 */
export async function sendDigest(
  ports: SendDigestPorts,
  run: BatchRun,
  subscriberId: Subscriber['id'],
): Promise<DigestResult> {
  const { origin } = run;
  const key = { subscriberId, cadence: origin.cadence, period: origin.period };
  const subscriber = await loadRecipient(ports, run, key);
  const reason = findReasonBeforePapers(ports, subscriber, key);
  if (!subscriber || reason) {
    const { result } = await resolveFromLedger(ports, key, origin);
    return result ?? recordSkip(ports, key, origin, reason ?? 'erased');
  }

  const cadences = subscriber.subscriptions.map(({ cadence }) => cadence);
  let stored: Delivery | undefined;
  for (let attempt = 1; attempt <= MAX_SELECTIONS; attempt += 1) {
    const isFirst = attempt === 1;
    const { since, isEmpty, select } = await openCandidates(ports, run.papers, key, subscriber);
    // Without reading the ledger. If the digest has a record, the skip is refused, and the record decides.
    if (isFirst && isEmpty) return recordSkip(ports, key, origin, 'nothing-new');
    // The first selection may read stale data, because the check after the claim does not. A repeated selection must see the other claims.
    const readAt = ports.clock.now();
    const recent = await ports.deliveries.loadRecent(key, since, { cadences, mayBeStale: isFirst });
    if (isFirst && recent.isRecorded) {
      const known = await resolveFromLedger(ports, key, origin);
      if (known.result) return known.result;
      stored = known.stored;
    }
    const { digest, unreadable } = await select(recent.others);
    if (isFirst) reportUnreadable(ports, key, unreadable);
    if (isNothingNew(digest)) return recordSkip(ports, key, origin, 'nothing-new');
    const mail = await ports.compose(digest);
    // Wait before the claim, so that the claim is held for a short time.
    const permit = await ports.rateLimiter.acquire(run.until);
    if (permit !== 'go') return { kind: 'put-off', reason: permit };

    const claim = await claimDigest(ports, key, origin, mail, stored);
    if (!claim) return resolveTaken(ports, key, origin);
    const checkedSince = latestOf([since, addMs(readAt, -SURELY_SEEN_MS)]);
    const claimed = { claim, mail, checkedSince, cadences };
    const result = await sendClaimed(ports, claimed, run.until);
    if (result.kind === 'unwanted') return recordSkip(ports, key, origin, result.reason);
    if (result.kind !== 'papers-taken') return recordResult(ports, claim, result);
    if (result.selectsAgain === 'later')
      return { kind: 'retry', reason: 'another digest of this subscriber has claimed its papers' };
    // If the digest was `uncertain` before, its claim replaced the record, and the next claim must name the new one.
    if (stored) stored = await ports.deliveries.load(key);
  }
  return { kind: 'retry', reason: 'other digests of this subscriber keep claiming its papers' };
}

/**
 * Returns the profile of a digest. Undefined if it was erased. The profile from the batch may be stale, so one that would get no digest
 * is loaded again.
 *
 * @throws UnreadableItemError if the profile does not fit its schema. It costs only its own digest
 */
async function loadRecipient(
  ports: SendDigestPorts,
  { profiles }: BatchRun,
  key: DeliveryKey,
): Promise<Subscriber | undefined> {
  const known = profiles.get(key.subscriberId);
  const isUsable =
    known !== undefined && known !== 'unreadable' && !findReasonBeforePapers(ports, known, key);
  return isUsable ? known : ports.subscribers.load(key.subscriberId);
}

/** Returns why no digest is made, whatever papers there are. */
function findReasonBeforePapers(
  { clock }: SendDigestPorts,
  subscriber: Subscriber | undefined,
  { cadence, period }: DeliveryKey,
): SkipReason | undefined {
  const now = clock.now();
  return (
    findSkipReason(subscriber, cadence, now) ?? (isTooLate(cadence, period, now) ? 'too-late' : undefined)
  );
}

/** Logs and counts stored queries that cannot be read. No retry would help, so the digest goes out with the other subscriptions. */
function reportUnreadable(
  { telemetry }: SendDigestPorts,
  { subscriberId }: DeliveryKey,
  unreadable: readonly UnreadableQuery[],
): void {
  for (const query of unreadable)
    telemetry.error('A stored query cannot be read', { subscriberId, ...query });
  if (unreadable.length > 0) telemetry.count('RecordsUnreadable', unreadable.length);
}

/** Claims the digest. Undefined when another worker claimed or ended it first. Without a claim, gives the permit back. */
async function claimDigest(
  { deliveries, rateLimiter, clock }: SendDigestPorts,
  key: DeliveryKey,
  origin: DigestOrigin,
  { paperIds }: DigestMail,
  stored: Delivery | undefined,
): Promise<Claim | undefined> {
  let claim: Claim | undefined;
  try {
    claim = stored
      ? await deliveries.claimAgain(stored, origin, paperIds, clock.now())
      : await deliveries.claim(key, origin, paperIds, clock.now());
    return claim;
  } finally {
    if (!claim) rateLimiter.refund();
  }
}

/** Checks a claimed digest once more and sends it. If SES throttles the mail, waits for another permit and does both again. */
async function sendClaimed(
  ports: SendDigestPorts,
  claimed: ClaimedDigest,
  until: Instant,
): Promise<ClaimedResult | Objection> {
  const { mailer, rateLimiter } = ports;
  for (;;) {
    const objection = await checkAgain(ports, claimed);
    if (objection) return objection;
    const result = await mailer.send(claimed.mail);
    rateLimiter.report(result.kind);
    if (result.kind !== 'throttled') return result;
    const permit = await rateLimiter.acquire(until);
    // It is out of time because SES throttled it.
    if (permit !== 'go') return { kind: 'put-off', reason: permit === 'out-of-time' ? 'throttled' : permit };
  }
}

/**
 * Checks what may have changed while the digest was made. If the digest must not be sent as it is, gives the permit back and releases the
 * claim.
 *
 * The check reads after the claim was written. So a digest that was claimed after its subscriber unsubscribed is never sent. And if
 * two digests of one subscriber select the same paper concurrently, at least one of them sees the claim of the other.
 */
async function checkAgain(ports: SendDigestPorts, claimed: ClaimedDigest): Promise<Objection | undefined> {
  let mayBeSent = false;
  try {
    const objection = await findObjection(ports, claimed);
    mayBeSent = objection === undefined;
    return objection;
  } finally {
    if (!mayBeSent) {
      ports.rateLimiter.refund();
      await ports.deliveries.release(claimed.claim);
    }
  }
}

async function findObjection(
  { subscribers, deliveries, clock }: SendDigestPorts,
  { claim, mail, checkedSince, cadences }: ClaimedDigest,
): Promise<Objection | undefined> {
  const [subscriber, { others }] = await Promise.all([
    subscribers.load(claim.subscriberId),
    deliveries.loadRecent(claim, checkedSince, { cadences, mayBeStale: false }),
  ]);
  const reason = findSkipReason(subscriber, claim.cadence, clock.now());
  if (reason) return { kind: 'unwanted', reason };
  const takers = others.filter((other) =>
    mail.paperIds.some((paperId) => hasPaper(other, { paperId, newsAt: mail.newsAt?.get(paperId) })),
  );
  if (takers.length === 0) return undefined;
  return {
    kind: 'papers-taken',
    selectsAgain: takers.some((taker) => isAhead(taker, claim)) ? 'later' : 'now',
  };
}

/** Returns whether a digest with the same paper goes first. Without a fixed order, two digests could yield to each other for ever. */
function isAhead(taker: Delivery, claim: Claim): boolean {
  const nameOf = ({ cadence, period }: DeliveryKey) => `${cadence} ${period}`;
  return taker.outcome.state === 'claimed' && nameOf(taker) < nameOf(claim);
}
