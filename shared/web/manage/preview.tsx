import type { FC } from 'hono/jsx';
import { nameOfList } from '../../domain/lists/lists.ts';
import type { SubscriptionFields } from '../../domain/subscribers/subscription.ts';
import type { Day } from '../../domain/time/time.ts';
import { toCard } from '../../presentation/card-content.ts';
import { toSortText } from '../../presentation/subscription-wording.ts';
import { toCountText } from '../../presentation/wording.ts';
import { toHintText } from '../../subscribers/hint-text.ts';
import { COUNTED_DAYS, PREVIEW_DAYS, type Preview } from '../../subscribers/preview.ts';
import { Marked } from '../papers/paper-cards.tsx';

/** A page with more would be larger than 50 KB. */
const MAX_SHOWN = 20;

interface PreviewProps {
  readonly preview: Preview;
  readonly subscription: SubscriptionFields;
  /** The reader's local day. */
  readonly today: Day;
  readonly timeZone: string;
}

/** The recent papers that a subscription would have sent, how many there are, and a hint about the query. */
export const PreviewView: FC<PreviewProps> = ({ preview, subscription, today, timeZone }) => {
  const { matches, total, hint } = preview;
  const shown = matches.slice(0, MAX_SHOWN);
  return (
    <div class="notice" role="status" id="preview">
      {/* The hint says that not even the longer time has any. */}
      {hint?.kind !== 'nothing' && (
        <p>
          {total === 0
            ? `No papers from the last ${PREVIEW_DAYS} days match.`
            : `${toCountText(total, 'paper')} from the last ${PREVIEW_DAYS} days ${total === 1 ? 'matches' : 'match'}.`}{' '}
          <MonthText preview={preview} />
        </p>
      )}
      <ListCounts preview={preview} />
      {hint && <p>{toHintText(hint)}</p>}
      {total > shown.length && (
        <p>
          An email contains the first {matches.length}, {toSortText(subscription.sort)}
          {matches.length > shown.length && `. These are the first ${shown.length}`}:
        </p>
      )}
      {matches.length > 0 && (
        <ol class="papers">
          {shown.map((match) => {
            const card = toCard(match, subscription.lists, today, timeZone);
            return (
              <li key={card.paperId}>
                <p>
                  <a href={card.url}>
                    <Marked parts={card.titleParts} />
                  </a>
                </p>
                <p class="hint">
                  {[
                    card.votes > 0 ? toCountText(card.votes, 'vote') : '',
                    ...card.meta.map(({ text }) => text),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
                {card.reason && <p class="hint">{card.reason}</p>}
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
};

/** How many papers the longer time brings. */
const MonthText: FC<{ preview: Preview }> = ({ preview }) => {
  const { total = 0 } = preview.counts.find(({ days }) => days === COUNTED_DAYS) ?? {};
  return (
    <>{`The last ${COUNTED_DAYS} days had ${total === 0 ? 'none' : toCountText(total, 'such paper')}.`}</>
  );
};

/** The counts of each list, if there are several. */
const ListCounts: FC<{ preview: Preview }> = ({ preview: { counts } }) => {
  const [recent, counted] = counts;
  if (!recent || !counted || recent.lists.length < 2) return null;
  return (
    <ul class="counts">
      {recent.lists.map(({ list, total }, position) => (
        <li key={list}>
          {nameOfList(list)}: {total} in {PREVIEW_DAYS} days, {counted.lists[position]?.total} in{' '}
          {COUNTED_DAYS} days
        </li>
      ))}
    </ul>
  );
};
