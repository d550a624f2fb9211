import { foldWords } from './fold.ts';
import type { Paper } from './paper.ts';
import type { Query, QueryTerm } from './query.ts';

/** The searched parts of a paper. A reason names the first one that has the term. */
const FIELDS = ['title', 'abstract', 'keywords'] as const;

export type MatchField = (typeof FIELDS)[number];

/** Why a paper matched: the term, and the first field that has it. */
export interface MatchReason {
  readonly term: string;
  readonly field: MatchField;
}

/** A paper that matches a query. An empty query gives no reasons. */
export interface Match {
  readonly paper: Paper;
  readonly reasons: readonly MatchReason[];
}

/** The papers of a window, indexed once for any number of queries. */
export interface PaperIndex {
  /** Returns the papers that match, in the order of indexing. */
  match(query: Query): readonly Match[];
}

type FoldedPaper = Readonly<Record<MatchField, readonly string[]>>;

/** Indexes papers by their words. A query intersects the sets of papers that have each of its words. */
export function indexPapers(papers: readonly Paper[]): PaperIndex {
  const folded = papers.map(foldPaper);
  const holders = new Map<string, Set<number>>();
  for (const [position, paper] of folded.entries()) {
    for (const word of FIELDS.flatMap((field) => paper[field])) {
      const holding = holders.get(word);
      if (holding) holding.add(position);
      else holders.set(word, new Set([position]));
    }
  }

  const holdersOf = (word: string) => holders.get(word) ?? new Set<number>();
  const matchAt = (position: number, query: Query): Match | undefined => {
    const paper = papers[position];
    const words = folded[position];
    if (!paper || !words) return undefined;
    const reasons = query.terms.map((term) => findReason(words, term));
    return reasons.every((reason) => reason !== undefined) ? { paper, reasons } : undefined;
  };

  return {
    match(query) {
      const words = query.terms.flatMap((term) => term.words);
      const sets = words.map(holdersOf).sort((a, b) => a.size - b.size);
      const [smallest, ...others] = sets;
      const candidates = smallest
        ? [...smallest].filter((position) => others.every((set) => set.has(position)))
        : papers.keys();
      return [...candidates].flatMap((position) => matchAt(position, query) ?? []);
    },
  };
}

function foldPaper(paper: Paper): FoldedPaper {
  return {
    title: foldWords(paper.title),
    abstract: foldWords(paper.abstract),
    keywords: paper.aiKeywords.flatMap(foldWords),
  };
}

function findReason(paper: FoldedPaper, term: QueryTerm): MatchReason | undefined {
  const field = FIELDS.find((candidate) => holdsPhrase(paper[candidate], term.words));
  return field && { term: term.text, field };
}

function holdsPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  const [first = '', ...rest] = phrase;
  for (let at = words.indexOf(first); at !== -1; at = words.indexOf(first, at + 1)) {
    if (rest.every((word, offset) => words[at + 1 + offset] === word)) return true;
  }
  return false;
}
