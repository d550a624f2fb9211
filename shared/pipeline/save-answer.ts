import pMap from 'p-map';
import type { Listing } from '../domain/lists/listing.ts';
import type { ListId } from '../domain/lists/lists.ts';
import type { PaperId } from '../domain/papers/paper.ts';
import { LOOK_BACK_DAYS } from '../domain/subscribers/cadence.ts';
import { addDays, type Day, type Instant, utcDayOf } from '../domain/time/time.ts';
import type { ListingRepository, NewVersionRepository, PaperRepository } from '../ports/papers.ts';
import { listDayKeyOf } from '../ports/snapshots.ts';
import type { ItemNote, Source, SourceAnswer, SourceItem } from '../sources/source.ts';

interface SavePorts {
  readonly papers: PaperRepository;
  readonly listings: ListingRepository;
  readonly newVersions: NewVersionRepository;
}

/** What was saved of one answer. */
export interface SavedAnswer {
  /** Each paper of the answer that has a listing or was stored before, changed or not. */
  readonly paperIds: ReadonlySet<PaperId>;
  /** The listings that are in the table now, new or known. */
  readonly listings: readonly Listing[];
  /** The list-days that the answer has papers of, without those of {@link findListsThatRepeat}. */
  readonly days: readonly SavedDay[];
  readonly created: number;
  readonly updated: number;
  /** The papers that are too large for the table. Nothing of them was saved. */
  readonly rejections: readonly ItemNote[];
  /** When the newest listing of each list was first seen, without the lists of {@link findListsThatRepeat}. */
  readonly newestAt: ReadonlyMap<ListId, Instant>;
}

/** One day of a list after an answer was saved. */
interface SavedDay {
  readonly list: ListId;
  readonly day: Day;
  /** All papers on the list of the day, those of earlier answers included. */
  readonly papers: number;
  /** When the first of them was seen. */
  readonly firstSeenAt: Instant;
}

const SAVES_AT_ONCE = 8;

/**
 * Saves the items of an answer. A stored listing is not written again, nor a new version that is already recorded under today.
 *
 * A paper that is too large for the table costs itself. Any other error of a table ends the run.
 *
 * Leaves out an item without a listing, such as a new version, if its paper is not stored. With `keepsFirstListing`, leaves out a listing if its
 * list has the paper on another day.
 */
export async function saveAnswer(
  ports: SavePorts,
  { keepsFirstListing = false }: Pick<Source, 'keepsFirstListing'>,
  { items }: Pick<SourceAnswer, 'items'>,
  seenAt: Instant,
): Promise<SavedAnswer> {
  const [usable, stored] = await Promise.all([
    findUsable(ports.papers, items),
    loadListed(ports.listings, items),
  ]);
  const results = await pMap(
    usable,
    async ({ facts, listings, ownList }) => {
      const result = await ports.papers.save(facts, seenAt);
      if (result === 'refused') return facts.id;
      const isNew = (listing: Listing) => !stored.has(keyOf(listing));
      const mayBeListedAlready = keepsFirstListing && result !== 'created' && listings.some(isNew);
      const known = mayBeListedAlready ? await ports.listings.loadOfPaper(facts.id) : [];
      const kept = listings.filter(
        (listing) =>
          !isNew(listing) || !known.some(({ list, day }) => list === listing.list && day !== listing.day),
      );
      for (const listing of kept.filter(isNew)) await ports.listings.save(listing);
      const own = listings.find(({ list }) => list === ownList);
      return { id: facts.id, result, kept, own, isRepeated: own !== undefined && !kept.includes(own) };
    },
    { concurrency: SAVES_AT_ONCE },
  );
  const refused = results.filter((result) => typeof result === 'string');
  const saved = results.filter((result) => typeof result !== 'string');
  const taken = usable.filter(({ facts }) => !refused.includes(facts.id));
  await saveNewVersions(ports.newVersions, taken, utcDayOf(seenAt));
  const listings = saved.flatMap(({ kept }) => kept);
  const repeating = findListsThatRepeat(saved);
  const current = listings.filter(({ list }) => !repeating.has(list));
  return {
    paperIds: new Set(saved.map(({ id }) => id)),
    listings,
    days: toDays(current, stored),
    created: saved.filter(({ result }) => result === 'created').length,
    updated: saved.filter(({ result }) => result === 'updated').length,
    rejections: refused.map((item) => ({ item, reason: REFUSED })),
    newestAt: newestByList(current, stored),
  };
}

