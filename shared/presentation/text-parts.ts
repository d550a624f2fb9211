import type { TextCondition } from '../matching/query/query.ts';
import type { Word } from '../matching/text/analyser.ts';
import { findTerms } from '../matching/text/phrase.ts';

/** A part of a text. Renderers mark the parts that a query found. */
export interface TextPart {
  readonly text: string;
  readonly isFound: boolean;
}

/** Splits a readable text at the words that the conditions find. Joined, the parts give the text. Empty for an empty text. */
export function toTextParts(
  text: string,
  conditions: readonly TextCondition[],
  toWords?: (text: string) => readonly Word[],
): readonly TextPart[] {
  if (text === '') return [];
  const parts: TextPart[] = [];
  let end = 0;
  for (const span of findTerms(text, conditions, toWords)) {
    parts.push({ text: text.slice(end, span.start), isFound: false });
    parts.push({ text: text.slice(span.start, span.end), isFound: true });
    end = span.end;
  }
  return [...parts, { text: text.slice(end), isFound: false }].filter((part) => part.text !== '');
}
