import { tableOf } from '../../infra/markdown-table.ts';
import type { Paper, PaperId } from '../../shared/domain/papers/paper.ts';
import { readRecordedDays } from '../match/recorded-days.ts';
import { medianOf } from '../quantile.ts';
import type { Collection } from './cranfield.ts';
import { type Engine, openBroadsheet, openMiniSearch } from './engines.ts';
import { type Judged, keywordTopics, summaries, titleWords } from './known-papers.ts';
import {
  averagePrecision,
  binaryGain,
  gradedGain,
  judgedGain,
  type Measure,
  ndcgOf,
  precisionOf,
  reciprocalRank,
} from './measure.ts';

type Print = (line: string) => void;

const MEASURES: Readonly<Record<string, Measure<PaperId>>> = {
  'nDCG@10': ndcgOf(binaryGain, 10),
  'P@5': precisionOf(5),
  MAP: averagePrecision,
  'graded nDCG@10': ndcgOf(gradedGain, 10),
  'nDCG@10 of all judged': ndcgOf(judgedGain, 10),
};

const FIRST_SEEN = '2026-01-05T00:00:00.000Z';

/** A text of the collection as a paper without votes. All of them have one date, so neither votes nor dates rank them. */
function toPaper({ number, title, abstract, authors }: Collection['documents'][number]): Paper {
  return {
    id: toId(number),
    title,
    abstract,
    authors: [...authors],
    authorCount: authors.length,
    publishedAt: FIRST_SEEN,
    firstSeenAt: FIRST_SEEN,
    categories: [],
    aiKeywords: [],
    upvotes: 0,
    comments: 0,
    voteCounts: [],
  };
}

function toId(number: number): PaperId {
  return `0000.${String(number).padStart(5, '0')}`;
}

/** Prints how well each engine ranks a collection, and how well on each half of its questions. */
export function printCollection({ documents, questions }: Collection, print: Print): void {
  const papers = documents.map(toPaper);
  const judged = questions.map(({ text, grades }) => ({
    text,
    grades: new Map([...grades].map(([number, grade]) => [toId(number), grade])),
  }));
  print(`${papers.length} documents, ${judged.length} questions\n`);
  const rows = [openBroadsheet(papers), openMiniSearch(papers)].map((engine) => {
    const answers = answerAll(engine, judged);
    const ndcg = (half: number) =>
      meanOf(answers.filter((_, n) => n % 2 === half).map(({ values }) => values['nDCG@10']));
    return [
      engine.name,
      ...Object.keys(MEASURES).map((name) => meanOf(answers.map(({ values }) => values[name]))),
      `${ndcg(0)} / ${ndcg(1)}`,
      medianOf(answers.map(({ cpuMs }) => cpuMs)).toFixed(1),
    ];
  });
  print(
    tableOf(['', ...[...Object.keys(MEASURES), 'by half', 'ms a query'].map((name) => `${name}:`)], rows),
  );
  print(
    '\nnDCG@10, P@5 and MAP count a document of grade 1 to 4 as relevant. Graded gains are 15, 7, 3 and 1.',
  );
  print('"Of all judged" also counts grade -1, which each question has once.');
}

/** Prints how well each engine finds the recorded papers of Hugging Face. */
export async function printRecordedDays(folder: string, print: Print): Promise<void> {
  const papers = (await readRecordedDays(folder)).flatMap((day) => day.papers);
  print(`\n${papers.length} recorded papers. Their AI keywords and summaries are not indexed here.\n`);
  const bare = papers.map((paper) => ({ ...paper, aiKeywords: [], aiSummary: undefined }));
  const engines = [openBroadsheet(bare), openMiniSearch(bare)];
  const judgements: readonly (readonly [string, readonly Judged[], Measure<PaperId>])[] = [
    ['2 to 4 words of a title, MRR', titleWords(papers), reciprocalRank],
    ['the summary of a paper, MRR', summaries(papers), reciprocalRank],
    ['a keyword of several papers, nDCG@10', keywordTopics(papers), ndcgOf(binaryGain, 10)],
  ];
  const rows = judgements.map(([name, judged, measure]) => [
    name,
    String(judged.length),
    ...engines.map((engine) =>
      meanOf(judged.map(({ text, grades }) => measure(engine.search(text), grades))),
    ),
  ]);
  print(tableOf(['', 'queries:', ...engines.map(({ name }) => `${name}:`)], rows));
}

function answerAll(engine: Engine, judged: readonly Judged[]) {
  return judged.map(({ text, grades }) => {
    const before = process.cpuUsage();
    const ranked = engine.search(text);
    const { user, system } = process.cpuUsage(before);
    const values: Readonly<Record<string, number | undefined>> = Object.fromEntries(
      Object.entries(MEASURES).map(([name, measure]) => [name, measure(ranked, grades)]),
    );
    return { values, cpuMs: (user + system) / 1000 };
  });
}

function meanOf(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return (known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(3);
}
