import type { FC } from 'hono/jsx';
import type { Day } from '../../domain/time.ts';
import type { Wish } from '../../domain/wishes.ts';
import { toCard } from '../../mail/card-content.ts';
import { toCountText } from '../../mail/wording.ts';
import { PREVIEW_DAYS, type Preview } from '../../subscribers/preview-wish.ts';

/** What a subscription would have brought lately. */
export const PreviewView: FC<{ preview: Preview; wish: Wish; today: Day }> = ({
  preview: { matches, total },
  wish,
  today,
}) => (
  <div class="notice" role="status" id="preview">
    <p>
      {total === 0
        ? `Nothing of the last ${PREVIEW_DAYS} days matches.`
        : `${toCountText(total, 'paper')} of the last ${PREVIEW_DAYS} days ${total === 1 ? 'matches' : 'match'}.`}
      {total > matches.length && ` The best ${matches.length}, as many as a mail holds:`}
    </p>
    {matches.length > 0 && (
      <ol class="papers">
        {matches.map((match) => {
          const card = toCard(match, wish.lists, today);
          return (
            <li key={card.paperId}>
              <p>
                <a href={card.url}>{card.title}</a>
              </p>
              <p class="hint">
                {[card.votes > 0 ? toCountText(card.votes, 'vote') : '', ...card.meta.map(({ text }) => text)]
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
