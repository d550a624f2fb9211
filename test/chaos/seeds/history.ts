import type { Instant } from '../../../shared/domain/time.ts';
import type { SunkMail } from '../services/account.ts';

/** A mail and when its digest was claimed, as the network saw it. */
export interface ClaimedMail extends SunkMail {
  readonly claimedAt: Instant | undefined;
}

/** What people asked for and what happened outside of the software: all that a run is judged by. */
export interface History {
  readonly mails: readonly ClaimedMail[];
  /** By subscriber: when it was acknowledged that no more mail comes, because they left or their mailbox bounced. */
  readonly endedAt: ReadonlyMap<string, Instant>;
  /** Who changed something meanwhile, so that not every digest is due to them any more. */
  readonly changed: ReadonlySet<string>;
  /** Digests that were claimed, and of which a fault then left nobody to know whether they were mailed. */
  readonly inDoubt: ReadonlySet<string>;
}

/** What is found of some digests, by their names. */
export interface Findings {
  readonly duplicates: readonly string[];
  /** Mailed though their claim came after it was acknowledged that no more mail comes. */
  readonly unwanted: readonly string[];
  /** Due to somebody who changed nothing, and not mailed, though no fault put them in doubt. */
  readonly losses: readonly string[];
  /** Not mailed because a fault hit between claim and mail. */
  readonly missing: readonly string[];
}

/** A digest in words: `reader-001 daily 2026-02-02`. */
export function nameOf({ tags, digest }: SunkMail): string {
  return `${tags.subscriber} ${digest}`;
}

/** Judges by the mails that were taken, what people asked for and what went wrong, and by nothing of the ledger. */
export function judge({ mails, endedAt, changed, inDoubt }: History, due: readonly string[]): Findings {
  const seen = new Set<string>();
  const duplicates: string[] = [];
  for (const name of mails.map(nameOf)) {
    if (seen.has(name)) duplicates.push(name);
    seen.add(name);
  }
  const isUnwanted = ({ tags, claimedAt }: ClaimedMail) => {
    const end = endedAt.get(tags.subscriber ?? '');
    return end !== undefined && (claimedAt === undefined || claimedAt > end);
  };
  const isFaithful = (name: string) => !changed.has(name.split(' ')[0] ?? '');
  const absent = due.filter((name) => isFaithful(name) && !seen.has(name));
  return {
    duplicates,
    unwanted: mails.filter(isUnwanted).map(nameOf),
    losses: absent.filter((name) => !inDoubt.has(name)),
    missing: absent.filter((name) => inDoubt.has(name)),
  };
}
