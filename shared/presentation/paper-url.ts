import type { ListId } from '../domain/lists/lists.ts';
import {
  findAbstractUrl,
  findPdfUrl,
  isArxivId,
  type Paper,
  type PaperId,
  PICKING_LIST,
} from '../domain/papers/paper.ts';
import { parseUrl } from '../domain/text/parse-url.ts';
import { shorten } from './reader-text.ts';

/** A longer URL would leave less room for papers. */
const MAX_URL_CHARS = 300;

/** Returns the path of the page of a paper here: `/papers/2601.00001`, `/papers/hep-ex/0307015`. */
export function toPaperPath(id: PaperId): string {
  return `/papers/${id}`;
}

/**
 * Returns the link of a paper's title: its page on Hugging Face, or its own page if Hugging Face may not know it. Without either, it is
 * the path of the paper's page here.
 *
 * @param lists the reader's lists, one of which had the paper
 */
export function toPaperUrl(
  paper: Pick<Paper, 'id' | 'upvotes' | 'comments' | 'pageUrl'>,
  lists: readonly ListId[],
): string {
  const isListed = lists.every((list) => list === PICKING_LIST);
  return findHuggingFaceUrl(paper, isListed) ?? findOwnPage(paper)?.url ?? toPaperPath(paper.id);
}

/** The page of a paper where it was published. */
export interface OwnPage {
  /** For readers: `arXiv`, `distill.pub`. */
  readonly site: string;
  readonly url: string;
}

const MAX_SITE_CHARS = 40;

/** Returns the page of a paper on arXiv. For a paper that is not there, the page that its feed gives. Undefined if that is unusable. */
export function findOwnPage({ id, pageUrl }: Pick<Paper, 'id' | 'pageUrl'>): OwnPage | undefined {
  const abstractUrl = findAbstractUrl(id);
  if (abstractUrl !== undefined) return { site: 'arXiv', url: abstractUrl };
  const url = findWebUrl(pageUrl);
  return url === undefined
    ? undefined
    : { site: shorten(new URL(url).hostname.replace(/^www\./, ''), MAX_SITE_CHARS), url };
}

/**
 * Returns the links of a paper to other sites. Those that are unknown or unusable are undefined.
 *
 * @param lists the lists that had the paper
 */
export function linksOf(paper: Paper, lists: readonly ListId[]) {
  const repository = findWebUrl(paper.repositoryUrl);
  return {
    own: findOwnPage(paper),
    pdf: findPdfUrl(paper.id),
    huggingFace: findHuggingFaceUrl(paper, lists.includes(PICKING_LIST)),
    repository,
    project: findProjectUrl(paper, repository),
  };
}

/**
 * Returns the URL of a paper's page on Hugging Face. Undefined if Hugging Face may not know it.
 *
 * @param isListed whether its list had the paper. It also knows papers with votes or comments
 */
export function findHuggingFaceUrl(
  { id, upvotes, comments }: Pick<Paper, 'id' | 'upvotes' | 'comments'>,
  isListed: boolean,
): string | undefined {
  const isKnown = isArxivId(id) && (isListed || upvotes > 0 || comments > 0);
  return isKnown ? `https://huggingface.co/papers/${id}` : undefined;
}

/** Returns the normalised URL if it is `http` or `https` and short enough. Otherwise undefined. */
export function findWebUrl(url: string | undefined): string | undefined {
  const { protocol = '', href = '' } = parseUrl(url ?? '') ?? {};
  if (!['http:', 'https:'].includes(protocol)) return undefined;
  const path = href.indexOf('/', `${protocol}//`.length);
  const strict = href.slice(0, path) + href.slice(path).replace(LENIENT, encodeURIComponent);
  return strict.length <= MAX_URL_CHARS ? strict : undefined;
}

/**
 * Characters that browsers leave as they are, but that are not allowed in a URI. Feeds and BibTeX need strict URIs.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986
 */
const LENIENT = /[{}|\\^`"<>[\]]|%(?![\da-f]{2})/gi;

/** Sites that host every paper. Neither their front page nor a paper's page there is a project page. */
const PAPER_HOSTS = /^(?:arxiv\.org|alphaxiv\.org|huggingface\.co|doi\.org)$/;

/** Returns the project's URL, unless it is the repository, the paper's own page, or the front page of a large site. */
export function findProjectUrl(
  { id, projectUrl }: Pick<Paper, 'id' | 'projectUrl'>,
  repositoryUrl: string | undefined,
): string | undefined {
  const url = findWebUrl(projectUrl);
  if (url === undefined || (repositoryUrl !== undefined && toPageKey(url) === toPageKey(repositoryUrl))) {
    return undefined;
  }
  const [host = '', ...path] = toPageKey(url).split('/');
  const isFrontPage = path.length === 0 && (PAPER_HOSTS.test(host) || host === 'github.com');
  const isOwnPage = path
    .join('/')
    .replace(/(?:v\d+)?(?:\.pdf)?$/, '')
    .endsWith(id.toLowerCase());
  return isFrontPage || (isOwnPage && PAPER_HOSTS.test(host)) ? undefined : url;
}

/** Returns a key for comparing URLs. It ignores scheme, `www.`, case, `.git`, trailing slashes and fragment. */
function toPageKey(url: string): string {
  const { host, pathname, search } = new URL(url);
  const site = host.replace(/^(?:www|export)\./, '');
  return `${site}${pathname.replace(/(?:\.git)?\/*$/, '')}${search}`.toLowerCase();
}
