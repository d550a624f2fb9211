import type { Listing } from '../../../domain/lists/listing.ts';
import { type ListId, nameOfList } from '../../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../../domain/papers/paper.ts';
import type { Day } from '../../../domain/time/time.ts';
import type { ListingRepository, PaperRepository } from '../../../ports/papers.ts';
import type { PaperSearch } from '../../../ports/search.ts';
import { findListed } from '../find-listed.ts';

/** The ports of the page of one paper. */
export interface PaperPorts {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly listings: Pick<ListingRepository, 'loadOfPaper'>;
  readonly search: PaperSearch;
}

/** A list that a paper was on. */
export interface ListedOn {
  readonly list: ListId;
  /** The newest day first. Empty if the days are unknown. */
  readonly days: readonly Day[];
}

/** What the page of one paper shows. */
export interface PaperPageData {
  readonly paper: Paper;
  /** By the name of the list. */
  readonly listedOn: readonly ListedOn[];
  /** Best first. */
  readonly similar: readonly Paper[];
}

const SIMILAR_PAPERS = 6;

/**
 * Loads a paper, its lists and days, and papers like it. Undefined for an unknown paper. The paper comes from the table, because what is in
 * memory lacks its versions and licence. Its listings come from memory if they are there.
 */
export async function loadPaper(ports: PaperPorts, id: PaperId): Promise<PaperPageData | undefined> {
  const [[stored], recent, similar] = await Promise.all([
    ports.papers.loadMany([id]),
    ports.search.findRecent(id),
    ports.search.similar(id, SIMILAR_PAPERS),
  ]);
  const paper = stored ?? recent?.paper;
  if (!paper) return undefined;
  const listings = recent?.listings ?? (await ports.listings.loadOfPaper(id));
  return { paper, listedOn: await toListedOn(ports, id, listings), similar };
}

/** Returns the lists of a paper with their days, by name. If an earlier release saved its listings, the search knows its lists. */
export async function toListedOn(
  ports: Pick<PaperPorts, 'search'>,
  id: PaperId,
  listings: readonly Pick<Listing, 'list' | 'day'>[],
): Promise<readonly ListedOn[]> {
  const daysOf = new Map<ListId, Day[]>();
  for (const { list, day } of listings) daysOf.set(list, [...(daysOf.get(list) ?? []), day]);
  const known = [...daysOf].map(([list, days]) => ({ list, days: days.sort().reverse() }));
  const listedOn = known.length > 0 ? known : await findListedOn(ports, id);
  return listedOn.sort(byName);
}

function byName(a: ListedOn, b: ListedOn): number {
  return nameOfList(a.list) < nameOfList(b.list) ? -1 : 1;
}

/** The search knows the newest day, but not of which list. */
async function findListedOn({ search }: Pick<PaperPorts, 'search'>, id: PaperId): Promise<ListedOn[]> {
  const { lists = [], listedOn } = (await findListed(search, [id])).get(id) ?? {};
  return lists.map((list) => ({ list, days: lists.length === 1 && listedOn ? [listedOn] : [] }));
}
