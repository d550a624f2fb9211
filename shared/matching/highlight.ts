import { analyse, type Word } from './analyser.ts';
import { findPhrase } from './phrase.ts';
import type { TextCondition } from './query.ts';

/** A part of a text: UTF-16 offsets, without the end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the parts of a readable text that text conditions find in it, in order and without overlaps. A card marks them. A space
 * between two found words is marked with them. The caller chooses the conditions that search this text. None of them may come from a
 * `not`.
 *
 * @example findTerms('Residual streams', [condition('"residual stream"')]) // [{ start: 0, end: 16 }]
 */
export function findTerms(text: string, conditions: readonly TextCondition[]): readonly Span[] {
  if (conditions.length === 0) return [];
  const words = analyse(text);
  const spans = conditions
    .flatMap((condition) => findPhrase(words, condition))
    .map(({ from, to }) => toSpan(words, from, to))
    .sort((one, other) => one.start - other.start || other.end - one.end);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && isClose(text, last, span))
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function toSpan(words: readonly Word[], from: number, to: number): Span {
  return { start: words[from]?.start ?? 0, end: words[to - 1]?.end ?? 0 };
}

/** Returns whether two spans overlap, or only spaces are between them. */
function isClose(text: string, last: Span, next: Span): boolean {
  return text.slice(last.end, next.start).trim() === '';
}