const REFUSED = 'the paper is too large for the table';

interface OwnListing {
  /** The item's listing on the list of its primary category, not on one that only cross-lists it. Undefined if the source names no such list. */
  readonly own: Listing | undefined;
  /** Whether that list has the paper on another day. */
  readonly isRepeated: boolean;
}

/**
 * Returns the lists for which the answer mostly repeats another day. The answer has papers whose primary category is the list, and most of
 * these are already on the list on another day.
 */
function findListsThatRepeat(saved: readonly OwnListing[]): ReadonlySet<ListId> {
  const surplus = new Map<ListId, number>();
  for (const { own, isRepeated } of saved) {
    if (own) surplus.set(own.list, (surplus.get(own.list) ?? 0) + (isRepeated ? 1 : -1));
  }
  return new Set([...surplus].filter(([, count]) => count > 0).map(([list]) => list));
}

/** Returns the items that have a listing or a stored paper. A new version of an unknown paper has neither. */
async function findUsable(
  papers: PaperRepository,
  items: readonly SourceItem[],
): Promise<readonly SourceItem[]> {
  const unlisted = items.filter(({ listings }) => listings.length === 0).map(({ facts }) => facts.id);
  if (unlisted.length === 0) return items;
  const known = new Set((await papers.loadMany(unlisted)).map(({ id }) => id));
  return items.filter(({ facts, listings }) => listings.length > 0 || known.has(facts.id));
}

/** Saves the new versions among the items without a listing, under today. One that is saved under today is not written again. */
async function saveNewVersions(
  newVersions: NewVersionRepository,
  items: readonly SourceItem[],
  today: Day,
): Promise<void> {
  // A source may name a paper again for another change, long after its newest version.
  const oldest = addDays(today, -LOOK_BACK_DAYS.monthly);
  const found = items.flatMap(({ facts: { id, version = 1, versionAt = today }, listings }) =>
    listings.length === 0 && version > 1 && versionAt >= oldest ? [{ paperId: id, version }] : [],
  );
  if (found.length === 0) return;
  const stored = new Map((await newVersions.load(today)).map(({ paperId, version }) => [paperId, version]));
  const higher = found.filter(({ paperId, version }) => version > (stored.get(paperId) ?? 1));
  await pMap(higher, (paper) => newVersions.save(today, paper), { concurrency: SAVES_AT_ONCE });
}

/** Returns the stored listings on the list-days of the items by their keys. Other papers of these days are included. */
async function loadListed(
  listings: ListingRepository,
  items: readonly SourceItem[],
): Promise<ReadonlyMap<string, Listing>> {
  const all = items.flatMap((item) => item.listings);
  const days = new Map(all.map((listing) => [listDayKeyOf(listing), listing]));
  const known = await pMap(days.values(), ({ list, day }) => listings.load(list, day), {
    concurrency: SAVES_AT_ONCE,
  });
  return new Map(known.flat().map((listing) => [keyOf(listing), listing]));
}

/** Returns the days of the listings, with all that is on them. */
function toDays(listings: readonly Listing[], stored: ReadonlyMap<string, Listing>): readonly SavedDay[] {
  const days = new Map<string, SavedDay>();
  for (const { list, day, firstSeenAt } of listings) {
    days.set(listDayKeyOf({ list, day }), { list, day, papers: 0, firstSeenAt });
  }
  const all = new Map([...listings.map((listing) => [keyOf(listing), listing] as const), ...stored]);
  for (const listing of all.values()) {
    const dayKey = listDayKeyOf(listing);
    const known = days.get(dayKey);
    if (!known) continue;
    const firstSeenAt = listing.firstSeenAt < known.firstSeenAt ? listing.firstSeenAt : known.firstSeenAt;
    days.set(dayKey, { ...known, papers: known.papers + 1, firstSeenAt });
  }
  return [...days.values()];
}

function newestByList(
  listings: readonly Listing[],
  stored: ReadonlyMap<string, Listing>,
): ReadonlyMap<ListId, Instant> {
  const newest = new Map<ListId, Instant>();
  for (const listing of listings) {
    const seenAt = (stored.get(keyOf(listing)) ?? listing).firstSeenAt;
    if (seenAt > (newest.get(listing.list) ?? '')) newest.set(listing.list, seenAt);
  }
  return newest;
}

function keyOf(listing: Listing): string {
  return `${listDayKeyOf(listing)} ${listing.paperId}`;
}
