import type { Day } from '../../domain/time/time.ts';
import type { TextCondition } from '../../matching/query/query.ts';
import type { SearchHit } from '../../ports/search.ts';
import { findConditions } from '../../presentation/card-content.ts';
import { toAbstractText } from '../../presentation/paper-text.ts';
import { shorten } from '../../presentation/reader-text.ts';
import { splitSentences } from '../../presentation/sentences.ts';
import { type TextPart, toTextParts } from '../../presentation/text-parts.ts';
import { type PageCard, toPageCards } from '../papers/page-cards.ts';

const MAX_SNIPPET_CHARS = 330;
/** How much of a long sentence is shown before the first found word. */
const LEAD_CHARS = 100;

/** The links that narrow a search leave less room for abstracts. */
const MAX_CARD_BYTES = 27_000;

/**
 * Returns the cards of search hits. A card shows the summary or the beginning of the abstract. If the words of the query are not in it,
 * the card shows the sentences of the abstract that have them.
 */
export function toSearchCards(hits: readonly SearchHit[], today: Day): readonly PageCard[] {
  const lists = [...new Set(hits.flatMap((hit) => hit.lists))];
  const cards = toPageCards(hits, { lists, day: today, today, maxBytes: MAX_CARD_BYTES });
  return cards.map((card, position) => {
    const hit = hits[position];
    const isFound = card.excerptParts.some((part) => part.isFound);
    const snippet = hit && !isFound ? findSnippet(hit) : undefined;
    // A single reason adds nothing if its word is already marked.
    const isRedundant =
      hit?.reasons.length === 1 && (isFound || snippet || card.titleParts.some((part) => part.isFound));
    const reason = isRedundant ? undefined : card.reason;
    if (!snippet) return { ...card, reason };
    return {
      ...card,
      reason,
      excerpt: snippet.map(({ text }) => text).join(''),
      excerptParts: snippet,
      isAiSummary: false,
    };
  });
}

/** Returns the sentence of the abstract with the most words of the query, and what follows it. Undefined if none has any. */
function findSnippet({ paper, reasons }: SearchHit): readonly TextPart[] | undefined {
  const conditions = findConditions(reasons, ['abstract']);
  if (conditions.length === 0) return undefined;
  const sentences = splitSentences(toAbstractText(paper));
  const found = sentences.map((sentence) => countFound(sentence, conditions));
  const most = Math.max(0, ...found);
  return most === 0 ? undefined : toSnippet(sentences.slice(found.indexOf(most)).join(''), conditions);
}

function countFound(text: string, conditions: readonly TextCondition[]): number {
  return toTextParts(text, conditions).filter(({ isFound }) => isFound).length;
}

/** Cuts a text so that its first found word can be seen. */
function toSnippet(text: string, conditions: readonly TextCondition[]): readonly TextPart[] {
  const [first] = toTextParts(text, conditions);
  const before = first?.isFound === false ? first.text : '';
  const isFar = before.length > MAX_SNIPPET_CHARS - LEAD_CHARS;
  const start = isFar ? before.indexOf(' ', before.length - LEAD_CHARS) + 1 : 0;
  return toTextParts(shorten(`${isFar ? '… ' : ''}${text.slice(start)}`, MAX_SNIPPET_CHARS), conditions);
}
