import { findArxivCategory } from '../domain/lists/arxiv-names.ts';
import type { ListId } from '../domain/lists/lists.ts';
import { findGrowth, type Growth } from '../domain/papers/growth.ts';
import type { Paper, PaperId } from '../domain/papers/paper.ts';
import { type Day, utcDayOf } from '../domain/time/time.ts';
import type { MatchReason } from '../matching/index/explain.ts';
import type { TextCondition, TextField } from '../matching/query/query.ts';
import { analyse, type Word } from '../matching/text/analyser.ts';
import type { Match } from '../matching/window.ts';
import { toAbstractText, toPaperTitle } from './paper-text.ts';
import { findProjectUrl, findWebUrl, toPaperUrl } from './paper-url.ts';
import { toReaderText } from './reader-text.ts';
import { toReasonText } from './reason-text.ts';
import { toFirstSentences } from './sentences.ts';
import { type TextPart, toTextParts } from './text-parts.ts';
import { toCompactNumber, toCountText, toShortDay } from './wording.ts';

/** One fact of the meta line. Some have a link. */
export interface MetaItem {
  readonly text: string;
  readonly url?: string | undefined;
  /** The full name if the fact is an organisation. Pages link it. */
  readonly organisation?: string;
  /** The id if the fact is a category of arXiv. Pages link it. */
  readonly category?: string;
}

/** The texts of one paper in a mail. */
export interface CardContent {
  readonly paperId: PaperId;
  readonly title: string;
  /** The title, split at the words that the query found. */
  readonly titleParts: readonly TextPart[];
  /** The link of the title: a URL, or the path of the paper's page here. See `toPaperUrl`. */
  readonly url: string;
  /** A mail does not show 0, because lists of arXiv have no votes. Pages show it if a source counts the votes. */
  readonly votes: number;
  readonly meta: readonly MetaItem[];
  /** One or two sentences. Empty if the source has neither summary nor abstract. */
  readonly excerpt: string;
  /** The excerpt, split at the words that the query found. */
  readonly excerptParts: readonly TextPart[];
  readonly isAiSummary: boolean;
  /** Why the paper matched: `Matches “residual stream” in the title; 42 votes, +18 since yesterday.` */
  readonly reason?: string | undefined;
}

const MAX_ORGANISATION_CHARS = 60;
const MAX_EXCERPT_CHARS = 330;

/**
 * Returns the card of a match.
 *
 * @param lists the lists of its subscription
 * @param today the reader's local day
 * @param timeZone the reader's. Without it, the card does not show the growth of the votes
 */
export function toCard(
  { paper, reasons }: Match,
  lists: readonly ListId[],
  today: Day,
  timeZone?: string,
): CardContent {
  const { title, excerpt, isAiSummary, meta, toWords } = commonTextsOf(paper, today);
  const growth = timeZone === undefined ? undefined : findReaderGrowth(paper, today, timeZone);
  return {
    paperId: paper.id,
    title,
    titleParts: toTextParts(title, findConditions(reasons, ['title']), toWords),
    url: toPaperUrl(paper, lists),
    votes: paper.upvotes,
    meta,
    excerpt,
    // A keyword is often in the summary, which is not searched itself.
    excerptParts: toTextParts(excerpt, findConditions(reasons, ['abstract', 'keyword']), toWords),
    isAiSummary,
    reason: toReasonText(paper, reasons, growth),
  };
}

/** The texts of a card that do not depend on the reader. */
interface CommonTexts extends Pick<CardContent, 'title' | 'excerpt' | 'isAiSummary' | 'meta'> {
  /** The reader's year. The meta line shows the year of the paper only if it is another one. */
  readonly year: string;
  /** Returns the words of the title or of the excerpt. */
  readonly toWords: (text: string) => readonly Word[];
  /** By the reader's time zone, and then by the reader's day. */
  readonly growths: Map<string, Map<Day, Growth | undefined>>;
}

