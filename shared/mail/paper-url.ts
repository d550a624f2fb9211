import type { ListId } from '../domain/lists.ts';
import { type Paper, toAbstractUrl } from '../domain/paper.ts';
import { parseUrl } from '../domain/parse-url.ts';

/** The list of Hugging Face. */
const HF_DAILY: ListId = 'hf-daily';

/** A longer URL would take the room of papers. */
const MAX_URL_CHARS = 300;

/**
 * Returns the URL of a paper's title: its page on Hugging Face, or its abstract on arXiv if Hugging Face may not know it.
 *
 * @param lists those that a reader follows, one of which had the paper
 */
export function toPaperUrl(
  paper: Pick<Paper, 'id' | 'upvotes' | 'comments'>,
  lists: readonly ListId[],
): string {
  const isFromThere = lists.every((list) => list === HF_DAILY);
  return findHuggingFaceUrl(paper, isFromThere) ?? toAbstractUrl(paper.id);
}

/** Returns whether one of the lists that a paper was on is that of Hugging Face. */
export function isFromHuggingFace(lists: readonly ListId[]): boolean {
  return lists.includes(HF_DAILY);
}

/**
 * Returns the URL of a paper's page on Hugging Face. Undefined if Hugging Face may not know it.
 *
 * @param isListed whether its list had the paper. It knows any other one that has votes or comments
 */
export function findHuggingFaceUrl(
  { id, upvotes, comments }: Pick<Paper, 'id' | 'upvotes' | 'comments'>,
  isListed: boolean,
): string | undefined {
  const isKnown = isListed || upvotes > 0 || comments > 0;
  return isKnown ? `https://huggingface.co/papers/${id}` : undefined;
}

/** Returns the normalised URL if it is `http` or `https` and short enough. Otherwise undefined. */
export function findWebUrl(url: string | undefined): string | undefined {
  const { protocol = '', href = '' } = parseUrl(url ?? '') ?? {};
  return ['http:', 'https:'].includes(protocol) && href.length <= MAX_URL_CHARS ? href : undefined;
}

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
