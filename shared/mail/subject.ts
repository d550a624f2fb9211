import type { DigestContent } from './digest-content.ts';
import { shorten } from './reader-text.ts';
import { toCountText } from './wording.ts';

/** About what a mail program shows of a subject on a desk; a phone shows the first 40, where the title stands. */
const MAX_SUBJECT_CHARS = 70;

/** A digest comes daily unless its subject says otherwise; the sender's name says the rest. */
const PREFIXES: Readonly<Record<DigestContent['cadence'], string>> = {
  instant: '',
  daily: '',
  weekly: 'Weekly: ',
  monthly: 'Monthly: ',
};

/**
 * The subject: the first paper's title and how many more the mail holds, at most 70 characters, never empty:
 * `K-EXAONE Technical Report and 11 more`, `Weekly: NextFlow: Unified Sequential Modeling… and 1 more`.
 */
export function toSubject({ cadence, sections }: Pick<DigestContent, 'cadence' | 'sections'>): string {
  const titles = sections.flatMap(({ cards }) => cards.map(({ title }) => title));
  const [first] = titles;
  const matched = titles.length + sections.reduce((sum, { moreCount }) => sum + moreCount, 0);
  if (first === undefined) return `${PREFIXES[cadence]}${toCountText(matched, 'paper')}`;

  const suffix = titles.length > 1 ? ` and ${titles.length - 1} more` : '';
  const room = MAX_SUBJECT_CHARS - PREFIXES[cadence].length - suffix.length;
  return `${PREFIXES[cadence]}${shorten(first, room)}${suffix}`;
}

/**
 * What a mail program shows behind the subject: the next papers, or where there is one only, what it says. At most 140
 * characters.
 */
export function toPreheader({ day, sections }: Pick<DigestContent, 'day' | 'sections'>): string {
  const [first, ...others] = sections.flatMap(({ cards }) => cards);
  if (others.length > 0) return shorten(`Also: ${others.map(({ title }) => title).join(' · ')}`, 140);
  return shorten(first?.excerpt || day, 140);
}
