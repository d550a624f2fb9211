import type { ListId } from '../domain/lists.ts';
import type { Paper, PaperId } from '../domain/paper.ts';
import { type Day, utcDayOf } from '../domain/time.ts';
import type { MatchReason } from '../matching/explain.ts';
import type { TextField } from '../matching/query.ts';
import type { Match } from '../matching/window.ts';
import { findProjectUrl, findWebUrl, toPaperUrl } from './paper-url.ts';
import { toPaperText, toReaderText } from './reader-text.ts';
import { toFirstSentences } from './sentences.ts';
import { toCompactNumber, toCountText, toListing, toShortDay } from './wording.ts';

/** One fact of the meta line. Some have a link. */
export interface MetaItem {
  readonly text: string;
  readonly url?: string | undefined;
}

/** The texts of one paper in a mail. */
export interface CardContent {
  readonly paperId: PaperId;
  readonly title: string;
  readonly url: string;
  /** 0 is not shown, because arXiv lists have no votes. */
  readonly votes: number;
  readonly meta: readonly MetaItem[];
  /** One or two sentences. Empty if the source has neither summary nor abstract. */
  readonly excerpt: string;
  readonly isAiSummary: boolean;
  /** Why the paper matched: `Matches “residual stream” in the title.` */
  readonly reason?: string | undefined;
}

/** The longest title on record has 206 characters. */
const MAX_TITLE_CHARS = 240;
const MAX_ORGANISATION_CHARS = 60;
const MAX_EXCERPT_CHARS = 330;

/** Returns the card of a match. `lists` are the lists of its subscription. `today` is the reader's local day. */
export function toCard({ paper, reasons }: Match, lists: readonly ListId[], today: Day): CardContent {
  const summary = toExcerpt(paper.aiSummary ?? '');
  return {
    paperId: paper.id,
    title: toPaperTitle(paper),
    url: toPaperUrl(paper, lists),
    votes: paper.upvotes,
    meta: toMeta(paper, today),
    excerpt: summary || toExcerpt(paper.abstract),
    isAiSummary: summary !== '',
    reason: toReasonText(reasons),
  };
}

/** Returns the title on one line with readable TeX, or the paper's id if nothing of the title is visible. */
export function toPaperTitle({ id, title }: Pick<Paper, 'id' | 'title'>): string {
  return toPaperText(title, MAX_TITLE_CHARS) || id;
}

/** Long enough to hold two sentences of any abstract, short enough to bound the work. */
const MAX_ABSTRACT_CHARS = 4000;

function toExcerpt(text: string): string {
  return toFirstSentences(toPaperText(text, MAX_ABSTRACT_CHARS), 2, MAX_EXCERPT_CHARS);
}

/** Returns the known facts: organisation, authors, publication day, comments, repository, project page. */
function toMeta(paper: Paper, today: Day): readonly MetaItem[] {
  const { organisation = '', authorCount, comments, stars = 0 } = paper;
  const repositoryUrl = findWebUrl(paper.repositoryUrl);
  const projectUrl = findProjectUrl(paper, repositoryUrl);
  const items: readonly (MetaItem | false)[] = [
    { text: toReaderText(organisation, MAX_ORGANISATION_CHARS) },
    authorCount > 0 && { text: toCountText(authorCount, 'author') },
    // The UTC day. Sources cut many times to midnight UTC, so a western time zone would show the day before.
    { text: toShortDay(utcDayOf(paper.publishedAt), today) },
    comments > 0 && { text: toCountText(comments, 'comment') },
    repositoryUrl !== undefined && {
      text: stars > 0 ? `code ★ ${toCompactNumber(stars)}` : 'code',
      url: repositoryUrl,
    },
    projectUrl !== undefined && { text: 'project', url: projectUrl },
  ];
  return items.filter((item): item is MetaItem => item !== false && item.text !== '');
}

const PLACES: Readonly<Record<TextField, string>> = {
  title: 'in the title',
  abstract: 'in the abstract',
  keyword: 'in the keywords',
  org: 'in the organisation',
};

const MAX_TERM_CHARS = 60;
const MAX_TERMS = 4;

/**
 * Says why a paper matched: `Matches “residual stream” and “mlp” in the title, “vision” in the abstract.` After four terms
 * the rest is counted. Undefined without reasons.
 */
function toReasonText(reasons: readonly MatchReason[]): string | undefined {
  const termsByPlace = new Map<string, Set<string>>();
  for (const { condition, field } of reasons) {
    if (condition.kind !== 'text' || !field) continue;
    const terms = termsByPlace.get(PLACES[field]) ?? new Set();
    termsByPlace.set(PLACES[field], terms.add(`“${toReaderText(condition.text, MAX_TERM_CHARS)}”`));
  }
  if (termsByPlace.size === 0) return undefined;
  const places = [...termsByPlace].map(([place, terms]) => `${toListing([...terms], MAX_TERMS)} ${place}`);
  return `Matches ${places.join(', ')}.`;
}

const NOTE =
  'A model on Hugging Face wrote the short summaries. A paper without a summary shows the start of its abstract.';

/** Returns the note to show if any card has a machine-written summary. Undefined if all cards show abstracts. */
export function findSummaryNote(cards: readonly Pick<CardContent, 'isAiSummary'>[]): string | undefined {
  return cards.some(({ isAiSummary }) => isAiSummary) ? NOTE : undefined;
}
