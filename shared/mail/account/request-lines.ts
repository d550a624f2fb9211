import type { SignUp, Subscriber } from '../../domain/subscriber.ts';
import { toListNames, toSchedule } from '../subscription-wording.ts';
import { toCountText } from '../wording.ts';
import { toQueryPhrase } from './query-phrase.ts';

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
