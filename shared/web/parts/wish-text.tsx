import type { FC } from 'hono/jsx';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { Wish } from '../../domain/wishes.ts';
import { toListNames, toQueryText, toSchedule } from '../../mail/subscription-wording.ts';
import { toCountText } from '../../mail/wording.ts';

/**
 * What a subscription brings, in words: `Papers of Hugging Face Daily Papers that match mlp, every day at 08:00 (UTC)`. The
 * query is set in italics, because a phrase in it has quotation marks already.
 */
export const WishText: FC<{ wish: Wish; at: Pick<Subscriber, 'hour' | 'weekday' | 'timeZone'> }> = ({
  wish: { lists, query, cadence, maxPapers },
  at,
}) => {
  const queryText = toQueryText(query);
  return (
    <>
      {queryText ? (
        <>
          Papers of {toListNames(lists)} that match <em>{queryText}</em>
        </>
      ) : (
        <>Every paper of {toListNames(lists)}</>
      )}
      , {toSchedule(cadence, at)},{' '}
      {maxPapers === 1 ? 'one paper' : `at most ${toCountText(maxPapers, 'paper')}`} a mail
    </>
  );
};
