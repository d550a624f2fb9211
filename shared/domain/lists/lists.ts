import * as z from '../zod.ts';
import { arxivCalendar } from './arxiv-calendar.ts';
import { expandArxivCategory, isArxivCategory } from './arxiv-categories.ts';
import type { ListCalendar } from './list-calendar.ts';

/** The longest id of a list, in characters. */
export const MAX_LIST_ID_LENGTH = 60;

/**
 * The id of a list that a subscriber can follow. It is the name of its source: `hf-daily`. If the source has many lists, a slash and a
 * part follow: `arxiv/cs.CL`.
 */
export const listIdSchema = z
  .string()
  .check(
    z.maxLength(MAX_LIST_ID_LENGTH),
    z.regex(
      /^[a-z]+(-[a-z]+)*(\/[A-Za-z0-9-]+(\.[A-Za-z-]+)?)?$/,
      'a list is written like "hf-daily" or "arxiv/cs.CL"',
    ),
  );

export type ListId = z.infer<typeof listIdSchema>;

/** The description of one list. */
interface ListDescription {
  /** For readers: `Hugging Face Daily Papers`, `arXiv cs.CL`. */
  readonly name: string;
  /** The page on which a reader sees the list. Undefined if only its feed is known. */
  readonly url?: string | undefined;
  readonly calendar: ListCalendar;
}

/** The description of one source. */
export interface SourceDescription {
  /** For operators: `Hugging Face Daily Papers`, `arXiv`. */
  readonly name: string;
  /** The minutes of every hour at which the source is read, in ascending order. The settings can override them. */
  readonly minutes: readonly number[];
  /** Whether its lists change only with a batch. Between two batches they are not read. @default false */
  readonly readsBatches?: boolean;
  /** Whether it says how many votes a paper has. @default false */
  readonly countsVotes?: boolean;
  /**
   * Returns the list of a part. The part of `arxiv/cs.CL` is `cs.CL`. A source with one list has no part. Undefined for a part that
   * the source does not provide.
   */
  describe(part: string | undefined): ListDescription | undefined;
}

/** Returns the `describe` function of a source with one list. */
function oneList(list: ListDescription): SourceDescription['describe'] {
  return (part) => (part === undefined ? list : undefined);
}

/** Describes the list of a category: `cs.CL`. Only one of the two ids of a category is a list: `math.NA`, and not `cs.NA`. */
function describeCategory(id: string | undefined): ListDescription | undefined {
  if (id === undefined || !isArxivCategory(id)) return undefined;
  return {
    name: `arXiv ${id}`,
    url: `https://arxiv.org/list/${id}/new`,
    calendar: arxivCalendar,
  };
}

/** The name of a feed in the settings and in the id of its list. A hyphen replaces a space: `Nature-Machine-Intelligence`. */
export const feedNameSchema = z
  .string()
  .check(
    z.maxLength(50),
    z.regex(
      /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
      'expected letters, digits and hyphens for spaces, like "Nature-Machine-Intelligence"',
    ),
  );

/** The calendar of a list whose papers come at any time, so that none are ever due. */
export const IRREGULAR: ListCalendar = { timeZone: 'Etc/UTC', weekdays: [], dueHour: 0 };

function describeFeed(name: string | undefined): ListDescription | undefined {
  if (!feedNameSchema.safeParse(name).success || name === undefined) return undefined;
  return { name: name.replaceAll('-', ' '), calendar: IRREGULAR };
}

const described = {
  'hf-daily': {
    name: 'Hugging Face Daily Papers',
    minutes: [10, 25, 40, 55],
    countsVotes: true,
    describe: oneList({
      name: 'Hugging Face Daily Papers',
      url: 'https://huggingface.co/papers',
      calendar: { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 12 },
    }),
  },
  arxiv: { name: 'arXiv', minutes: [10, 25, 40, 55], readsBatches: true, describe: describeCategory },
  feed: { name: 'Feeds of other sites', minutes: [40], describe: describeFeed },
} satisfies Readonly<Record<string, SourceDescription>>;

export type SourceName = keyof typeof described;

/** Every source and its lists. A new source needs an entry here, and the compiler then asks for its line in the registry. */
export const sources: Readonly<Record<SourceName, SourceDescription>> = described;

export const sourceNames: readonly SourceName[] = Object.keys(described).filter((name): name is SourceName =>
  Object.hasOwn(described, name),
);

/** A list that a source of this version provides. */
export interface KnownList extends ListDescription {
  readonly id: ListId;
  readonly source: SourceName;
}

/** Returns a list by its id, whether or not a deployment reads it. Undefined if no source provides it any more. */
export function findList(id: ListId): KnownList | undefined {
  const [name, part] = id.split('/');
  const source = sourceNames.find((sourceName) => sourceName === name);
  const description = source && sources[source].describe(part);
  return description && { ...description, id, source };
}

/** Returns the name of a list for a reader, or its id if no source provides it any more. */
export function nameOfList(id: ListId): string {
  return findList(id)?.name ?? id;
}

/** Returns whether the source of a list says how many votes its papers have. */
export function countsVotes(id: ListId): boolean {
  const list = findList(id);
  return list !== undefined && (sources[list.source].countsVotes ?? false);
}

/** Returns the sources of the given lists, each once. */
export function sourcesOf(lists: readonly KnownList[]): readonly SourceName[] {
  return sourceNames.filter((name) => lists.some(({ source }) => source === name));
}

/** Returns the lists of a subscriber who chooses none: `hf-daily`, or the first list if that is not read. */
export function defaultListIds(lists: readonly KnownList[]): readonly ListId[] {
  const list = lists.find(({ id }) => id === 'hf-daily') ?? lists[0];
  return list ? [list.id] : [];
}

const ARXIV = 'arxiv/';

/**
 * The lists of a deployment as an environment variable of a function: `hf-daily,arxiv/cs.*,arxiv/stat.ML,feed/Distill`. `arxiv/cs.*` are
 * the categories of an archive.
 */
export const listsTextSchema = z.pipe(
  z.string(),
  z.transform((text, context): readonly KnownList[] => {
    const ids = text.split(',').flatMap((part) => {
      const categories = part.startsWith(ARXIV) && expandArxivCategory(part.slice(ARXIV.length));
      return categories ? categories.map((category) => `${ARXIV}${category}`) : [part];
    });
    return [...new Set(ids)].flatMap((id) => {
      const list = findList(id);
      if (!list) context.issues.push({ code: 'custom', message: `"${id}" is not a list`, input: text });
      return list ?? [];
    });
  }),
);
