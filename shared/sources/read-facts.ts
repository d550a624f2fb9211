import { type PaperFacts, paperFactsSchema } from '../domain/papers/paper.ts';
import { toPlainText } from './plain-text.ts';

// Bounds far above anything seen, so that no paper outgrows an item of the table.
export const MAX_TITLE_CHARS = 500;
export const MAX_TEXT_CHARS = 5_000;
export const MAX_NAME_CHARS = 200;

/** What an item says of a paper, before it is checked. A fact that it does not say is undefined. */
export type SaidFacts = Partial<Record<keyof PaperFacts, unknown>>;

/** Returns a text from outside as one plain line (see {@link toPlainText}). Undefined if it is missing or empty. */
export function readText(text: string | undefined, maxChars: number): string | undefined {
  return toPlainText(text ?? '', maxChars) || undefined;
}

/** Returns the facts that are said. */
export function onlyKnown(said: SaidFacts): SaidFacts {
  return Object.fromEntries(Object.entries(said).filter(([, fact]) => fact !== undefined));
}

/** Returns the facts, or why they are no paper: `its title cannot be used: …`. */
export function checkFacts(
  said: SaidFacts,
):
  | { readonly facts: PaperFacts; readonly problem?: never }
  | { readonly facts?: never; readonly problem: string } {
  const { data: facts, error } = paperFactsSchema.safeParse(onlyKnown(said));
  if (facts) return { facts };
  const [issue] = error.issues;
  return { problem: `its ${String(issue?.path[0])} cannot be used: ${issue?.message}` };
}
