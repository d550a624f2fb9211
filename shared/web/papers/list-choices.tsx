import type { FC } from 'hono/jsx';
import { type ListId, nameOfList } from '../../domain/lists/lists.ts';
import type { Day } from '../../domain/time/time.ts';
import { toPapersPath } from '../../mail/papers-path.ts';
import { toReaderText } from '../../mail/reader-text.ts';
import { toCompactNumber } from '../../mail/wording.ts';

/** As many links a page has room for. */
const MAX_CHOICES = 12;
const MAX_NAME_CHARS = 60;

interface ListChoicesProps {
  readonly day: Day;
  readonly days: number;
  /** The lists that have papers on these days, with the number of papers. */
  readonly counts: ReadonlyMap<ListId, number>;
}

/** Links to the papers of one list on the same days, those with the most papers first. Closed until a reader opens it. */
export const ListChoices: FC<ListChoicesProps> = ({ day, days, counts }) => {
  if (counts.size < 2) return null;
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <details class="choices">
      <summary>Papers of one list</summary>
      {sorted.slice(0, MAX_CHOICES).map(([list, count]) => (
        <>
          <a href={toPapersPath({ day, days, lists: [list] })}>
            {toReaderText(nameOfList(list), MAX_NAME_CHARS)}{' '}
            <span class="faint">{toCompactNumber(count)}</span>
          </a>{' '}
        </>
      ))}
      {sorted.length > MAX_CHOICES && <a href="/about#lists">All lists</a>}
    </details>
  );
};

/** The style of {@link ListChoices}. */
export const LIST_CHOICES_STYLE = `
.choices a { display: inline-block; margin-right: 1rem; padding: .35rem 0; }
`;
