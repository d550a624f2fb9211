import { MAX_QUERY_LENGTH } from '../matching/query/parse-query.ts';
import { toReaderText } from '../presentation/reader-text.ts';
import { toCountText } from '../presentation/wording.ts';
import { COUNTED_DAYS, type PreviewHint } from './preview.ts';

/** A whole query is never cut, because the reader copies it. */
const MAX_CHARS = { out: 60, instead: 2 * MAX_QUERY_LENGTH };

/** Says why a query may not be what the reader wanted, and what to try. */
export function toHintText(hint: PreviewHint): string {
  if (hint.kind === 'everything')
    return `Every paper of the last ${COUNTED_DAYS} days matches. Add a word to get fewer. Without keywords you would get the same papers.`;
  const nothing = `No paper of the last ${COUNTED_DAYS} days matches: try`;
  if (!hint.change) return `${nothing} other words, or the start of a word with *, such as diffus*.`;
  const { kind, query, total } = hint.change;
  const text = toReaderText(query, MAX_CHARS[kind]);
  const found = `Then ${toCountText(total, 'paper')} ${total === 1 ? 'matches' : 'match'}.`;
  return kind === 'out' ? `${nothing} it without ${text}. ${found}` : `${nothing} ${text}. ${found}`;
}
