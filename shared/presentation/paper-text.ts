import type { Paper } from '../domain/papers/paper.ts';
import { toPaperText } from './reader-text.ts';

const MAX_TITLE_CHARS = 240;

/** Returns the title on one line with readable TeX, or the paper's id if nothing of the title is visible. */
export function toPaperTitle({ id, title }: Pick<Paper, 'id' | 'title'>): string {
  return toPaperText(title, MAX_TITLE_CHARS) || id;
}

/** Long enough to hold two sentences of any abstract, short enough to bound the work. */
const MAX_ABSTRACT_CHARS = 4000;

/** Returns the whole abstract on one line with readable TeX. Empty if it is unknown. */
export function toAbstractText({ abstract }: Pick<Paper, 'abstract'>): string {
  return toPaperText(abstract, MAX_ABSTRACT_CHARS);
}
