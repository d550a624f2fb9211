import type { ListId } from '../domain/lists.ts';
import { type Paper, toAbstractUrl } from '../domain/paper.ts';
import { parseUrl } from '../domain/parse-url.ts';

/** A longer address is of no use to a reader and would crowd out papers. */
const MAX_URL_CHARS = 300;

/**
 * Where a paper's title leads: to its page on Hugging Face, with votes and discussion, if it is known there, else to its
 * abstract on arXiv. It is known there when only that list is followed or when somebody voted or commented.
 */
export function toPaperUrl(
  { id, upvotes, comments }: Pick<Paper, 'id' | 'upvotes' | 'comments'>,
  lists: readonly ListId[],
): string {
  const isOnHuggingFace = upvotes > 0 || comments > 0 || lists.every((list) => list === 'hf-daily');
  return isOnHuggingFace ? `https://huggingface.co/papers/${id}` : toAbstractUrl(id);
}

/** An address from outside in its normal form, if it is one of the web and of use; only `http` and `https` are. */
export function findWebUrl(url: string | undefined): string | undefined {
  const { protocol = '', href = '' } = parseUrl(url ?? '') ?? {};
  return ['http:', 'https:'].includes(protocol) && href.length <= MAX_URL_CHARS ? href : undefined;
}

/** Pages where every paper is: their front page is no project, and a paper's own page is where its title leads already. */
const PAPER_HOSTS = /^(?:arxiv\.org|alphaxiv\.org|huggingface\.co|doi\.org)$/;

/** The address of a paper's project, unless it is that of its code, the paper's own page, or a bare front page of a big site. */
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

/** What two addresses of one page have in common: not the scheme, `www.`, the case, `.git`, a slash at the end, or the fragment. */
function toPageKey(url: string): string {
  const { host, pathname, search } = new URL(url);
  const site = host.replace(/^(?:www|export)\./, '');
  return `${site}${pathname.replace(/(?:\.git)?\/*$/, '')}${search}`.toLowerCase();
}
