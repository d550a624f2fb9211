import { MAX_AUTHORS } from '../../domain/papers/paper.ts';
import { toPlainName } from '../plain-text.ts';
import {
  MAX_NAME_CHARS,
  MAX_TEXT_CHARS,
  MAX_TITLE_CHARS,
  onlyKnown,
  readText,
  type SaidFacts,
} from '../read-facts.ts';
import { toRepositoryUrl, toWebUrl } from '../web-url.ts';
import type { HfItem } from './hf-item-schema.ts';

const MAX_KEYWORDS = 30;

/**
 * What an item says of its paper, except its dates. What it does not say, or not in a form that can be used, has
 * no key. The caller checks the result against the schema of {@link PaperFacts}: id and title may be missing or wrong.
 *
 * - Votes, comments and stars are whole numbers: a fraction is cut off, and a number below 0 is no count.
 * - Authors are counted without the hidden and the nameless ones; the same name twice is two authors.
 */
export function toHfFacts({ paper, ...item }: HfItem): SaidFacts {
  const authors = readAuthors(paper.authors);
  const said = (paper.ai_keywords ?? []).flatMap((text) => readText(text, MAX_NAME_CHARS) ?? []);
  const keywords = [...new Set(said)].slice(0, MAX_KEYWORDS);
  return onlyKnown({
    source: 'hf-daily',
    id: paper.id?.trim().replace(/v\d+$/, ''),
    title: readText(paper.title, MAX_TITLE_CHARS) ?? readText(item.title, MAX_TITLE_CHARS),
    abstract: readText(paper.summary, MAX_TEXT_CHARS) ?? readText(item.summary, MAX_TEXT_CHARS),
    authors: authors?.slice(0, MAX_AUTHORS),
    authorCount: authors?.length,
    organisation: readName(paper.organization) ?? readName(item.organization),
    upvotes: readCount(paper.upvotes),
    comments: readCount(item.numComments),
    repositoryUrl: toRepositoryUrl(paper.githubRepo ?? ''),
    stars: readCount(paper.githubStars),
    projectUrl: toWebUrl(paper.projectPage ?? ''),
    aiSummary: readText(paper.ai_summary, MAX_TEXT_CHARS),
    aiKeywords: keywords.length > 0 ? keywords : undefined,
  });
}

/** The name under which a person or an organisation wants to be known. */
export function readName(named: { fullname?: string | undefined; name?: string | undefined } | undefined) {
  return readText(named?.fullname, MAX_NAME_CHARS) ?? readText(named?.name, MAX_NAME_CHARS);
}

/** Returns the names of the visible authors. Undefined if the item names no author at all. */
function readAuthors(authors: HfItem['paper']['authors'] = []): readonly string[] | undefined {
  const visible = authors.filter((author) => !author?.hidden);
  const names = visible.flatMap((author) => toPlainName(author?.name ?? '', MAX_NAME_CHARS) || []);
  return names.length > 0 || authors.some((author) => author?.hidden) ? names : undefined;
}

function readCount(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? Math.trunc(value)
    : undefined;
}
