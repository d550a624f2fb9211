import type { FC } from 'hono/jsx';
import { nameOfList } from '../../domain/lists/lists.ts';
import { parseQuery, parseQueryIfValid } from '../../matching/query/parse-query.ts';
import { printQuery } from '../../matching/query/print-query.ts';
import { allOf, partsOf } from '../../matching/query/query.ts';
import type { SearchFacets } from '../../ports/search.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toCompactNumber, toMonthText } from '../../presentation/wording.ts';
import { toNameQuery } from '../paths/paper-paths.ts';
import { type SearchSelection, toSearchPath } from '../paths/search-path.ts';

/** A narrower search, and how many papers it has. */
interface Choice {
  readonly text: string;
  readonly count: number;
  readonly path: string;
}

interface FacetProps {
  readonly selection: SearchSelection;
  readonly facets: SearchFacets;
  /** How many papers the search has now. */
  readonly total: number;
}

const MAX_CHOICES = 10;
const MAX_NAME_CHARS = 60;

/** How many bytes the links of one group may take. Each has the whole query. */
const MAX_GROUP_BYTES = 2000;

/** Links that narrow a search: to a list, an organisation, a month, or papers with code. Closed until a reader opens it. */
export const Facets: FC<FacetProps> = (props) => {
  const groups = toGroups(props).filter(([, choices]) => choices.length > 0);
  if (groups.length === 0) return null;
  return (
    <details class="facets">
      <summary>Narrow these results</summary>
      <dl>
        {groups.map(([name, choices]) => (
          <>
            <dt>{name}</dt>
            <dd>
              {choices.map(({ text, count, path }) => (
                <>
                  <a href={path}>
                    {text} <span class="faint">{toCompactNumber(count)}</span>
                  </a>{' '}
                </>
              ))}
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
};

function toGroups({
  selection,
  facets,
  total,
}: FacetProps): readonly (readonly [string, readonly Choice[]])[] {
  const { lists, organisations, months, withCode, withProject } = facets;
  const toPath = (change: Partial<SearchSelection>) => toSearchPath({ ...selection, ...change });
  const flag = (text: string, query: string, count: number): Choice[] =>
    count === 0 || count === total
      ? []
      : [{ text, count, path: toPath({ query: narrow(selection.query, query) }) }];
  return [
    [
      'Lists',
      lists.length < 2
        ? []
        : takeFitting(
            lists.map(({ value, count }) => ({
              text: toReaderText(nameOfList(value), MAX_NAME_CHARS),
              count,
              path: toPath({ lists: [value] }),
            })),
          ),
    ],
    [
      'Organisations',
      takeFitting(
        organisations.flatMap(({ value, count }) => {
          const query = toNameQuery('organisation', value);
          const text = toReaderText(value, MAX_NAME_CHARS);
          if (query === undefined || count === total) return [];
          return { text, count, path: toPath({ query: narrow(selection.query, query) }) };
        }),
      ),
    ],
    [
      'Months',
      months.length < 2
        ? []
        : takeFitting(
            months.map(({ value, count }) => ({
              text: toMonthText(`${value}-01`),
              count,
              path: toPath({ month: value }),
            })),
          ),
    ],
    ['With', [...flag('code', 'has:code', withCode), ...flag('a project page', 'has:project', withProject)]],
  ];
}

/** Returns the first choices that a page has room for. */
function takeFitting(choices: readonly Choice[]): readonly Choice[] {
  let bytes = 0;
  return choices.slice(0, MAX_CHOICES).filter(({ path }) => {
    bytes += path.length;
    return bytes <= MAX_GROUP_BYTES;
  });
}

/** Returns the query for the papers that match both queries. */
function narrow(query: string, condition: string): string {
  return printQuery(allOf([parseQuery(query), parseQuery(condition)]));
}

/** A part of a search that a reader can remove. */
export interface Narrowing {
  readonly text: string;
  /** The search without it. */
  readonly path: string;
}

/** Returns what narrows a search: its lists, its month, and the conditions that {@link Facets} adds to a query. */
export function findNarrowings(selection: SearchSelection): readonly Narrowing[] {
  const { query, lists, month } = selection;
  const parsed = parseQueryIfValid(query);
  const parts = parsed?.kind === 'and' ? partsOf(parsed) : [];
  const conditions = parts.flatMap((part, index) => {
    const isAdded = part.kind === 'has' || (part.kind === 'text' && part.field === 'org');
    if (!isAdded) return [];
    const rest = printQuery(allOf(parts.filter((_, otherIndex) => otherIndex !== index)));
    return { text: printQuery(part), path: toSearchPath({ ...selection, query: rest }) };
  });
  return [
    ...lists.map((list) => ({
      text: toReaderText(nameOfList(list), MAX_NAME_CHARS),
      path: toSearchPath({ ...selection, lists: lists.filter((id) => id !== list) }),
    })),
    ...(month === undefined
      ? []
      : [{ text: toMonthText(`${month}-01`), path: toSearchPath({ ...selection, month: undefined }) }]),
    ...conditions,
  ];
}

/** The style of {@link Facets}. */
export const FACETS_STYLE = `
.facets dl { display: block; margin: 0; }
.facets dt { margin-top: .5rem; }
.facets dd { display: flex; flex-wrap: wrap; gap: 0 1rem; }
.facets dd a { padding: .35rem 0; }
`;
