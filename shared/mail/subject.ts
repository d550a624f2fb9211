import { shorten } from '../presentation/reader-text.ts';
import { toCountText } from '../presentation/wording.ts';
import type { DigestContent } from './digest-content.ts';

/** Desktop mail programs show about 70 characters. Phones show about 40, so the title comes first. */
const MAX_SUBJECT_CHARS = 70;

/** Only weekly and monthly digests name their cadence. */
const PREFIXES: Readonly<Record<DigestContent['cadence'], string>> = {
  instant: '',
  daily: '',
  weekly: 'Weekly: ',
  monthly: 'Monthly: ',
};

/**
 * Returns the subject: the first paper's title and the number of further papers, 1 to 70 characters.
 * `K-EXAONE Technical Report and 11 more`, `Weekly: NextFlow: Unified Sequential Modeling… and 1 more`.
 */
export function toSubject({
  cadence,
  sections,
  news,
}: Pick<DigestContent, 'cadence' | 'sections' | 'news'>): string {
  const cards = sections.flatMap((section) => section.cards.map(({ title }) => title));
  // The subject of a digest with only news is about the first of its papers.
  const titles = cards.length > 0 ? cards : news.map(({ title, text }) => `${text}: ${title}`);
  const [first] = titles;
  const matched = titles.length + sections.reduce((sum, { more }) => sum + (more?.count ?? 0), 0);
  if (first === undefined) return `${PREFIXES[cadence]}${toCountText(matched, 'paper')}`;

  const suffix = titles.length > 1 ? ` and ${titles.length - 1} more` : '';
  const room = MAX_SUBJECT_CHARS - PREFIXES[cadence].length - suffix.length;
  return `${PREFIXES[cadence]}${shorten(first, room)}${suffix}`;
}

const MAX_PREHEADER_CHARS = 140;

/**
 * Returns the preview text, which mail programs show after the subject. It names the further papers, or quotes the only
 * one. At most 140 characters.
 */
export function toPreheader({ day, sections }: Pick<DigestContent, 'day' | 'sections'>): string {
  const [first, second, ...rest] = sections.flatMap(({ cards }) => cards);
  if (second === undefined) return shorten(first?.excerpt || day, MAX_PREHEADER_CHARS);
  let text = `Also: ${second.title}`;
  for (const { title } of rest) {
    // Long enough to be cut, even if the cut is in a sign of many characters.
    if (text.length > 2 * MAX_PREHEADER_CHARS) break;
    text += ` · ${title}`;
  }
  return shorten(text, MAX_PREHEADER_CHARS);
}
