import type { Paper, PaperId } from '../../shared/domain/papers/paper.ts';
import { analyse } from '../../shared/matching/text/analyser.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';

/** A query, and the papers that answer it. */
export interface Judged {
  readonly text: string;
  readonly grades: ReadonlyMap<PaperId, number>;
}

const SEED = 1;
/** Shorter words, such as `of`, are no searches. */
const MIN_LETTERS = 4;

/** Returns a query for each paper: two to four words of its title, in any order. */
export function titleWords(papers: readonly Paper[]): readonly Judged[] {
  const random = createRandom(SEED);
  return papers.flatMap(({ id, title }) => {
    const words = analyse(title).map(({ start, end }) => title.slice(start, end));
    const long = [...new Set(words)].filter(({ length }) => length >= MIN_LETTERS);
    const drawn = long.map((word) => ({ word, order: random() })).sort((a, b) => a.order - b.order);
    const text = drawn.slice(0, 2 + Math.floor(3 * random())).map(({ word }) => word);
    return text.length < 2 ? [] : [{ text: text.join(' '), grades: new Map([[id, 1]]) }];
  });
}

/** Returns a query for each paper with a summary by Hugging Face: the summary, of which the paper has most words. */
export function summaries(papers: readonly Paper[]): readonly Judged[] {
  return papers.flatMap(({ id, aiSummary: text }) =>
    text === undefined ? [] : [{ text, grades: new Map([[id, 1]]) }],
  );
}

/** Returns each keyword of two words or more that 3 to 40 papers have, with these papers. */
export function keywordTopics(papers: readonly Paper[]): readonly Judged[] {
  const topics = new Map<string, Map<PaperId, number>>();
  for (const { id, aiKeywords } of papers) {
    for (const keyword of aiKeywords) {
      const stems = analyse(keyword).map(({ stem }) => stem);
      const topic = stems.join(' ');
      if (stems.length > 1) topics.set(topic, (topics.get(topic) ?? new Map()).set(id, 1));
    }
  }
  return [...topics]
    .filter(([, { size }]) => size >= 3 && size <= 40)
    .map(([text, grades]) => ({ text, grades }));
}
