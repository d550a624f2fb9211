import { AUTHOR_FIELD, TEXT_FIELDS, toFieldBits } from '../index/condition-papers.ts';
import type { FieldBits } from '../index/day-index.ts';
import { explain, type MatchReason } from '../index/explain.ts';
import { NO_PAPERS } from '../index/paper-set.ts';
import { createPhraseCheck } from '../index/phrase-steps.ts';
import { partsOf, type QueryNode, textFields } from '../query/query.ts';
import type { Phrase } from '../text/analyser.ts';
import type { SearchCorpus } from './corpus.ts';
import { isPlainWord, toAuthorKey } from './split-query.ts';

/** Returns the fields in which a paper has a phrase. */
type FindFields = (phrase: Phrase, paper: number) => FieldBits;

/** Returns why a paper was found. */
type Explainer = (paper: number) => readonly MatchReason[];

/** Returns an explainer that names reasons in the order of the query. Plain words that a paper lacks give no reason. */
export function createExplainer(query: QueryNode, corpus: SearchCorpus): Explainer {
  const findFields = createFieldFinder(corpus);
  const explainers = partsOf(query).map((part) => createPartExplainer(part, corpus, findFields));
  return (paper) => explainers.flatMap((explainer) => explainer(paper));
}

/** Remembers the fields of the last paper, because an explanation asks for each field of one paper. */
function createFieldFinder({ searched }: SearchCorpus): FindFields {
  const checks = new Map<Phrase, ReturnType<typeof createPhraseCheck>>();
  const last = new Map<Phrase, { readonly paper: number; readonly fields: FieldBits }>();
  return (phrase, paper) => {
    const known = last.get(phrase);
    if (known?.paper === paper) return known.fields;
    const check = checks.get(phrase) ?? createPhraseCheck(searched, phrase);
    checks.set(phrase, check);
    const fields = check(paper);
    last.set(phrase, { paper, fields });
    return fields;
  };
}

function createPartExplainer(node: QueryNode, corpus: SearchCorpus, findFields: FindFields): Explainer {
  if (!isPlainWord(node)) {
    const find: SearchCorpus['find'] = (condition, within, field) => {
      const [paper] = within?.list ?? [];
      if (condition.kind !== 'text' || !within || paper === undefined)
        return corpus.find(condition, within, field);
      const named = field ?? condition.field;
      const wanted = named ? toFieldBits(named) : TEXT_FIELDS;
      return (findFields(condition, paper) & wanted) === 0 ? NO_PAPERS : within;
    };
    return (paper) => explain(node, paper, { find });
  }
  const author = { ...node, words: [toAuthorKey(node)], isJoined: [false] };
  return (paper) => {
    const fields = findFields(node, paper);
    const field = textFields.find((name) => (fields & toFieldBits(name)) !== 0);
    if (field) return [{ condition: node, field }];
    const isAuthor = (findFields(author, paper) & AUTHOR_FIELD) !== 0;
    return isAuthor ? [{ condition: { kind: 'author', text: node.text, range: node.range } }] : [];
  };
}
