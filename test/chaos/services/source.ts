import type { ArxivModel } from '../../../local/arxiv/arxiv.ts';
import { type Clock, type Day, MS_PER_HOUR, msBetween } from '../../../shared/domain/time/time.ts';
import { makeHfItem } from '../../factories/hf-item.ts';
import type { Wire } from '../system/network.ts';

/** The ids of the papers on each day's list. */
export type DailyLists = ReadonlyMap<Day, readonly string[]>;

/** The address of the Hugging Face lists. Every other address is of arXiv. */
export const LISTS_URL = 'https://lists.example/api/daily_papers';

/** Answers like the Hugging Face lists and arXiv, over a wire. */
export function createSourceFetch(
  wire: Wire,
  lists: DailyLists,
  arxiv: ArxivModel,
  clock: Clock,
): typeof fetch {
  const fetchLists = createListsFetch(wire, lists, clock);
  const fetchArxiv = arxiv.fetchOver((url, take) =>
    wire.call(
      { service: 'http', what: `GET ${url.pathname}` },
      {
        perform: take,
        throttle: () => ({ status: 429, headers: { 'retry-after': '2' }, body: '', delayMs: 0 }),
      },
    ),
  );
  return async (input, init) => {
    const { href } = new URL(input instanceof Request ? input.url : input);
    return href.startsWith(LISTS_URL) ? fetchLists(input, init) : fetchArxiv(input, init);
  };
}

/** A day without a list has no papers. A paper gets a vote in each hour for a day. */
function createListsFetch(wire: Wire, lists: DailyLists, clock: Clock): typeof fetch {
  return async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const day = url.searchParams.get('date') ?? '';
    const submittedOnDailyAt = `${day}T00:00:00.000Z`;
    const toItem = (id: string) => {
      const hours = Math.floor(msBetween(submittedOnDailyAt, clock.now()) / MS_PER_HOUR);
      return makeHfItem({ id, submittedOnDailyAt, upvotes: Math.min(Math.max(hours, 0), 24) });
    };
    const items = (lists.get(day) ?? []).map(toItem);
    try {
      return await wire.call(
        { service: 'http', what: `GET ${day}` },
        {
          perform: () => Response.json(items),
          throttle: () => new Response(null, { status: 429, headers: { 'retry-after': '2' } }),
        },
      );
    } catch (cause) {
      throw new TypeError('fetch failed', { cause });
    }
  };
}
