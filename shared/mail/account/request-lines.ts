import { parseStoredQuery, storedQuerySchema } from '../../domain/query.ts';
import type { SignUp, Subscriber } from '../../domain/subscriber.ts';
import { toListNames, toSchedule } from '../subscription-wording.ts';
import { toCountText, toListing } from '../wording.ts';

const MAX_LINES = 5;

/**
 * What a sign-up asks for, a line for each subscription and at most six: `Hugging Face Daily Papers, matching “mlp”, every
 * day at 08:00 (Europe/Berlin)`. The lists are known to be lists that are read here; the query may be any text.
 */
export function toRequestLines(
  { subscriptions, hour, timeZone }: SignUp,
  weekday: Subscriber['weekday'],
): readonly string[] {
  const lines = subscriptions.slice(0, MAX_LINES).map(({ lists, query, cadence }) => {
    const schedule = toSchedule(cadence, { hour, timeZone, weekday });
    return [toListNames(lists), toQueryPhrase(query), schedule].filter(Boolean).join(', ');
  });
  const more = subscriptions.length - lines.length;
  return more > 0 ? [...lines, `and ${toCountText(more, 'more subscription')}`] : lines;
}

/** Letters, digits and what joins them: no dot, colon, slash or at sign, without which nothing becomes a link. */
const HARMLESS = /^[\p{L}\p{M}\p{Nd} "“”„«»'’&+,#_-]{1,80}$/u;
/** In a term they would end the quotation marks that we set around it. */
const QUOTES = /["“”„«»]/;
/** Marks piled up on one letter cover the lines around it. */
const PILE = /\p{M}{4}/u;
/** More may be a telephone number. */
const MAX_DIGITS = 8;
/** A longer phrase is a sentence rather than something to look for. */
const MAX_PHRASE_WORDS = 6;
const MAX_TERMS = 6;

/**
 * A query in a mail to somebody who may not have written it: `matching “residual stream” and “mlp”`. Whoever signs up an
 * address must not speak to its owner in our name: each term stands in quotation marks of its own, and a query that could be a
 * link, a telephone number or a message is only said to be there. None where every paper is taken.
 */
export function toQueryPhrase(query: string): string | undefined {
  if (query.trim() === '') return undefined;
  const terms = findHarmlessTerms(query);
  return terms
    ? `matching ${toListing(
        terms.map((term) => `“${term}”`),
        MAX_TERMS,
      )}`
    : 'narrowed by a query';
}

function findHarmlessTerms(query: string): readonly string[] | undefined {
  const digits = query.match(/\p{Nd}/gu) ?? [];
  const isHarmless = HARMLESS.test(query) && !PILE.test(query) && digits.length <= MAX_DIGITS;
  if (!isHarmless || !storedQuerySchema.safeParse(query).success) return undefined;
  const { terms } = parseStoredQuery(query);
  return terms.every(({ text, words }) => words.length <= MAX_PHRASE_WORDS && !QUOTES.test(text))
    ? terms.map(({ text }) => text.trim())
    : undefined;
}
