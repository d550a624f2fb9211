import { type Instant, msBetween } from '../../../shared/domain/time/time.ts';
import type { DeliveredMail } from '../services/account.ts';

/** A mail, and when its digest was claimed, as seen on the network. */
export interface ClaimedMail extends DeliveredMail {
  readonly claimedAt: Instant | undefined;
}

/** What subscribers requested and what happened outside of the software. A run is judged only by this. */
export interface History {
  readonly mails: readonly ClaimedMail[];
  /** By subscriber: when the system confirmed that no more mail follows, after unsubscribing or a bounce. */
  readonly endedAt: ReadonlyMap<string, Instant>;
  /** Subscribers who changed something, so not every digest is due to them any more. */
  readonly changed: ReadonlySet<string>;
  /** Claimed digests whose send status is unknown because of a fault. */
  readonly doubtful: ReadonlySet<string>;
  /** Digests whose send status was ever unknown. */
  readonly everDoubtful: ReadonlySet<string>;
}

export interface Expectation {
  /** The digests that are due if nobody changes anything: `reader-001 daily 2026-02-02`. */
  readonly due: readonly string[];
  /** Whether a digest with an unknown send status may be sent again. */
  readonly mayRepeatDoubtful: boolean;
}

/** The digests of each finding, by name. */
export interface Findings {
  /** Mailed twice. */
  readonly duplicates: readonly string[];
  /** Claimed, or mailed more than moments later, after the system confirmed that no more mail follows. */
  readonly unwanted: readonly string[];
  /** Mailed without being due. */
  readonly uninvited: readonly string[];
  /** Mailed to another address than that of their subscriber. */
  readonly misaddressed: readonly string[];
  /** Papers that a subscriber got in two digests: `reader-001 2602.00201`. */
  readonly repeatedPapers: readonly string[];
  /** Due to a subscriber who changed nothing, and not mailed, although no fault made their send status unknown. */
  readonly losses: readonly string[];
  /** Due, and not mailed because a fault struck between claim and mail. */
  readonly inDoubt: readonly string[];
}

/** How long a mail may be on its way when the system confirms that no more follows. */
const ON_ITS_WAY_MS = 10_000;

/** Returns the name of a digest: `reader-001 daily 2026-02-02`. */
export function nameOf({ tags, digest }: Pick<DeliveredMail, 'tags' | 'digest'>): string {
  return `${tags.subscriber} ${digest}`;
}

/** Judges a run by the accepted mails, the requests and the faults. It does not read the ledger. */
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
  // New papers decide when an instant digest is due.
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

/** Returns the papers of each digest, once for a repeated digest: `reader-001 2602.00201`. */
function papersIn(mails: readonly DeliveredMail[]): readonly string[] {
  const byDigest = new Map(mails.map((mail) => [nameOf(mail), mail]));
  return [...byDigest.values()].flatMap(({ tags, paperIds }) =>
    paperIds.map((id) => `${tags.subscriber} ${id}`),
  );
}

/** Returns the subscriber of a digest, from its name. */
export function subscriberOf(name: string): string {
  return name.split(' ')[0] ?? '';
}

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
