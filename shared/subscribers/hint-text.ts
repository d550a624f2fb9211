import { toReaderText } from '../mail/reader-text.ts';
import { toCountText } from '../mail/wording.ts';
import { COUNTED_DAYS, type PreviewHint } from './preview.ts';

const MAX_PART_CHARS = 60;

/** Says why a query may not be what its writer wanted, and what to try. */
export function toHintText(hint: PreviewHint): string {
  if (hint.kind === 'everything')
    return `Every paper of the last ${COUNTED_DAYS} days matches. Add a word to get fewer. Without keywords you would get the same papers.`;
  const nothing = `No paper of the last ${COUNTED_DAYS} days matches: try`;
  if (hint.without === undefined)
    return `${nothing} OR between words, or the start of a word with *, such as diffus*.`;
  const match = hint.total === 1 ? 'matches' : 'match';
  return `${nothing} it without ${toReaderText(hint.without, MAX_PART_CHARS)}. Then ${toCountText(hint.total, 'paper')} ${match}.`;
}
