import type { FC } from 'hono/jsx';
import { EARLIEST_DAY } from '../../domain/lists/listing.ts';
import type { Day } from '../../domain/time/time.ts';
import type { PaperSelection } from '../../presentation/papers-path.ts';

/** A link of the navigation between pages. */
interface PageLink {
  readonly href: string;
  readonly text: string;
}

interface NeighboursProps {
  /** The label of the navigation: `Other days`. */
  readonly label: string;
  readonly previous?: PageLink | undefined;
  readonly next?: PageLink | undefined;
  /** Other pages, such as the week of a day. */
  readonly others?: readonly PageLink[];
  /** The text between the two links. */
  readonly now?: string;
}

/** The link on a page that has no papers and no neighbours. */
export const NEWEST_PAPERS: PageLink = { href: '/papers', text: 'The newest papers' };

/** Links to the pages before and after this one. */
export const Neighbours: FC<NeighboursProps> = ({ label, previous, next, others = [], now }) =>
  !previous && !next && others.length === 0 ? null : (
    <nav class="days" aria-label={label}>
      {previous && (
        <a href={previous.href} rel="prev">
          ← {previous.text}
        </a>
      )}
      {now && <span>{now}</span>}
      {next && (
        <a href={next.href} rel="next">
          {next.text} →
        </a>
      )}
      {others.length > 0 && (
        <span class="others">
          {others.map(({ href, text }) => (
            <a key={href} href={href}>
              {text}
            </a>
          ))}
        </span>
      )}
    </nav>
  );

/** A form that opens the page of any day. It keeps the lists and the query. */
export const JumpForm: FC<Partial<Pick<PaperSelection, 'lists' | 'query'>> & { readonly day?: Day }> = ({
  lists = [],
  query = '',
  day,
}) => (
  <form class="jump actions" action="/papers">
    <label for="day">Go to a day</label>
    <input id="day" name="day" type="date" required min={EARLIEST_DAY} value={day} />
    {lists.length > 0 && <input type="hidden" name="lists" value={lists.join(',')} />}
    {query !== '' && <input type="hidden" name="q" value={query} />}
    <button type="submit">Go</button>
  </form>
);

/** The style of the sentence below the heading of a page of papers. */
export const SUMMARY_STYLE = `
.lead { margin: .25rem 0 0; }
.lead em { font-family: var(--serif); }
.lead + .faint { margin: .25rem 0 0; }
`;

/** The style of pages of papers, without the cards. */
export const NEIGHBOURS_STYLE = `${SUMMARY_STYLE}
.cards + .days { margin-top: 0; }
.days, .others { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.25rem; }
.days { margin-top: .25rem; font-size: .875rem; }
.days a, .days > span:not(.others) { padding: .75rem 0; }
.others { margin-left: auto; }
@media (max-width: 34rem) {
  .days > a, .days > a[rel=prev] + .others:has(:only-child) { flex: 1 1 0; }
  .days > a[rel=next], .others a:only-child { margin-left: auto; text-align: right; }
  .others { flex: 1 1 100%; }
}
.jump label { flex: none; font-weight: 400; font-size: .875rem; }
.jump input { flex: 1 1 8rem; min-width: 0; max-width: 11rem; }
`;
