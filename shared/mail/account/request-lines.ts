import type { SignUp, Subscriber } from '../../domain/subscribers/subscriber.ts';
import { parseQueryIfValid } from '../../matching/query/parse-query.ts';
import { partsOf, type TextCondition } from '../../matching/query/query.ts';
import { toListNames, toSchedule } from '../../presentation/subscription-wording.ts';
import { toCountText, toListing } from '../../presentation/wording.ts';

const MAX_LINES = 5;

/** Says what else a confirmation does. The earlier address is not named, because a stranger's address may have been typed. */
export const MOVE_SENTENCE =
  'The subscription moves here from another address, which then gets no more digests.';

/**
 * Returns one line for each requested subscription, at most six lines:
 * `Hugging Face Daily Papers, matching “mlp”, every day at 08:00 (Europe/Berlin)`.
 * The lists are known lists. The query may be any text.
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

/** Letters, digits and a few signs. A link needs a dot, colon, slash or at sign, so none of those. */
const HARMLESS = /^[\p{L}\p{M}\p{Nd} "“”„«»'’&+,#_-]{1,80}$/u;
/** Quotation marks inside a term would end the ones around it. */
const QUOTES = /["“”„«»]/;
/** Many combining marks on one letter would cover the lines around it. */
const PILE = /\p{M}{4}/u;
/** More digits may be a telephone number. */
const MAX_DIGITS = 8;
/** A longer phrase may be a message to the reader. */
const MAX_PHRASE_WORDS = 6;
const MAX_TERMS = 6;

/**
 * Describes a query that a stranger may have typed: `matching “residual stream” and “mlp”`. A stranger must not be able to
 * send a message in our name. Therefore each term has its own quotation marks. A query that could be a link, a telephone
 * number or a message is not shown. Neither is one with operators or fields. Undefined for an empty query, which matches every
 * paper.
 */
export function toQueryPhrase(query: string): string | undefined {
  if (query.trim() === '') return undefined;
  const terms = findHarmlessTerms(query);
  return terms
    ? `matching ${toListing(
        terms.map((term) => `“${term}”`),
        MAX_TERMS,
      )}`
    : 'filtered by a query';
}

function findHarmlessTerms(query: string): readonly string[] | undefined {
  const digits = query.match(/\p{Nd}/gu) ?? [];
  if (!HARMLESS.test(query) || PILE.test(query) || digits.length > MAX_DIGITS) return undefined;
  const terms = findTerms(query);
  return terms?.every(({ text, words }) => words.length <= MAX_PHRASE_WORDS && !QUOTES.test(text))
    ? terms.map(({ text }) => text)
    : undefined;
}

/** Returns the words and phrases that a paper must have. Undefined for a query that says anything else. */
function findTerms(query: string): readonly TextCondition[] | undefined {
  const node = parseQueryIfValid(query);
  if (!node) return undefined;
  const parts = partsOf(node);
  const terms = parts.flatMap((part) => (part.kind === 'text' && !part.field && !part.isPrefix ? part : []));
  return terms.length === parts.length ? terms : undefined;
}
