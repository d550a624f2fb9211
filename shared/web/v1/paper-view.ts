import { findAbstractUrl, findVersions, type Paper } from '../../domain/papers/paper.ts';
import { hasKnownVotes } from '../../matching/trending.ts';
import type { SearchHit } from '../../ports/search.ts';
import { findWebUrl, linksOf, toPaperPath } from '../../presentation/paper-url.ts';
import type { Publication } from '../../presentation/publication.ts';
import type { Listed } from '../papers/find-listed.ts';
import type { ListedOn } from '../papers/paper/load-paper.ts';
import type { OnePaperView, PaperView } from './paper-schemas.ts';
import { toReasonView } from './reasons.ts';

/** Returns one paper as the API shows it, with its listings and counts. */
export function toOnePaperView(
  paper: Paper,
  listedOn: readonly ListedOn[],
  publication: Pick<Publication, 'publicUrl'>,
): OnePaperView {
  const { note, journalReference, doi } = paper;
  const licence = findWebUrl(paper.licenceUrl);
  const versions = findVersions(paper).flatMap(({ version, at }) =>
    at === undefined ? [] : { version, at },
  );
  const newest = listedOn
    .flatMap(({ days }) => days)
    .sort()
    .at(-1);
  const byList = [...listedOn].sort((a, b) => (a.list < b.list ? -1 : 1));
  const lists = byList.map(({ list }) => list);
  return {
    ...toPaperView(paper, { lists, listedOn: newest }, publication),
    listings: byList.map(({ list, days }) => ({ list, days: [...days] })),
    versions: versions.length > 0 ? versions : undefined,
    voteCounts: paper.voteCounts,
    note,
    journalReference,
    doi,
    licence,
  };
}

/** Returns a paper as the API shows it. */
export function toPaperView(
  paper: Paper,
  { lists, listedOn, reasons = [] }: Listed & Partial<Pick<SearchHit, 'reasons'>>,
  { publicUrl }: Pick<Publication, 'publicUrl'>,
): PaperView {
  const { id, organisation, stars, version, aiSummary } = paper;
  const { own, pdf, huggingFace, repository, project } = linksOf(paper, lists);
  return {
    id,
    title: paper.title,
    abstract: paper.abstract,
    authors: paper.authors,
    authorCount: paper.authorCount,
    organisation,
    categories: paper.categories,
    publishedAt: paper.publishedAt,
    listedOn,
    lists: [...lists],
    ...(hasKnownVotes(paper) && { upvotes: paper.upvotes, comments: paper.comments }),
    stars,
    urls: {
      page: publicUrl + toPaperPath(id),
      original: own?.url,
      arxiv: findAbstractUrl(id),
      pdf,
      huggingFace,
      repository,
      project,
    },
    version,
    aiSummary,
    aiKeywords: paper.aiKeywords,
    reasons: reasons.length > 0 ? reasons.map(toReasonView) : undefined,
  };
}
