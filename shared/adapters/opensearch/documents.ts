import { createHash } from 'node:crypto';
import { toReadableTex } from '../../domain/text/readable-tex.ts';
import { monthOf } from '../../domain/time/time.ts';
import type { ListedPaper } from '../../matching/search/paper-columns.ts';
import { analyse, mayPair } from '../../matching/text/analyser.ts';
import { type Name, parseName, toAuthorKeys } from '../../matching/text/names.ts';
import { hasKnownVotes } from '../../matching/trending.ts';

const words = { type: 'text', analyzer: 'whitespace' } as const;
const keyword = { type: 'keyword' } as const;
const integer = { type: 'integer' } as const;
const date = { type: 'date' } as const;
const flag = { type: 'boolean' } as const;

/**
 * The index. Texts come as the stems of our own analyser, between spaces. So OpenSearch only splits them at spaces, and the rules of
 * matching are the same everywhere.
 */
export const INDEX_BODY = {
  settings: { index: { max_result_window: 10_000 } },
  mappings: {
    dynamic: 'strict',
    properties: {
      id: keyword,
      hash: { ...keyword, index: false, doc_values: false },
      title: words,
      abstract: words,
      keyword: words,
      org: words,
      author: { ...words, norms: false },
      /** Neighbours with only a hyphen between them, as one word. */
      fused: { ...words, norms: false },
      organisation: keyword,
      categories: keyword,
      lists: keyword,
      month: keyword,
      /** `hf-daily 2026-01-05` */
      listings: keyword,
      listedDays: date,
      listedOn: date,
      publishedAt: date,
      firstSeenAt: date,
      upvotes: integer,
      comments: integer,
      stars: integer,
      authors: integer,
      code: flag,
      project: flag,
    },
  },
} as const;

/** Returns the document of a paper. Its hash covers all other fields. */
export function toDocument({ paper, listings }: ListedPaper) {
  const days = [...new Set(listings.map(({ day }) => day))].sort();
  const listedOn = days.at(-1);
  const texts = [paper.title, paper.abstract, ...paper.aiKeywords].map((text) =>
    analyse(toReadableTex(text)),
  );
  const stems = texts.map((analysed) => analysed.map(({ stem }) => stem).join(' '));
  const [title = '', abstract = '', ...keywords] = stems;
  const content = {
    id: paper.id,
    title,
    abstract,
    keyword: keywords,
    org: analyse(toReadableTex(paper.organisation ?? ''))
      .map(({ stem }) => stem)
      .join(' '),
    author: paper.authors.map((author) =>
      [...toAuthorKeys(author), ...toNameTerms(parseName(author))].join(' '),
    ),
    fused: texts.flatMap((analysed) =>
      analysed.flatMap((word, at) => {
        const next = analysed[at + 1]?.stem;
        return next !== undefined && word.isJoined && mayPair(word.stem, next, true) ? word.stem + next : [];
      }),
    ),
    organisation: paper.organisation,
    categories: [
      ...new Set(paper.categories.flatMap((category) => [category, category.split('.')[0] ?? category])),
    ],
    lists: [...new Set(listings.map(({ list }) => list))].sort(),
    listings: listings.map(({ list, day }) => `${list} ${day}`).sort(),
    listedDays: days,
    listedOn,
    month: listedOn && monthOf(listedOn),
    publishedAt: paper.publishedAt,
    firstSeenAt: paper.firstSeenAt,
    // A comparison finds no unknown number.
    ...(hasKnownVotes(paper) && { upvotes: paper.upvotes, comments: paper.comments }),
    authors: paper.authorCount,
    stars: paper.stars,
    code: paper.repositoryUrl !== undefined,
    project: paper.projectUrl !== undefined,
  };
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 12);
  return { ...content, hash };
}

/** Returns a term for each way to read a name: the family name and the first given name, `he/kaiming`. */
function toNameTerms({ readings }: Name): readonly string[] {
  const terms = readings.flatMap(({ given: [first], family, familyCore }) =>
    first === undefined ? [] : [`${family}/${first}`, `${familyCore}/${first}`],
  );
  return [...new Set(terms)];
}
