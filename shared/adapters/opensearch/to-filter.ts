import type { Condition, NumberCondition, QueryNode, TextCondition } from '../../matching/query/query.ts';
import type { PlainWord } from '../../matching/search/split-query.ts';
import { parseName } from '../../matching/text/names.ts';

/** A clause of OpenSearch's query language. */
export type Clause = Readonly<Record<string, unknown>>;

const EVERYTHING: Clause = { match_all: {} };

/** The fields that a text without a field is searched in. */
const TEXT_FIELDS = ['title', 'abstract', 'keyword'] as const;

/** The weights of the fields of a plain word. They have the proportions of the search in this process, scaled so that the highest is 1. */
const PLAIN_WEIGHTS = { title: 1, abstract: 0.33, keyword: 0.67, org: 0.67, author: 0.67 } as const;

/** Returns the clause for the papers that match a query. */
export function toFilter(node: QueryNode): Clause {
  switch (node.kind) {
    case 'all':
      return EVERYTHING;
    case 'and':
      return { bool: { filter: node.parts.map(toFilter) } };
    case 'or':
      return shouldClause(node.parts.map(toFilter));
    case 'not':
      return { bool: { must_not: [toFilter(node.part)] } };
    default:
      return conditionClause(node);
  }
}

/** Returns the clause of a plain word, whose score is that of the field where it counts most. */
export function toScoredWord({ condition, authorKey }: PlainWord): Clause {
  const { words } = condition;
  const found = Object.entries(PLAIN_WEIGHTS).flatMap(([field, boost]) =>
    field === 'author'
      ? [{ term: { author: { value: authorKey, boost } } }]
      : [toWords(field, condition, boost)],
  );
  const fused = { term: { fused: { value: words.join(''), boost: PLAIN_WEIGHTS.abstract } } };
  return { dis_max: { tie_breaker: 0.3, queries: [...found, fused] } };
}

function conditionClause(condition: Condition): Clause {
  switch (condition.kind) {
    case 'text': {
      const { field, words } = condition;
      const fields = field === undefined ? TEXT_FIELDS : [field];
      const isWhole =
        !condition.isPrefix && (words.length === 1 || condition.isJoined.slice(0, -1).every(Boolean));
      const fused = field === undefined && isWhole ? [{ term: { fused: words.join('') } }] : [];
      const joined =
        words.length > 1 && isWhole ? fields.map((name) => ({ term: { [name]: words.join('') } })) : [];
      return shouldClause([...fields.map((name) => toWords(name, condition)), ...joined, ...fused]);
    }
    case 'author':
      return toAuthor(condition.text);
    case 'category':
      return { term: { categories: condition.value } };
    case 'list':
      return { term: { lists: condition.value } };
    case 'id':
      return { term: { id: condition.value } };
    case 'has':
      return { term: { [condition.what]: true } };
    case 'number':
      return toComparison(condition);
  }
}

/** A word, the beginning of one, or a phrase. */
function toWords(field: string, { words, isPrefix }: TextCondition, boost = 1): Clause {
  const [first = ''] = words;
  if (words.length === 1) return { [isPrefix ? 'prefix' : 'term']: { [field]: { value: first, boost } } };
  return {
    [isPrefix ? 'match_phrase_prefix' : 'match_phrase']: { [field]: { query: words.join(' '), boost } },
  };
}

/** One word finds every name that has it. Otherwise the family name and the first given name must agree. Either given name may be an initial. */
function toAuthor(text: string): Clause {
  const name = parseName(text);
  const clauses = name.readings.flatMap(({ given, family, familyCore, whole, isOneWord }): Clause[] => {
    // A part of a Chinese, Japanese or Korean name means every name that contains it.
    if (/\P{ASCII}/u.test(whole)) return [{ wildcard: { author: { value: `*${whole}*` } } }];
    const [first] = given;
    if (isOneWord || first === undefined) return [{ term: { author: isOneWord ? whole : family } }];
    const terms = [family, familyCore].flatMap((key): Clause[] =>
      first.length === 1
        ? [{ prefix: { author: `${key}/${first}` } }]
        : [{ term: { author: `${key}/${first}` } }, { term: { author: `${key}/${first.slice(0, 1)}` } }],
    );
    return [...terms, { term: { author: whole } }];
  });
  return shouldClause(clauses);
}

const RANGES = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

function toComparison({ field, operator, value }: NumberCondition): Clause {
  return operator === '='
    ? { term: { [field]: value } }
    : { range: { [field]: { [RANGES[operator]]: value } } };
}

export function shouldClause(clauses: readonly Clause[]): Clause {
  return { bool: { should: clauses, minimum_should_match: 1 } };
}
