import type { Options } from 'minisearch';
import type { ListedPaper } from '../../shared/matching/search/paper-columns.ts';

/** The options of MiniSearch: its defaults, with the fields of this engine and what its filters need. */
export const miniSearchOptions = {
  fields: ['title', 'abstract', 'keyword', 'org', 'author'],
  storeFields: ['code', 'upvotes', 'categories', 'list'],
  idField: 'id',
} satisfies Options;

/** Returns a paper as MiniSearch indexes it. */
export function toDocument({ paper, listings }: ListedPaper) {
  const { id, title, abstract, aiKeywords, organisation = '', authors, upvotes, categories } = paper;
  return {
    id,
    title,
    abstract,
    upvotes,
    categories,
    org: organisation,
    keyword: aiKeywords.join('\n'),
    author: authors.join('\n'),
    code: paper.repositoryUrl !== undefined,
    list: listings[0]?.list,
  };
}
