import type { ListId } from '../../../shared/domain/lists/lists.ts';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { toReadableTex } from '../../../shared/domain/text/readable-tex.ts';
import type { Condition, NumberCondition, QueryNode } from '../../../shared/matching/query/query.ts';
import { analyse, mayPair, type Phrase } from '../../../shared/matching/text/analyser.ts';
import { matchesName, parseName } from '../../../shared/matching/text/names.ts';

/** A word of a text: its stem, and whether it is joined to the next one. */
type TextWord = Readonly<{ stem: string; isJoined: boolean }>;

/** A paper with its texts as words. Every field is a list of texts, and no phrase goes from one text to the next. */
export interface PlainPaper {
  readonly paper: Paper;
  readonly lists: readonly ListId[];
  readonly texts: Readonly<
    Record<'title' | 'abstract' | 'keyword' | 'org', readonly (readonly TextWord[])[]>
  >;
}

/** Returns a paper for {@link matchesPlainly}. */
export function toPlainPaper(paper: Paper, lists: readonly ListId[]): PlainPaper {
  const { title, abstract, aiKeywords, organisation = '' } = paper;
  const toWords = (text: string) =>
    analyse(toReadableTex(text)).map(({ stem, isJoined }) => ({ stem, isJoined }));
  return {
    paper,
    lists,
    texts: {
      title: [toWords(title)],
      abstract: [toWords(abstract)],
      keyword: aiKeywords.map(toWords),
      org: [toWords(organisation)],
    },
  };
}

/** Returns whether a paper matches a query, by the definition of the query language: without an index, and without sets. */
export function matchesPlainly(node: QueryNode, paper: PlainPaper): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.parts.every((part) => matchesPlainly(part, paper));
    case 'or':
      return node.parts.some((part) => matchesPlainly(part, paper));
    case 'not':
      return !matchesPlainly(node.part, paper);
    default:
      return meetsPlainly(node, paper);
  }
}

/** Returns whether a paper meets a condition. */
export function meetsPlainly(condition: Condition, { paper, lists, texts }: PlainPaper): boolean {
  switch (condition.kind) {
    case 'text': {
      const fields = condition.field ? [condition.field] : (['title', 'abstract', 'keyword'] as const);
      return fields.some((field) => texts[field].some((words) => hasPhrase(words, condition)));
    }
    case 'author':
      return paper.authors.some((author) => matchesName(parseName(condition.text), parseName(author)));
    case 'category':
      return paper.categories.some((one) => one === condition.value || one.split('.')[0] === condition.value);
    case 'list':
      return lists.includes(condition.value);
    case 'id':
      return paper.id === condition.value;
    case 'has':
      return (condition.what === 'code' ? paper.repositoryUrl : paper.projectUrl) !== undefined;
    case 'number':
      return compares(condition, paper);
  }
}

function compares({ field, operator, value }: NumberCondition, paper: Paper): boolean {
  const isUnknown = (field === 'upvotes' || field === 'comments') && paper.voteCounts.length === 0;
  const number = field === 'authors' ? paper.authorCount : paper[field];
  if (isUnknown || number === undefined) return false;
  return {
    '>': number > value,
    '>=': number >= value,
    '<': number < value,
    '<=': number <= value,
    '=': number === value,
  }[operator];
}

function hasPhrase(text: readonly TextWord[], phrase: Phrase): boolean {
  return text.some((_, at) => hasPhraseAt(text, at, phrase, 0));
}

/** Returns whether the words of a phrase from `next` on are the words of a text from `at` on. */
function hasPhraseAt(text: readonly TextWord[], at: number, phrase: Phrase, next: number): boolean {
  const { words, isJoined, isPrefix } = phrase;
  if (next === words.length) return true;
  const [first, second] = [text[at], text[at + 1]];
  if (!first) return false;
  const [word = '', nextWord] = [words[next], words[next + 1]];
  const equals = (found: string, wanted: string, isLast: boolean) =>
    isPrefix && isLast ? found.startsWith(wanted) : found === wanted;
  const isOneWord = equals(first.stem, word, nextWord === undefined);
  const isPairInText =
    second !== undefined &&
    mayPair(first.stem, word.slice(first.stem.length), first.isJoined, isPrefix && nextWord === undefined) &&
    equals(first.stem + second.stem, word, nextWord === undefined);
  const isPairInPhrase =
    nextWord !== undefined &&
    mayPair(word, nextWord, isJoined[next] ?? false) &&
    equals(first.stem, word + nextWord, next + 2 === words.length);
  return (
    (isOneWord && hasPhraseAt(text, at + 1, phrase, next + 1)) ||
    (isPairInText && hasPhraseAt(text, at + 2, phrase, next + 1)) ||
    (isPairInPhrase && hasPhraseAt(text, at + 1, phrase, next + 2))
  );
}
