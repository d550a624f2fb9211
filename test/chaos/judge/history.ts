import { type Instant, msBetween } from '../../../shared/domain/time.ts';
import type { DeliveredMail } from '../services/account.ts';

/** A mail and when its digest was claimed, as the network saw it. */
export interface ClaimedMail extends DeliveredMail {
  readonly claimedAt: Instant | undefined;
}

/** What people asked for and what happened outside of the software: all that a run is judged by. */
export interface History {
  readonly mails: readonly ClaimedMail[];
  /** By subscriber: when it was acknowledged that no more mail comes, because they left or their mailbox bounced. */
  readonly endedAt: ReadonlyMap<string, Instant>;
  /** Who changed something meanwhile, so that not every digest is due to them any more. */
  readonly changed: ReadonlySet<string>;
  /** Digests that stand claimed, and of which a fault has left nobody to know whether they were mailed. */
  readonly doubtful: ReadonlySet<string>;
  /** Those that ever stood so. */
  readonly everDoubtful: ReadonlySet<string>;
}

export interface Expectation {
  /** The digests that are due to everybody who changes nothing: `reader-001 daily 2026-02-02`. */
  readonly due: readonly string[];
  /** Whether a digest may come twice that was in doubt. */
  readonly mayRepeatDoubtful: boolean;
}

/** What is found of some digests, by their names. */
export interface Findings {
  /** Mailed twice. */
  readonly duplicates: readonly string[];
  /** Mailed though their claim, or the mail itself by more than moments, came after it was acknowledged that no more comes. */
  readonly unwanted: readonly string[];
  /** Mailed though nobody was ever owed them. */
  readonly uninvited: readonly string[];
  /** Mailed to somebody else than the subscriber that they are of. */
  readonly misaddressed: readonly string[];
  /** Papers that somebody was mailed in two digests: `reader-001 2602.00201`. */
  readonly repeatedPapers: readonly string[];
  /** Due to somebody who changed nothing, and not mailed, though no fault put them in doubt. */
  readonly losses: readonly string[];
  /** Due, and not mailed because a fault struck between claim and mail. */
  readonly inDoubt: readonly string[];
}

/** A mail may be on its way for so long when somebody is told that no more comes. */
const ON_ITS_WAY_MS = 10_000;

/** A digest in words: `reader-001 daily 2026-02-02`. */
export function nameOf({ tags, digest }: Pick<DeliveredMail, 'tags' | 'digest'>): string {
  return `${tags.subscriber} ${digest}`;
}

/** Judges by the mails that were taken, what people asked for and what went wrong, and by nothing of the ledger. */
export function judge(history: History, { due, mayRepeatDoubtful }: Expectation): Findings {
  const { mails, endedAt, changed, doubtful, everDoubtful } = history;
  const names = mails.map(nameOf);
  const mailed = new Set(names);
  const owed = new Set(due);
  const isFaithful = (name: string) => !changed.has(subscriberOf(name));
  const isUnwanted = ({ tags, claimedAt, at }: ClaimedMail) => {
    const end = endedAt.get(tags.subscriber ?? '');
    if (end === undefined) return false;
    return claimedAt === undefined || claimedAt > end || msBetween(end, at) > ON_ITS_WAY_MS;
  };
  // What is new decides when an instant digest is due.
  const isUninvited = (name: string) => isFaithful(name) && !owed.has(name) && !/ instant /.test(name);
  const absent = due.filter((name) => isFaithful(name) && !mailed.has(name));
  return {
    duplicates: repeated(names).filter((name) => !(mayRepeatDoubtful && everDoubtful.has(name))),
    unwanted: mails.filter(isUnwanted).map(nameOf),
    uninvited: names.filter(isUninvited),
    misaddressed: mails.filter(({ to, tags }) => !to.startsWith(`${tags.subscriber}@`)).map(nameOf),
    repeatedPapers: repeated(papersIn(mails)),
    losses: absent.filter((name) => !doubtful.has(name)),
    inDoubt: absent.filter((name) => doubtful.has(name)),
  };
}

/** Each paper of each digest, once for a digest that came twice: `reader-001 2602.00201`. */
function papersIn(mails: readonly DeliveredMail[]): readonly string[] {
  const byDigest = new Map(mails.map((mail) => [nameOf(mail), mail]));
  return [...byDigest.values()].flatMap(({ tags, paperIds }) =>
    paperIds.map((id) => `${tags.subscriber} ${id}`),
  );
}

/** Whose digest a name is of. */
export function subscriberOf(name: string): string {
  return name.split(' ')[0] ?? '';
}

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
