import * as z from 'zod';
import type { Clock, Instant } from '../../../shared/domain/time/time.ts';
import type { DeliveredMail } from '../services/account.ts';
import type { Call, Fault, Process } from '../system/network.ts';
import { type ClaimedMail, type History, nameOf } from './history.ts';

/** Watches the network and records the history. */
export interface Observer {
  readonly history: History;
  onFault(call: Call, fault: Fault): void;
  onAnswer(call: Call, answer: unknown): void;
  onDeath(process: Process): void;
  onMail(mail: DeliveredMail): void;
  onFeedbackDone(body: string): void;
  /** A subscriber is about to change something. */
  onChange(subscriberId: string): void;
  /** The system confirmed to a subscriber that no more mail follows. */
  onEnd(subscriberId: string): void;
}

interface OpenClaim {
  readonly process: Process;
  readonly claimedAt: Instant;
}

/** A write about a digest: the operation, the digest, and its new state. */
const WRITE = /^(PutItem|UpdateItem|DeleteItem) SUB#(\S+) (\w+)#(\S+)(?: (\w+))?$/;
const MAIL = /^SendRawEmail \S+ (.+)$/;

/** How often the SDK tries to release a claim. After that no worker settles the digest. */
const SDK_ATTEMPTS = 3;

const takenSchema = z.object({ statusCode: z.literal(200) });

export function createObserver(clock: Clock): Observer {
  const mails: ClaimedMail[] = [];
  const endedAt = new Map<string, Instant>();
  const changed = new Set<string>();
  const doubtful = new Set<string>();
  const everDoubtful = new Set<string>();
  /** Digests that were claimed, and neither settled nor released. */
  const open = new Map<string, OpenClaim>();
  /** How often in a row a claim could not be released. */
  const stuck = new Map<string, number>();

  const doubt = (digest: string) => {
    doubtful.add(digest);
    everDoubtful.add(digest);
  };
  const end = (subscriberId: string) => {
    changed.add(subscriberId);
    if (!endedAt.has(subscriberId)) endedAt.set(subscriberId, clock.now());
  };

  return {
    history: { mails, endedAt, changed, doubtful, everDoubtful },
    onEnd: end,

    onFault({ what }, fault) {
      const [, mailed] = MAIL.exec(what) ?? [];
      // The lost answer may have accepted or refused the mail.
      if (mailed !== undefined && (fault === 'lose-request' || fault === 'lose-answer')) doubt(mailed);
      const write = toWrite(what);
      if (write?.operation !== 'DeleteItem' || !(fault === 'lose-request' || fault === 'throttle')) return;
      const times = (stuck.get(write.digest) ?? 0) + 1;
      stuck.set(write.digest, times);
      if (times >= SDK_ATTEMPTS) doubt(write.digest);
    },

    onAnswer({ process, what }, answer) {
      const write = toWrite(what);
      if (!write || !takenSchema.safeParse(answer).success) return;
      const { operation, digest, state } = write;
      open.delete(digest);
      if (operation === 'UpdateItem') return;
      doubtful.delete(digest);
      stuck.delete(digest);
      if (state !== 'claimed') return;
      open.set(digest, { process, claimedAt: clock.now() });
      // The claim was in flight when its process died.
      if (process.isDead()) doubt(digest);
    },

    onDeath(process) {
      for (const [digest, claim] of open) if (claim.process === process) doubt(digest);
    },

    onMail(mail) {
      const digest = nameOf(mail);
      const claim = open.get(digest);
      mails.push({ ...mail, claimedAt: claim?.claimedAt });
      // The process may have died before it saw the answer.
      if (claim?.process.isDead()) doubt(digest);
    },

    onFeedbackDone(body) {
      if (!/\\?"Bounce\\?"/.test(body)) return;
      const [, id] = /subscriber\\?":\[\\?"([\w-]+)/.exec(body) ?? [];
      if (id !== undefined) end(id);
    },

    onChange(subscriberId) {
      changed.add(subscriberId);
    },
  };
}

function toWrite(what: string) {
  const [, operation, subscriberId, cadence, period, state] = WRITE.exec(what) ?? [];
  return operation === undefined
    ? undefined
    : { operation, digest: `${subscriberId} ${cadence} ${period}`, state };
}