/** The texts of each paper that is in memory. A worker shows a paper to thousands of readers. */
const commonTexts = new WeakMap<Paper, CommonTexts>();

function commonTextsOf(paper: Paper, today: Day): CommonTexts {
  const year = today.slice(0, 4);
  const known = commonTexts.get(paper);
  if (known?.year === year) return known;
  const summary = toExcerpt(paper.aiSummary ?? '');
  const words = new Map<string, readonly Word[]>();
  const texts = {
    title: toPaperTitle(paper),
    excerpt: summary || toExcerpt(paper.abstract),
    isAiSummary: summary !== '',
    meta: toMeta(paper, today),
    year,
    toWords(text: string) {
      const found = words.get(text) ?? analyse(text);
      words.set(text, found);
      return found;
    },
    growths: new Map<string, Map<Day, Growth | undefined>>(),
  };
  commonTexts.set(paper, texts);
  return texts;
}

/** Returns how the votes of a paper grew, in the reader's days. It caches the answer, because the days of a time zone are slow to find. */
export function findReaderGrowth(paper: Paper, today: Day, timeZone: string): Growth | undefined {
  const { growths } = commonTextsOf(paper, today);
  const byDay = growths.get(timeZone) ?? new Map<Day, Growth | undefined>();
  const known = byDay.get(today);
  if (known !== undefined || byDay.has(today)) return known;
  const growth = findGrowth(paper, today, timeZone);
  growths.set(timeZone, byDay.set(today, growth));
  return growth;
}

/** Returns the conditions that a paper met by its words and that search one of the given fields. */
export function findConditions(
  reasons: readonly MatchReason[],
  fields: readonly TextField[],
): readonly TextCondition[] {
  return reasons.flatMap(({ condition }) =>
    condition.kind === 'text' && (condition.field === undefined || fields.includes(condition.field))
      ? condition
      : [],
  );
}

function toExcerpt(text: string): string {
  return toFirstSentences(toAbstractText({ abstract: text }), 2, MAX_EXCERPT_CHARS);
}

/** Returns the known facts: organisation or primary category, authors, publication day, version, comments, repository, project page. */
function toMeta(paper: Paper, today: Day): readonly MetaItem[] {
  const { organisation = '', authorCount, comments, stars = 0, version = 1 } = paper;
  const repositoryUrl = findWebUrl(paper.repositoryUrl);
  const projectUrl = findProjectUrl(paper, repositoryUrl);
  const items: readonly (MetaItem | false)[] = [
    organisation !== ''
      ? { text: toReaderText(organisation, MAX_ORGANISATION_CHARS), organisation }
      : toCategoryItem(paper.categories[0]),
    authorCount > 0 && { text: toCountText(authorCount, 'author') },
    // The UTC day. Sources cut many times to midnight UTC, so a western time zone would show the day before.
    { text: toShortDay(utcDayOf(paper.publishedAt), today) },
    version > 1 && { text: `version ${version}` },
    comments > 0 && { text: toCountText(comments, 'comment') },
    repositoryUrl !== undefined && {
      text: stars > 0 ? `code ★ ${toCompactNumber(stars)}` : 'code',
      url: repositoryUrl,
    },
    projectUrl !== undefined && { text: 'project', url: projectUrl },
  ];
  return items.filter((item): item is MetaItem => item !== false && item.text !== '');
}

/** Returns the name of a category of arXiv: `Computation and Language`. False for an unknown one. */
function toCategoryItem(id = ''): MetaItem | false {
  const category = findArxivCategory(id);
  return category !== undefined && { text: category.name, category: category.id };
}

const NOTE =
  'A model on Hugging Face wrote the short summaries. A paper without a summary shows the start of its abstract.';

/** Returns the note to show if any card has a machine-written summary. Undefined if all cards show abstracts. */
export function findSummaryNote(cards: readonly Pick<CardContent, 'isAiSummary'>[]): string | undefined {
  return cards.some(({ isAiSummary }) => isAiSummary) ? NOTE : undefined;
}
