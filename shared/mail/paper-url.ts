import type { ListId } from '../domain/list.ts';
import { type Paper, toAbstractUrl } from '../domain/paper.ts';

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
  if (!url || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return ['http:', 'https:'].includes(protocol) && href.length <= MAX_URL_CHARS ? href : undefined;
}
