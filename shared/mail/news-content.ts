import type { PaperId } from '../domain/papers/paper.ts';
import type { PaperNews } from '../matching/news.ts';
import { toPaperTitle } from '../presentation/paper-text.ts';
import { findHuggingFaceUrl, findOwnPage, toPaperPath } from '../presentation/paper-url.ts';
import type { Publication } from '../presentation/publication.ts';
import { toCountText } from '../presentation/wording.ts';

/** The heading of the news. */
export const NEWS_HEADING = 'Updates on earlier papers';

/** The texts of the news of one paper. */
export interface NewsContent {
  readonly paperId: PaperId;
  readonly title: string;
  readonly url: string;
  /** `Now picked on Hugging Face, 42 votes`. */
  readonly text: string;
}

/** Returns the texts of the news of a paper. The link leads to what is new. */
export function toNewsContent(
  { paper, isPicked, version }: PaperNews,
  { publicUrl }: Publication,
): NewsContent {
  const { id, upvotes } = paper;
  const votes = upvotes > 0 ? `, ${toCountText(upvotes, 'vote')}` : '';
  const picked = `picked on Hugging Face${votes}`;
  const changed = `version ${version} on arXiv`;
  const facts = [...(isPicked ? [picked] : []), ...(version === undefined ? [] : [changed])];
  const picksPage = isPicked ? findHuggingFaceUrl(paper, true) : undefined;
  return {
    paperId: id,
    title: toPaperTitle(paper),
    url: picksPage ?? findOwnPage(paper)?.url ?? publicUrl + toPaperPath(id),
    text: `Now ${facts.join('; ')}`,
  };
}
