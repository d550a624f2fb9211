import type { Paper } from '../../../shared/domain/papers/paper.ts';
import {
  type Condition,
  numberFields,
  type QueryNode,
  type TextField,
  textFields,
} from '../../../shared/matching/query/query.ts';
import { analysePhrase } from '../../../shared/matching/text/analyser.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';
import { type PlainPaper, toPlainPaper } from './naive-evaluator.ts';

const MAX_ID = 99;

/** Few words, so that queries often match. Some make others together, and some begin others. */
const WORDS = [
  ...['multi', 'modal', 'multimodal', 'multi-modal', 'Models', 'mod', 'al', 'the', 'naïve', 'Müller'],
  ...['de', 'noise', 'denoise', 'de-noising', 'trans', 'former', 'transformers', 'transformer-based'],
  ...['C++', 'C', 'k-NN', 'kNN', 'GPT-4o', 'GPT4o', 'GPT', '4o', 'L2', '$x^2$', '猫', '犬猫', '.NET'],
];
export const NAMES = [
  'Kaiming He',
  'K. He',
  'He, Kaiming',
  'He',
  'Kaiming',
  'Jürgen Müller',
  'Ada M. Example',
  'A. B.',
  'Łukasz Øst',
  'Мария Иванова',
  '李小明',
  '小明',
  '김 小明',
];
export const LISTS = ['hf-daily', 'arxiv/cs.CL', 'arxiv/cs.LG'];
const CATEGORIES = ['cs.LG', 'cs.CL', 'stat.ML', 'hep-th', 'cs'];
const ORGANISATIONS = ['Google', 'Google DeepMind', 'Multi Modal Lab'];

const wordArb = fc.constantFrom(...WORDS);
const textArb = fc
  .array(fc.tuple(wordArb, fc.constantFrom(' ', ' ', '-', '. ', ', ')), { minLength: 1, maxLength: 14 })
  .map((parts) => parts.flat().join(''));
export const phraseArb = fc
  .array(fc.tuple(wordArb, fc.constantFrom(' ', '-')), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.flat().slice(0, -1).join(''));
const linkArb = fc.constantFrom(undefined, 'https://example.org/');

export const paperArb: fc.Arbitrary<Paper> = fc
  .record({
    id: fc.integer({ min: 1, max: MAX_ID }).map((n) => `2601.${String(n).padStart(5, '0')}`),
    title: textArb,
    abstract: fc.oneof(textArb, fc.constant('')),
    aiKeywords: fc.array(textArb, { maxLength: 3 }),
    organisation: fc.constantFrom(undefined, ...ORGANISATIONS),
    authors: fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }),
    authorCount: fc.nat(4),
    categories: fc.array(fc.constantFrom(...CATEGORIES), { maxLength: 2 }),
    upvotes: fc.nat(4),
    comments: fc.nat(4),
    stars: fc.option(fc.nat(4), { nil: undefined }),
    repositoryUrl: linkArb,
    projectUrl: linkArb,
    hasVotes: fc.boolean(),
  })
  .map(({ hasVotes, ...facts }) =>
    createPaper({
      ...JSON.parse(JSON.stringify(facts)),
      ...(!hasVotes && { upvotes: 0, comments: 0, voteCounts: [] }),
    }),
  );

const oddTextArb = fc
  .array(fc.constantFrom('multi-modal', 'model', 'models', '猫', '…', 'C++', 'Müller', '4.1'), {
    maxLength: 6,
  })
  .map((words) => words.join(' '));

/** A paper with empty fields, and with words of any script, with signs and with hyphens. */
export const oddPaperArb: fc.Arbitrary<Paper> = fc
  .record({
    title: oddTextArb,
    abstract: oddTextArb,
    organisation: oddTextArb,
    aiKeywords: fc.array(oddTextArb, { maxLength: 3 }),
    authors: fc.array(fc.constantFrom('Ada M. Example', '…', 'He'), { maxLength: 3 }),
  })
  .map(createPaper);

export type Part = Readonly<{ list: string; papers: readonly Paper[] }>;

/** The papers of a window: parts with a list, oldest first. */
export const partsArb = fc.array(
  fc.record({
    list: fc.constantFrom(...LISTS),
    papers: fc.uniqueArray(paperArb, { selector: ({ id }) => id, minLength: 18, maxLength: 20, size: 'max' }),
  }),
  { minLength: 5, maxLength: 5, size: 'max' },
);

export const idArb = fc.integer({ min: 1, max: MAX_ID }).map((n) => `2601.${String(n).padStart(5, '0')}`);

export const range = { start: 0, end: 0 };

export const conditionArb: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        text: fc.array(wordArb, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
        field: fc.constantFrom<TextField | undefined>(undefined, undefined, ...textFields),
        prefixLength: fc.constantFrom(undefined, undefined, 1, 3, 9),
      })
      .map(({ text, field, prefixLength }) => {
        const phrase = analysePhrase(text, prefixLength !== undefined);
        const words = phrase.words.map((word, at) =>
          at === phrase.words.length - 1 ? word.slice(0, prefixLength) : word,
        );
        return { kind: 'text' as const, ...phrase, words, field, text, range };
      }),
  },
  fc.constantFrom(...NAMES).map((text) => ({ kind: 'author' as const, text, range })),
  fc.constantFrom(...CATEGORIES, 'stat').map((value) => ({ kind: 'category' as const, value, range })),
  fc.constantFrom(...LISTS, 'other').map((value) => ({ kind: 'list' as const, value, range })),
  idArb.map((value) => ({ kind: 'id' as const, value, range })),
  fc.constantFrom('code' as const, 'project' as const).map((what) => ({ kind: 'has' as const, what, range })),
  fc
    .record({
      field: fc.constantFrom(...numberFields),
      operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const, '=' as const),
      value: fc.nat(4),
    })
    .map((one) => ({ kind: 'number' as const, ...one, range })),
);

export const { node: queryArb } = fc.letrec<{ node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: conditionArb },
    { weight: 1, arbitrary: fc.constant<QueryNode>({ kind: 'all' }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        parts: fc.array(tie('node'), { minLength: 2, maxLength: 4 }),
      }),
    },
    { weight: 2, arbitrary: tie('node').map((part): QueryNode => ({ kind: 'not', part })) },
  ),
}));

const byId = (a: Paper, b: Paper) => (a.id < b.id ? -1 : 1);

/** What the parts say of each paper, sorted by id: the newest text, and every list. */
export function toPlainPapers(parts: readonly Part[]): readonly PlainPaper[] {
  const newest = new Map(parts.flatMap(({ papers }) => papers.map((paper) => [paper.id, paper])));
  const listsOf = (id: string) =>
    parts.filter(({ papers }) => papers.some((paper) => paper.id === id)).map(({ list }) => list);
  return [...newest.values()].sort(byId).map((paper) => toPlainPaper(paper, listsOf(paper.id)));
}
