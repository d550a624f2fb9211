import type { ListId } from '../domain/lists/lists.ts';
import { countDays } from '../domain/time/time.ts';
import type { Digest, DigestSection } from '../matching/digest.ts';
import { createMemo } from '../matching/memo.ts';
import { leaveOut, type PaperSelection, toPapersPath } from '../presentation/papers-path.ts';
import type { Publication } from '../presentation/publication.ts';
import { toCountText } from '../presentation/wording.ts';

/** The papers of a section that are not in the mail. */
export interface MoreContent {
  readonly count: number;
  /** The text of the link. It follows `count`, so it has a number of its own only if it leads to other papers. */
  readonly text: string;
  readonly url: string;
}

/** Outlook cuts off URLs at 2,083 characters. Twenty URLs of this length leave room for the papers. */
const MAX_LINK_CHARS = 700;

/**
 * Returns the link to the papers of a section that are not in the mail. The mail shows the first `shownCount` of its papers.
 * Undefined if there are no further papers.
 *
 * The URL names the papers to leave out, so its page needs to know nothing about the reader. If it would be too long, the link leads to
 * all matches. If the query alone is too long, it leads to all papers from the same days. Its text says which.
 */
export function toMore(
  { subscription, matches, moreCount, findWithheld }: DigestSection,
  shownCount: number,
  digest: Pick<Digest, 'days' | 'asOf'>,
  publication: Publication,
): MoreContent | undefined {
  const count = moreCount + matches.length - shownCount;
  if (count === 0) return undefined;

  const { lists, query, sort } = subscription;
  const withheld = findWithheld();
  const all = { ...toDays(digest), lists, query, sort, until: digest.asOf };
  const shown = matches.slice(0, shownCount).map(({ paper }) => paper.id);
  const url = recallPapersUrl(publication, all);
  const furtherUrl = leaveOut(url, [...withheld, ...shown]);
  if (furtherUrl.length <= MAX_LINK_CHARS)
    return { count, text: `See ${count === 1 ? 'it' : 'them'} on the web`, url: furtherUrl };

  const total = count + shownCount + withheld.length;
  return url.length <= MAX_LINK_CHARS
    ? { count, text: `See all ${toCountText(total, 'match', 'matches')} on the web`, url }
    : { count, text: 'See all papers from these days', url: toBrowseUrl(digest, lists, publication) };
}

/** Returns the URL of all papers of the given lists. If it would be too long, the URL of all papers of all lists. */
export function toBrowseUrl(
  digest: Pick<Digest, 'days'>,
  lists: readonly ListId[],
  publication: Publication,
): string {
  const days = toDays(digest);
  const url = recallPapersUrl(publication, { ...days, lists });
  return url.length <= MAX_LINK_CHARS ? url : recallPapersUrl(publication, days);
}

/** Returns the URL of the newest papers of the given lists. If it would be too long, of all lists. */
export function toArchiveUrl(lists: readonly ListId[], { publicUrl }: Publication): string {
  const url = `${publicUrl}/papers?lists=${lists.join(',')}`;
  return url.length <= MAX_LINK_CHARS ? url : `${publicUrl}/papers`;
}

/** Returns the days of a digest as parameters of the papers page. */
function toDays({ days: { first, last } }: Pick<Digest, 'days'>): Pick<PaperSelection, 'day' | 'days'> {
  return { day: last, days: countDays(first, last) };
}

/** The URLs of the papers of a query or of lists. Mails of one batch share them, except for the papers to leave out. */
const papersUrls = createMemo<string, string>(500_000, (url, key) => url.length + 2 * key.length);

function recallPapersUrl(
  { publicUrl }: Publication,
  selection: Omit<Parameters<typeof toPapersPath>[0], 'without'>,
): string {
  const { day, days, lists, query, sort, until } = selection;
  const key = [publicUrl, day, days, lists, sort, until, query].join(' ');
  return papersUrls.recall(key, () => publicUrl + toPapersPath(selection));
}
