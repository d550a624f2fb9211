import * as z from 'zod';
import type { Clock, Instant } from '../../../shared/domain/time.ts';
import type { DeliveredMail } from '../services/account.ts';
import type { Call, Fault, Process } from '../system/network.ts';
import { type ClaimedMail, type History, nameOf } from './history.ts';

/** Watches what goes over the network, and writes the history. */
export interface Observer {
  readonly history: History;
  onFault(call: Call, fault: Fault): void;
  onAnswer(call: Call, answer: unknown): void;
  onDeath(process: Process): void;
  onMail(mail: DeliveredMail): void;
  onFeedbackDone(body: string): void;
  /** Somebody is about to change something. */
  onChange(subscriberId: string): void;
  /** Somebody was told that no more mail comes. */
  onEnd(subscriberId: string): void;
}

interface OpenClaim {
  readonly process: Process;
  readonly claimedAt: Instant;
}

/** A write about a digest: the operation, the digest, and the state that it is brought into. */
const WRITE = /^(PutItem|UpdateItem|DeleteItem) SUB#(\S+) (\w+)#(\S+)(?: (\w+))?$/;
const MAIL = /^SendRawEmail \S+ (.+)$/;

/** So often the SDK tries to give a claim back before it gives up, and the claim stands with nobody to settle it. */
const SDK_ATTEMPTS = 3;

const takenSchema = z.object({ statusCode: z.literal(200) });

export function createObserver(clock: Clock): Observer {
  const mails: ClaimedMail[] = [];
  const endedAt = new Map<string, Instant>();
  const changed = new Set<string>();
  const doubtful = new Set<string>();
  const everDoubtful = new Set<string>();
  /** Digests that were claimed, and neither settled nor given back. */
  const open = new Map<string, OpenClaim>();
  /** How often in a row a claim could not be given back. */
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
      // The answer that is lost may have been a yes or a no.
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
      // What was on the wire when the process died.
      if (process.isDead()) doubt(digest);
    },

    onDeath(process) {
      for (const [digest, claim] of open) if (claim.process === process) doubt(digest);
    },

    onMail(mail) {
      const digest = nameOf(mail);
      const claim = open.get(digest);
      mails.push({ ...mail, claimedAt: claim?.claimedAt });
      // Its process may die before it learns of it.
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
