import type { Instant } from '../../shared/domain/time.ts';
import type { SunkMail } from './account.ts';

/** A mail and when its digest was claimed, as the network saw it. */
export interface ClaimedMail extends SunkMail {
  readonly claimedAt: Instant | undefined;
}

/** What people asked for and when they were told that it holds. */
export interface History {
  readonly mails: ClaimedMail[];
  /** By subscriber: when it was acknowledged that no more mail comes, because they left or their mailbox bounced. */
  readonly endedAt: Map<string, Instant>;
  /** Who changed something meanwhile, so that not every digest is due to them any more. */
  readonly changed: Set<string>;
}

export interface Findings {
  readonly duplicates: readonly string[];
  readonly unwanted: readonly string[];
  /** Digests that were due to somebody who changed nothing, and were not mailed. */
  readonly missing: readonly string[];
}

/** A digest in words: `reader-001 daily 2026-02-02`. */
export function nameOf({ tags, digest }: SunkMail): string {
  return `${tags.subscriber} ${digest}`;
}

/** Judges by the mails that were taken and by what people asked for, and by nothing else. */
export function judge({ mails, endedAt, changed }: History, due: readonly string[]): Findings {
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
  return {
    duplicates,
    unwanted: mails.filter(isUnwanted).map(nameOf),
    missing: due.filter((name) => isFaithful(name) && !seen.has(name)),
  };
}
