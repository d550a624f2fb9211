import { compareText } from '../text/compare-text.ts';
import { earliestOf, type Instant, latestOf, startOfDay, utcDayOf } from '../time/time.ts';
import { allowsVersions, DAY_OF_LIST, type FactName, factNames, rankOf } from './fact-sources.ts';
import { MAX_VOTE_COUNTS, type Paper, type PaperFacts, PICKING_LIST } from './paper.ts';

/** The source and the time of a fact. */
interface Origin {
  readonly source: string;
  readonly at: Instant;
  /** The version of the paper that the answer described. Undefined if its source knows no versions, or did not say. */
  readonly version?: number | undefined;
}

type Origins = Readonly<Record<string, Origin>>;
type Seen = NonNullable<Paper['seen']>;

/** Earlier releases stored papers of this source only, and no origins. */
const FIRST_SOURCE = 'hf-daily';

/** The maximum number of dates of earlier versions. */
const MAX_EARLIER_VERSIONS = 20;

/** A paper of which nothing is known. */
const NOTHING_KNOWN = {
  title: '',
  abstract: '',
  authors: [],
  authorCount: 0,
  categories: [],
  upvotes: 0,
  comments: 0,
  aiKeywords: [],
  voteCounts: [],
} satisfies Partial<Paper>;

type Candidate = { readonly value: unknown; readonly origin: Origin };

/**
 * Returns the paper with the facts that a source gave at `seenAt`.
 *
 * - `FACT_SOURCES` says which source wins for each fact. Of two answers of that source, the one about the higher version of the paper wins.
 *   Of two about the same version, the newer one wins. An answer that does not say its version counts as the lowest.
 * - A fact that an answer lacks stays as it is.
 * - The version is the highest one. The paper keeps the known date of each version.
 * - A change of the votes or comments adds a vote count (`voteCounts`), in order of time.
 *
 * The facts do not depend on the order in which answers come, because the paper keeps the origin of each fact.
 */
export function mergePaper(stored: Paper | undefined, facts: PaperFacts, seenAt: Instant): Paper {
  const { source } = facts;
  const before = stored ? { ...stored, seen: seenOf(stored) } : startPaper(facts.id, seenAt);
  const seen = addSeen(before.seen, source, seenAt);
  const origins = originsOf(before);
  const taken: Record<string, unknown> = {};
  for (const fact of factNames) {
    for (const candidate of candidatesOf(fact, facts, seenAt)) {
      if (!isBetter(fact, candidate, origins[fact])) continue;
      taken[fact] = candidate.value;
      origins[fact] = candidate.origin;
    }
  }
  const merged: Paper = {
    ...before,
    ...taken,
    ...mergeVersions(before, facts, seenAt),
    seen,
    firstSeenAt: earliestOf([before.firstSeenAt, seenAt]),
    pickedAt: findPickedAt(seen),
  };
  const paper = withoutUnknown({
    ...merged,
    voteCounts: addVoteCount(merged, facts, seenAt, origins),
    origins: unusualOf(merged, origins),
  });
  if (!stored || textOf(paper) === textOf(stored)) return paper;
  return { ...paper, textChangedAt: latestOf([seenAt, stored.textChangedAt ?? stored.firstSeenAt]) };
}

/**
 * Returns whether a merged paper differs from the stored one in more than the times at which sources confirmed it. Each read of a source
 * confirms most of its papers, and that is not worth a write. If the newest confirmation was not stored, an older answer that comes late
 * can replace a fact until the next read.
 */
export function isWorthSaving(stored: Paper, merged: Paper): boolean {
  const withoutTimes = (paper: Paper) => {
    const { seen, origins, ...others } = paper;
    return JSON.stringify([
      sortKeys(others),
      sortKeys(mapValues(seen ?? {}, ({ firstAt }) => firstAt)),
      mapValues(originsOf(paper), ({ source }) => source),
    ]);
  };
  return withoutTimes({ ...stored, seen: seenOf(stored) }) !== withoutTimes(merged);
}

