import * as z from 'zod';
import type { ListCalendar } from './list-calendar.ts';

/**
 * The id of a list that a subscriber can follow. It is the name of its source: `hf-daily`. If the source has many lists, a slash and a
 * part follow: `arxiv/cs.CL`.
 */
export const listIdSchema = z
  .string()
  .max(40)
  .regex(
    /^[a-z]+(-[a-z]+)*(\/[A-Za-z-]+(\.[A-Za-z-]+)?)?$/,
    'a list is written like "hf-daily" or "arxiv/cs.CL"',
  );

export type ListId = z.infer<typeof listIdSchema>;

/** The description of one list. */
interface ListDescription {
  /** For readers: `Hugging Face Daily Papers`, `arXiv cs.CL`. */
  readonly name: string;
  /** The page on which a reader sees the list. */
  readonly url: string;
  readonly calendar: ListCalendar;
}

/** The description of one source. */
export interface SourceDescription {
  /** For operators: `Hugging Face Daily Papers`, `arXiv`. */
  readonly name: string;
  /** The minutes of every hour (UTC) at which the source is read, in ascending order. The settings can override them. */
  readonly minutes: readonly number[];
  /**
   * Returns the list of a part. The part of `arxiv/cs.CL` is `cs.CL`. A source with one list has no part. Undefined for a part that
   * the source does not provide.
   */
  describe(part: string | undefined): ListDescription | undefined;
}

/** One list of the catalogue. */
export interface List<SourceName extends string = string> extends ListDescription {
  readonly id: ListId;
  readonly source: SourceName;
}

/** All sources and lists. */
export interface ListCatalogue<SourceName extends string> {
  readonly sources: Readonly<Record<SourceName, SourceDescription>>;
  readonly sourceNames: readonly SourceName[];
  /** Returns a list. Undefined for an id that no source provides. */
  find(id: ListId): List<SourceName> | undefined;
}

export function createListCatalogue<SourceName extends string>(
  sources: Readonly<Record<SourceName, SourceDescription>>,
): ListCatalogue<SourceName> {
  const sourceNames = Object.keys(sources).filter((name): name is SourceName => Object.hasOwn(sources, name));
  return {
    sources,
    sourceNames,
    find(id) {
      const [name, part] = id.split('/');
      const source = sourceNames.find((one) => one === name);
      const description = source && sources[source].describe(part);
      return description && { ...description, id, source };
    },
  };
}

/** Returns the `describe` function of a source with one list. */
function oneList(list: ListDescription): SourceDescription['describe'] {
  return (part) => (part === undefined ? list : undefined);
}

/** Every source and its lists. A new source needs an entry here, and the compiler then asks for its line in the registry. */
const catalogue = createListCatalogue({
  'hf-daily': {
    name: 'Hugging Face Daily Papers',
    minutes: [10, 25, 40, 55],
    describe: oneList({
      name: 'Hugging Face Daily Papers',
      url: 'https://huggingface.co/papers',
      calendar: { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 12 },
    }),
  },
});

export const { sources, sourceNames } = catalogue;

export type SourceName = (typeof sourceNames)[number];

/** All lists. */
export const lists: readonly List<SourceName>[] = sourceNames.flatMap((name) => catalogue.find(name) ?? []);

/** Returns the lists of a source. */
export function listsOf(source: SourceName): readonly List<SourceName>[] {
  return lists.filter((list) => list.source === source);
}

/** Returns a list by its id. Undefined if no source provides it any more. */
export function findList(id: ListId): List<SourceName> | undefined {
  return catalogue.find(id);
}

/** Returns the name of a list for a reader, or its id if no source provides it any more. */
export function nameOfList(id: ListId): string {
  return findList(id)?.name ?? id;
}
