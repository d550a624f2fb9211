import { type ArxivCategory, arxivArchives, findArxivCategory } from './arxiv-names.ts';
import { findList, type KnownList, type ListId } from './lists.ts';

/** Similar lists, under one heading. */
export interface ListGroup {
  /** Unique among the groups: `cs`. */
  readonly id: string;
  /** For readers: `Computer Science`. */
  readonly name: string;
  readonly lists: readonly KnownList[];
}

/** The archives of arXiv with only one category each. All are of physics. */
const MORE_PHYSICS = { id: 'more-physics', name: 'More physics' };

/** The group of lists that are not of arXiv. */
const GENERAL = { id: 'general', name: 'General' };

/** The groups in the order of a page. */
const groups: readonly Omit<ListGroup, 'lists'>[] = [
  GENERAL,
  ...arxivArchives.flatMap(({ id, name, hasSubjects }) => (hasSubjects ? [{ id, name }] : [])),
  MORE_PHYSICS,
];

/** The ids of all groups. */
export const allListGroupIds: readonly string[] = groups.map(({ id }) => id);

/** Returns lists in groups: one for each archive of arXiv, one for its archives with a single category, and one for all other lists. */
export function toListGroups(ids: readonly ListId[]): readonly ListGroup[] {
  const lists = ids.flatMap((id) => findList(id) ?? []);
  return groups.flatMap((group) => {
    const members = lists.filter((list) => groupIdOf(list) === group.id);
    return members.length > 0 ? [{ ...group, lists: members }] : [];
  });
}

function groupIdOf({ id }: KnownList): string {
  const archive = findCategoryOf(id)?.archive;
  if (!archive) return GENERAL.id;
  return archive.hasSubjects ? archive.id : MORE_PHYSICS.id;
}

/** Returns the category of arXiv that a list is. Undefined for any other list. */
export function findCategoryOf(id: ListId): ArxivCategory | undefined {
  const [source, category] = id.split('/');
  return source === 'arxiv' && category !== undefined ? findArxivCategory(category) : undefined;
}

/** Returns what a list has, as one sentence. */
export function describeList({ id, name, source }: KnownList): string {
  switch (source) {
    case 'hf-daily':
      return 'Papers that the community of Hugging Face picks each working day, with votes.';
    case 'arxiv': {
      const category = findCategoryOf(id);
      return `New papers of arXiv in ${category?.name ?? id}, and those of other categories that are cross-listed there.`;
    }
    case 'feed':
      return `Papers in the feed of ${name}.`;
    default:
      // A new source needs a sentence here.
      return source satisfies never;
  }
}

/**
 * Returns whether a list has all words of a text. They may be in its name, topic, archive or id, and begin longer words there. Capitals do not
 * count.
 */
export function isListAbout({ id, name }: KnownList, text: string): boolean {
  const { name: topic = '', alias = '', archive } = findCategoryOf(id) ?? {};
  const about = [id, name, topic, alias, archive?.name ?? ''].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hasWordStart(about, word));
}

function hasWordStart(text: string, start: string): boolean {
  let at = text.indexOf(start);
  while (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) at = text.indexOf(start, at + 1);
  return at >= 0;
}
