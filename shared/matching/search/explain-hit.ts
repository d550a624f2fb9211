import { TEXT_FIELDS, toFieldBits } from '../index/condition-papers.ts';
import { explain, type MatchReason } from '../index/explain.ts';
import { NO_PAPERS } from '../index/paper-set.ts';
import { createPhraseCheck } from '../index/phrase-steps.ts';
import type { FieldBits } from '../index/word-papers.ts';
import { partsOf, type QueryNode, textFields } from '../query/query.ts';
import type { Phrase } from '../text/analyser.ts';
import type { SearchCorpus } from './corpus.ts';
import { AUTHOR_FIELD, isPlainWord, toAuthorKey } from './split-query.ts';

/** Returns whether a paper has a phrase in one of the fields. A look at one paper is faster than a look at all of them. */
type HasPhrase = (phrase: Phrase, paper: number, fields: FieldBits) => boolean;

/** Says why a paper was found. */
type Explainer = (paper: number) => readonly MatchReason[];

/** Returns an explainer that names reasons in the order of the query. Plain words that a paper lacks give no reason. */
export function createExplainer(query: QueryNode, corpus: SearchCorpus): Explainer {
  const checks = new Map<Phrase, ReturnType<typeof createPhraseCheck>>();
  const hasPhrase: HasPhrase = (phrase, paper, fields) => {
    const check = checks.get(phrase) ?? createPhraseCheck(corpus.searched, phrase);
    checks.set(phrase, check);
    return check(paper, fields);
  };
  const explainers = partsOf(query).map((part) => createPartExplainer(part, corpus, hasPhrase));
  return (paper) => explainers.flatMap((explainer) => explainer(paper));
}

function createPartExplainer(node: QueryNode, corpus: SearchCorpus, hasPhrase: HasPhrase): Explainer {
  if (!isPlainWord(node)) {
    const find: SearchCorpus['find'] = (condition, within, field) => {
      const [paper] = within?.list ?? [];
      if (condition.kind !== 'text' || !within || paper === undefined)
        return corpus.find(condition, within, field);
      const named = field ?? condition.field;
      const isFound = hasPhrase(condition, paper, named ? toFieldBits(named) : TEXT_FIELDS);
      return isFound ? within : NO_PAPERS;
    };
    return (paper) => explain(node, paper, { find });
  }
  const author = { ...node, words: [toAuthorKey(node)], isJoined: [false] };
  return (paper) => {
    const field = textFields.find((one) => hasPhrase(node, paper, toFieldBits(one)));
    if (field) return [{ condition: node, field }];
    const isAuthor = hasPhrase(author, paper, AUTHOR_FIELD);
    return isAuthor ? [{ condition: { kind: 'author', text: node.text, place: node.place } }] : [];
  };
}
