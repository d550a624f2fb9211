import { TEXT_FIELDS, toFieldBits } from '../index/condition-papers.ts';
import { explain, type MatchReason } from '../index/explain.ts';
import { NO_PAPERS } from '../index/paper-set.ts';
import { hasPhraseIn } from '../index/phrase-papers.ts';
import { type QueryNode, textFields } from '../query/query.ts';
import type { SearchCorpus } from './corpus.ts';
import { AUTHOR_FIELD, isPlainWord, toAuthorKey } from './split-query.ts';

/** Returns why a paper was found, in the order of the query. Plain words that it lacks give no reason. */
export function explainHit(query: QueryNode, paper: number, corpus: SearchCorpus): readonly MatchReason[] {
  const parts = query.kind === 'and' ? query.parts : [query];
  return parts.flatMap((part) => explainPart(part, paper, corpus));
}

function explainPart(node: QueryNode, paper: number, corpus: SearchCorpus): readonly MatchReason[] {
  const { searched } = corpus;
  if (!isPlainWord(node)) {
    // A look at one paper is faster than a look at all of them.
    const find: SearchCorpus['find'] = (condition, within, field) => {
      if (condition.kind !== 'text' || !within) return corpus.find(condition, within, field);
      const named = field ?? condition.field;
      const isFound = hasPhraseIn(searched, condition, paper, named ? toFieldBits(named) : TEXT_FIELDS);
      return isFound ? within : NO_PAPERS;
    };
    return explain(node, paper, { find });
  }
  const field = textFields.find((one) => hasPhraseIn(searched, node, paper, toFieldBits(one)));
  if (field) return [{ condition: node, field }];
  const author = { ...node, words: [toAuthorKey(node)], isJoined: [false] };
  const isAuthor = hasPhraseIn(searched, author, paper, AUTHOR_FIELD);
  return isAuthor ? [{ condition: { kind: 'author', text: node.text, place: node.place } }] : [];
}
