import * as z from 'zod';
import type { Clock, Instant } from '../../../shared/domain/time.ts';
import type { SunkMail } from '../services/account.ts';
import type { Call, Fault, Process } from '../system/network.ts';
import { type ClaimedMail, type History, nameOf } from './history.ts';

/** Watches what goes over the network, and writes the history. */
export interface Observer {
  readonly history: History;
  onFault(call: Call, fault: Fault): void;
  onAnswer(call: Call, answer: unknown): void;
  onDeath(process: Process): void;
  onMail(mail: SunkMail): void;
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

/** A write about a digest: the operation and the digest. */
const WRITE = /^(PutItem|DeleteItem) SUB#(\S+) (\w+)#(\S+)$/;
/** Of a mail only the address is on the envelope. */
const MAIL = /^SendRawEmail ([^@\s]+)@/;

const takenSchema = z.object({ statusCode: z.literal(200) });

export function createObserver(clock: Clock): Observer {
  const mails: ClaimedMail[] = [];
  const endedAt = new Map<string, Instant>();
  const changed = new Set<string>();
  const inDoubt = new Set<string>();
  /** Digests that were claimed and neither mailed nor given back. */
  const open = new Map<string, OpenClaim>();

  const end = (subscriberId: string) => {
    changed.add(subscriberId);
    if (!endedAt.has(subscriberId)) endedAt.set(subscriberId, clock.now());
  };

  return {
    history: { mails, endedAt, changed, inDoubt },
    onEnd: end,

    onFault({ what }, fault) {
      const write = toWrite(what);
      // The claim is there, or stays there, and its worker may never learn.
      if (write && (write.operation === 'DeleteItem' || fault === 'lose-answer')) inDoubt.add(write.digest);
      const [, subscriberId] = MAIL.exec(what) ?? [];
      // A lost answer may have been a refusal.
      if (subscriberId === undefined || !(fault === 'lose-request' || fault === 'lose-answer')) return;
      for (const digest of open.keys()) if (digest.startsWith(`${subscriberId} `)) inDoubt.add(digest);
    },

    onAnswer({ process, what }, answer) {
      const write = toWrite(what);
      if (!write || !takenSchema.safeParse(answer).success) return;
      if (write.operation === 'PutItem') open.set(write.digest, { process, claimedAt: clock.now() });
      else open.delete(write.digest);
      // What was on the wire when the process died.
      if (process.isDead()) inDoubt.add(write.digest);
    },

    onDeath(process) {
      for (const [digest, claim] of open) if (claim.process === process) inDoubt.add(digest);
    },

    onMail(mail) {
      const digest = nameOf(mail);
      mails.push({ ...mail, claimedAt: open.get(digest)?.claimedAt });
      open.delete(digest);
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
  const [, operation, subscriberId, cadence, period] = WRITE.exec(what) ?? [];
  return operation && { operation, digest: `${subscriberId} ${cadence} ${period}` };
}