function startPaper(id: Paper['id'], seenAt: Instant): Paper & { readonly seen: Seen } {
  return { id, ...NOTHING_KNOWN, publishedAt: seenAt, firstSeenAt: seenAt, seen: {} };
}

/** Returns when each source named the paper. The first release stored papers of one source, and only times of changes. */
function seenOf({ seen, firstSeenAt, textChangedAt = firstSeenAt, voteCounts }: Paper): Seen {
  if (seen) return seen;
  const lastAt = latestOf([textChangedAt, voteCounts.at(-1)?.at ?? firstSeenAt]);
  return { [FIRST_SOURCE]: { firstAt: firstSeenAt, lastAt } };
}

function addSeen(seen: Seen, source: string, at: Instant): Seen {
  const { firstAt, lastAt } = seen[source] ?? { firstAt: at, lastAt: at };
  return { ...seen, [source]: { firstAt: earliestOf([firstAt, at]), lastAt: latestOf([lastAt, at]) } };
}

/** Returns when Hugging Face picked a paper that another source had named before. */
function findPickedAt({ [PICKING_LIST]: picked, ...others }: Seen): Instant | undefined {
  const isKnownBefore = Object.values(others).some(({ firstAt }) => picked && firstAt < picked.firstAt);
  return isKnownBefore ? picked?.firstAt : undefined;
}

function candidatesOf(fact: FactName, facts: PaperFacts, seenAt: Instant): readonly Candidate[] {
  const { source, listedOn = utcDayOf(seenAt) } = facts;
  const value = facts[fact];
  const version = allowsVersions(source) ? facts.version : undefined;
  const said = value === undefined ? [] : [{ value, origin: { source, at: seenAt, version } }];
  if (fact !== 'publishedAt') return said;
  const day = startOfDay(listedOn);
  return [{ value: day, origin: { source: DAY_OF_LIST, at: day } }, ...said];
}

/**
 * Returns whether a candidate replaces what is known. This is a total order of sources, versions and times, so the order of arrival makes
 * no difference. The exception is two answers of one source at the same time: a run of ingest reads its newest answer last.
 */
function isBetter(fact: FactName, candidate: Candidate, known: Origin | undefined): boolean {
  const rank = rankOf(fact, candidate.origin.source);
  if (rank === undefined) return false;
  if (!known) return true;
  const knownRank = rankOf(fact, known.source) ?? rank + 1;
  if (rank !== knownRank) return rank < knownRank;
  if (candidate.origin.source === DAY_OF_LIST) return candidate.origin.at < known.at;
  const [version, knownVersion] = [candidate.origin.version ?? 0, known.version ?? 0];
  if (version !== knownVersion) return version > knownVersion;
  if (candidate.origin.at !== known.at) return candidate.origin.at > known.at;
  return candidate.origin.source >= known.source;
}

/** Returns the origin of each known fact. */
function originsOf(paper: Paper): Record<string, Origin> {
  const known = factNames.flatMap((fact) => {
    const origin = paper.origins?.[fact] ?? (isEmpty(paper[fact]) ? undefined : usualOrigin(fact, paper));
    return origin ? [[fact, origin] as const] : [];
  });
  return Object.fromEntries(known);
}

/** Returns the origins that differ from the usual ones. An empty fact, such as no votes, is known only if it has an origin. */
function unusualOf(paper: Paper, origins: Origins): Origins | undefined {
  const unusual = Object.entries(origins).filter(([name, { source, at, version }]) => {
    const usual = usualOrigin(name as FactName, paper);
    const isUsual = usual?.source === source && usual.at === at && usual.version === version;
    return isEmpty(paper[name as FactName]) || !isUsual;
  });
  return unusual.length > 0 ? mapValues(Object.fromEntries(unusual), withoutUnknown) : undefined;
}

/** Returns the newest answer of the most trusted source that named the paper, about its highest version. Most facts come from it. */
function usualOrigin(
  fact: FactName,
  { seen = {}, version }: Pick<Paper, 'seen' | 'version'>,
): Origin | undefined {
  const all = Object.entries(seen).flatMap(([source, { lastAt }]) => {
    const rank = rankOf(fact, source);
    return rank === undefined ? [] : [{ rank, source, at: lastAt }];
  });
  const [best] = all.sort(
    (a, b) => a.rank - b.rank || compareText(b.at, a.at) || compareText(b.source, a.source),
  );
  if (!best) return undefined;
  return { source: best.source, at: best.at, version: allowsVersions(best.source) ? version : undefined };
}

