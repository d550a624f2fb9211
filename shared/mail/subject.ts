import { shorten } from '../presentation/reader-text.ts';
import { toCountText } from '../presentation/wording.ts';
import type { DigestContent } from './digest-content.ts';
import { NEWS_HEADING } from './news-content.ts';

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
  const titles = toTitles({ sections, news });
  const [first] = titles;
  if (first === undefined) {
    const count = sections.reduce((sum, { more }) => sum + (more?.count ?? 0), 0);
    return `${PREFIXES[cadence]}${toCountText(count, 'paper')}`;
  }

  const suffix = titles.length > 1 ? ` and ${titles.length - 1} more` : '';
  const room = MAX_SUBJECT_CHARS - PREFIXES[cadence].length - suffix.length;
  return `${PREFIXES[cadence]}${shorten(first, room)}${suffix}`;
}

/** Returns the titles of the cards. Those of a digest with only news are about the papers of its news. */
function toTitles({ sections, news }: Pick<DigestContent, 'sections' | 'news'>): readonly string[] {
  const titles = sections.flatMap(({ cards }) => cards.map(({ title }) => title));
  return titles.length > 0 ? titles : news.map(({ title, text }) => `${text}: ${title}`);
}

const MAX_PREHEADER_CHARS = 140;

/**
 * Returns the preview text, which mail programs show after the subject. It names the further papers, or quotes the only
 * one. At most 140 characters.
 */
export function toPreheader({ day, ...content }: Pick<DigestContent, 'day' | 'sections' | 'news'>): string {
  const [, second, ...rest] = toTitles(content);
  if (second === undefined) {
    const [only] = content.sections.flatMap(({ cards }) => cards);
    const other = content.news.length > 0 ? NEWS_HEADING : day;
    return shorten(only?.excerpt || other, MAX_PREHEADER_CHARS);
  }
  let text = `Also: ${second}`;
  for (const title of rest) {
    // Long enough to be cut, even if the cut is in a sign of many characters.
    if (text.length > 2 * MAX_PREHEADER_CHARS) break;
    text += ` · ${title}`;
  }
  return shorten(text, MAX_PREHEADER_CHARS);
}
