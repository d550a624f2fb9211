import { MAX_AUTHORS, type PaperFacts } from '../domain/paper.ts';
import type { HfItem } from './hf-item-schema.ts';
import { readInstant } from './iso-time.ts';
import { toPlainText } from './plain-text.ts';
import { toRepositoryUrl, toWebUrl } from './web-url.ts';

// Bounds far above anything seen, so that no paper outgrows an item of the table.
const MAX_TITLE_CHARS = 500;
const MAX_TEXT_CHARS = 5_000;
const MAX_NAME_CHARS = 200;
const MAX_KEYWORDS = 30;

/**
 * What an item says of its paper. What it does not say, or not in a form that can be used, has no key, not even one with
 * undefined. The result is checked against the schema of {@link PaperFacts} by the caller: id, title and `publishedAt`
 * may be missing or wrong.
 *
 * - Votes, comments and stars are whole numbers of 0 or more: a fraction is cut off, less than 0 becomes 0.
 * - Authors are counted without the hidden and the nameless ones; the same name twice is two authors.
 */
export function toHfFacts({ paper, ...item }: HfItem): Partial<Record<keyof PaperFacts, unknown>> {
  const authors = toNames(paper.authors?.map((author) => (author?.hidden ? undefined : author?.name)));
  const facts: Record<keyof PaperFacts, unknown> = {
    id: paper.id?.trim().replace(/v\d+$/, ''),
    title: readText(paper.title, MAX_TITLE_CHARS) ?? readText(item.title, MAX_TITLE_CHARS),
    abstract: readText(paper.summary, MAX_TEXT_CHARS) ?? readText(item.summary, MAX_TEXT_CHARS) ?? '',
    authors: authors.slice(0, MAX_AUTHORS),
    authorCount: authors.length,
    organisation: readName(paper.organization) ?? readName(item.organization),
    categories: [],
    // The publishedAt of the top level is another time: some hours before, or that of the listing.
    publishedAt: readInstant(paper.publishedAt),
    upvotes: toCount(paper.upvotes ?? 0),
    comments: toCount(item.numComments ?? 0),
    repositoryUrl: toRepositoryUrl(paper.githubRepo ?? ''),
    stars: paper.githubStars === undefined ? undefined : toCount(paper.githubStars),
    projectUrl: toWebUrl(paper.projectPage ?? ''),
    aiSummary: readText(paper.ai_summary, MAX_TEXT_CHARS),
    aiKeywords: [...new Set(toNames(paper.ai_keywords))].slice(0, MAX_KEYWORDS),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

/** The name under which a person or an organisation wants to be known. */
export function readName(named: { fullname?: string | undefined; name?: string | undefined } | undefined) {
  return readText(named?.fullname, MAX_NAME_CHARS) ?? readText(named?.name, MAX_NAME_CHARS);
}

function toNames(texts: readonly (string | undefined)[] = []): readonly string[] {
  return texts.flatMap((text) => readText(text, MAX_NAME_CHARS) ?? []);
}

function readText(text: string | undefined, maxChars: number): string | undefined {
  return toPlainText(text ?? '', maxChars) || undefined;
}

function toCount(value: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(value)));
}