function isEmpty(fact: unknown): boolean {
  return fact === undefined || fact === 0 || fact === '' || (Array.isArray(fact) && fact.length === 0);
}

/** Returns the highest version, when it was first seen here, and the earliest known date of each version. */
function mergeVersions(before: Paper, facts: PaperFacts, seenAt: Instant): Partial<Paper> {
  const { version: given, versionAt: givenAt, source } = facts;
  if (given === undefined || !allowsVersions(source)) return {};
  const version = Math.max(given, before.version ?? 1);
  const dates = new Map(before.earlierVersions?.map((past) => [past.version, past.at]));
  if (before.version !== undefined && before.versionAt) dates.set(before.version, before.versionAt);
  if (givenAt) dates.set(given, earliestOf([givenAt, dates.get(given)]));
  const earlier = [...dates]
    .filter(([number]) => number < version)
    .sort(([a], [b]) => a - b)
    .slice(-MAX_EARLIER_VERSIONS);
  return {
    version,
    versionAt: dates.get(version),
    earlierVersions:
      earlier.length > 0 ? earlier.map(([number, at]) => ({ version: number, at })) : undefined,
    versionSeenAt: findVersionSeenAt(before, given, seenAt),
  };
}

/** Returns when the highest version was first seen. Undefined for the first version, which is no news. */
function findVersionSeenAt(
  { version = 1, versionSeenAt }: Paper,
  given: number,
  seenAt: Instant,
): Instant | undefined {
  if (given < version || given === 1) return versionSeenAt;
  return given > version ? seenAt : earliestOf([seenAt, versionSeenAt]);
}

/** Returns the vote counts, oldest first, with what an answer says of the votes. Two in a row always differ. */
function addVoteCount(
  { upvotes, comments, voteCounts }: Paper,
  facts: PaperFacts,
  seenAt: Instant,
  origins: Origins,
): Paper['voteCounts'] {
  const { upvotes: votesAt, comments: commentsAt } = origins;
  // No source has said how many votes the paper has.
  if (!votesAt && voteCounts.length === 0) return voteCounts;
  const all = new Map(voteCounts.map((voteCount) => [voteCount.at, voteCount]));
  if (facts.upvotes !== undefined && votesAt?.source === facts.source) {
    const before = voteCounts.findLast(({ at }) => at <= seenAt);
    const said = facts.comments ?? before?.comments ?? 0;
    all.set(seenAt, { at: seenAt, upvotes: facts.upvotes, comments: said });
  }
  const inTime = [...all.values()].sort((a, b) => compareText(a.at, b.at));
  const newest = inTime.at(-1);
  if (newest?.upvotes !== upvotes || newest.comments !== comments) {
    const at = latestOf([votesAt?.at ?? seenAt, commentsAt?.at, newest?.at ?? seenAt]);
    if (newest?.at === at) inTime.pop();
    inTime.push({ at, upvotes, comments });
  }
  const changes = inTime.filter((voteCount, index) => {
    const previous = inTime[index - 1];
    return previous?.upvotes !== voteCount.upvotes || previous.comments !== voteCount.comments;
  });
  return changes.slice(-MAX_VOTE_COUNTS);
}

/** Returns everything that readers see of a paper except votes, comments and stars, as a text to compare. */
function textOf({
  upvotes,
  comments,
  stars,
  voteCounts,
  seen,
  origins,
  versionSeenAt,
  ...text
}: Paper): string {
  const { firstSeenAt, textChangedAt, pickedAt, ...read } = text;
  return JSON.stringify(sortKeys(read));
}

function withoutUnknown<Known extends object>(object: Known): Known {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Known;
}

function sortKeys(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => compareText(a, b)));
}

function mapValues<From, To>(
  object: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
