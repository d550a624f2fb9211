import type { Paper } from '../../domain/papers/paper.ts';
import { type Instant, latestOf, utcDayOf } from '../../domain/time/time.ts';
import { toAbstractText, toPaperTitle } from '../../presentation/paper-text.ts';
import { findOwnPage, linksOf, type OwnPage, toPaperPath } from '../../presentation/paper-url.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toPaperText, toReaderText } from '../../presentation/reader-text.ts';
import { toCountText } from '../../presentation/wording.ts';
import type { Listed } from '../papers/find-listed.ts';
import type { FeedLink } from '../paths/feed-links.ts';

/** The papers of a feed and its metadata, the same in each format. */
export interface Feed {
  readonly link: FeedLink;
  /** Never changes, even if the URL of the feed does. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The page with the same papers. */
  readonly pagePath: string;
  /** When its newest entry changed, or today if it has none. */
  readonly updatedAt: Instant;
  readonly entries: readonly FeedEntry[];
}

/** One paper in a feed. Its texts are safe lines without markup, except for `html`. */
export interface FeedEntry {
  /** The same for a paper in every feed. */
  readonly id: string;
  readonly url: string;
  /** Undefined if only our page shows the paper. */
  readonly ownPage: OwnPage | undefined;
  readonly title: string;
  readonly html: string;
  readonly authors: readonly string[];
  readonly tags: readonly string[];
  /** When a list first had it. */
  readonly publishedAt: Instant;
  /** When its texts last changed. Votes do not count, so a vote makes no entry new. */
  readonly updatedAt: Instant;
}

/** A paper, and where it was listed. */
export interface FeedPaper extends Listed {
  readonly paper: Paper;
}

/** An entry names at most this many authors. The largest papers have thousands. */
const MAX_AUTHORS = 20;

const MAX_NAME_CHARS = 80;
const MAX_SUMMARY_CHARS = 600;
const MAX_TAGS = 20;

/**
 * Returns the id of a feed or an entry: `tag:daily.example.org,2026:papers/2601.00001`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4151
 */
export function toTagId({ publicUrl }: Pick<Publication, 'publicUrl'>, path: string): string {
  return `tag:${new URL(publicUrl).hostname},2026:${path}`;
}

/** Returns the entry of a paper. */
export function toFeedEntry(
  { paper, lists, listedOn }: FeedPaper,
  publication: Pick<Publication, 'publicUrl'>,
): FeedEntry {
  const publishedAt = toListedAt(paper, listedOn);
  return {
    id: toTagId(publication, `papers/${paper.id}`),
    url: new URL(toPaperPath(paper.id), publication.publicUrl).href,
    ownPage: findOwnPage(paper),
    title: toPaperTitle(paper),
    html: toHtml(paper, lists),
    authors: toLines(paper.authors.slice(0, MAX_AUTHORS)),
    tags: [...new Set(toLines([...paper.categories, ...paper.aiKeywords]))].slice(0, MAX_TAGS),
    publishedAt,
    updatedAt: latestOf([publishedAt, paper.firstSeenAt, paper.textChangedAt]),
  };
}

/**
 * Returns when a list first had a paper, if known. That is when we first saw it, unless we read the list of an earlier day later.
 */
function toListedAt({ firstSeenAt }: Paper, listedOn: string | undefined): Instant {
  const isReadLater = listedOn !== undefined && listedOn < utcDayOf(firstSeenAt);
  return isReadLater ? `${listedOn}T00:00:00.000Z` : firstSeenAt;
}

function toLines(texts: readonly string[]): readonly string[] {
  return texts.map((text) => toReaderText(text, MAX_NAME_CHARS)).filter((text) => text !== '');
}

/** The facts, the summary, the abstract and the links of a paper. */
function toHtml(paper: Paper, lists: Listed['lists']): string {
  const { authorCount, organisation = '' } = paper;
  const facts = [
    toReaderText(organisation, MAX_NAME_CHARS),
    authorCount > 0 ? toCountText(authorCount, 'author') : '',
  ].filter((fact) => fact !== '');
  const summary = toPaperText(paper.aiSummary ?? '', MAX_SUMMARY_CHARS);
  const abstract = toAbstractText(paper);
  const html = (
    <>
      {facts.length > 0 && <p>{facts.join(' · ')}</p>}
      {summary !== '' && (
        <p>
          <strong>In short (written by a model):</strong> {summary}
        </p>
      )}
      {abstract !== '' && <p>{abstract}</p>}
      <p>
        {toLinks(paper, lists).map(({ words, url }, position) => (
          <>
            {position > 0 && ' · '}
            <a href={url}>{words}</a>
          </>
        ))}
      </p>
    </>
  );
  return html.toString();
}

function toLinks(paper: Paper, lists: Listed['lists']) {
  const { own, pdf, huggingFace, repository, project } = linksOf(paper, lists);
  const links = [
    { words: own?.site ?? '', url: own?.url },
    { words: 'PDF', url: pdf },
    { words: 'Hugging Face', url: huggingFace },
    { words: 'code', url: repository },
    { words: 'project', url: project },
  ];
  return links.flatMap(({ words, url }) => (url === undefined ? [] : [{ words, url }]));
}
