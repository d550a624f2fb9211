import type { BusyDayFigures } from '../../infra/cost/busy-day.ts';
import { addPurposes, type Purposes } from './purposes.ts';

const MS_PER_SEC = 1000;

/** What a part of the day used. */
export interface Used {
  readonly reads: number;
  readonly writes: number;
  readonly cpuSec: number;
  readonly queueRequests: number;
  readonly purposes: Purposes;
}

export const NOTHING: Used = { reads: 0, writes: 0, cpuSec: 0, queueRequests: 0, purposes: new Map() };

/** Totals over several batches. */
export interface Sent extends Used {
  readonly batches: number;
  readonly mails: number;
}

export const NOTHING_SENT: Sent = { ...NOTHING, batches: 0, mails: 0 };

type Figures = BusyDayFigures['perMail'];

/** Returns what a mail used. */
export function perMail({ reads, writes, cpuSec, mails }: Sent): Figures {
  return { reads: reads / mails, writes: writes / mails, cpuMs: (cpuSec * MS_PER_SEC) / mails };
}

/** Returns what the first batch of a container used beyond its mails. */
export function toColdStart(cold: Sent, warmMail: Figures): Figures {
  const beyond = addShare(
    { reads: cold.reads, writes: cold.writes, cpuMs: cold.cpuSec * MS_PER_SEC },
    warmMail,
    -cold.mails,
  );
  return addShare({ reads: 0, writes: 0, cpuMs: 0 }, beyond, 1 / cold.batches);
}

/** Adds a multiple of other figures. */
export function addShare(figures: Figures, other: Figures, share: number): Figures {
  return {
    reads: figures.reads + share * other.reads,
    writes: figures.writes + share * other.writes,
    cpuMs: figures.cpuMs + share * other.cpuMs,
  };
}

/** Adds up what two parts used. */
export function add(a: Used, b: Used): Used {
  return {
    reads: a.reads + b.reads,
    writes: a.writes + b.writes,
    cpuSec: a.cpuSec + b.cpuSec,
    queueRequests: a.queueRequests + b.queueRequests,
    purposes: addPurposes(a.purposes, b.purposes),
  };
}

/** Adds up what two parts used to send their mails. */
export function addSent(a: Sent, b: Sent): Sent {
  return { ...add(a, b), batches: a.batches + b.batches, mails: a.mails + b.mails };
}
