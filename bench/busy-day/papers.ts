import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ArxivPaper } from '../../local/arxiv/archive.ts';
import { readArxivReplay } from '../../local/arxiv/replay.ts';
import { addDays, type Day } from '../../shared/domain/time/time.ts';
import { createRandom, pickOne, type Random } from '../../test/simulation/seeded-random.ts';
import { createZipfPicker } from '../match/query-stream.ts';

/** Recorded announcements. They are in a folder beside the repository, if there is a copy. */
const RECORDINGS = fileURLToPath(new URL('../../../shared/recordings/arxiv', import.meta.url));

/** Twenty categories of computer science, the busiest first. */
export const CATEGORIES: readonly string[] = [
  ...['LG', 'CV', 'AI', 'CL', 'RO', 'CR', 'SE', 'HC', 'IR', 'DC'],
  ...['CY', 'SD', 'NI', 'DS', 'MA', 'SI', 'AR', 'DB', 'PL', 'GT'],
].map((part) => `cs.${part}`);

/** A Friday. The digests look back to the Tuesday, and none of the days is a holiday. */
export const BUSY_DAY: Day = '2026-11-06';
const BUSY_PAPERS = 1500;
const USUAL_PAPERS = 700;
/** The days before, oldest first. */
export const USUAL_DAYS: readonly Day[] = [3, 2, 1].map((days) => addDays(BUSY_DAY, -days));

/** The shares of papers with one, two, three and four categories, as in recorded announcements. */
const CATEGORY_COUNTS = [0.5, 0.32, 0.12, 0.06];

type Text = Pick<ArxivPaper, 'title' | 'abstract' | 'authors'>;

/** Papers by the day of their announcement, and where their words are from. */
export interface BusyDayPapers {
  readonly byDay: ReadonlyMap<Day, readonly ArxivPaper[]>;
  readonly origin: string;
}

/** Creates the papers of the busy day and of the days before. */
export function createPapers(): BusyDayPapers {
  const random = createRandom(1);
  const recorded = existsSync(RECORDINGS) ? readTexts() : [];
  const texts = recorded.length > 0 ? recorded : writeTexts(random);
  const pickCategory = createZipfPicker(CATEGORIES.length, random);
  const createPaper = (day: Day, n: number): ArxivPaper => ({
    ...mixTexts(texts, random),
    id: `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(9)}${String(n).padStart(4, '0')}`,
    categories: pickCategories(pickCategory, random),
    versions: [`${addDays(day, -1)}T12:00:00.000Z`],
  });
  const byDay = new Map(
    [...USUAL_DAYS, BUSY_DAY].map((day) => {
      const count = day === BUSY_DAY ? BUSY_PAPERS : USUAL_PAPERS;
      return [day, Array.from({ length: count }, (_, n) => createPaper(day, n))];
    }),
  );
  return { byDay, origin: recorded.length > 0 ? 'recorded announcements' : 'made-up words' };
}

function readTexts(): readonly Text[] {
  const { batches } = readArxivReplay(RECORDINGS);
  const large = batches.filter(({ categories }) => categories.includes('cs.CV'));
  const papers = large.flatMap(({ announcements }) => announcements.map(({ paper }) => paper));
  return papers.map(({ title, abstract, authors }) => ({ title, abstract, authors }));
}

/** Returns the title and the authors of one text, and every other sentence of two others. */
function mixTexts(texts: readonly Text[], random: Random): Text {
  const [one, two] = [pickOne(texts, random), pickOne(texts, random)].map(({ abstract }) =>
    abstract.split('. '),
  );
  const { title, authors } = pickOne(texts, random);
  const abstract = (one ?? [])
    .map((sentence, n) => (n % 2 === 0 ? sentence : (two?.[n] ?? sentence)))
    .join('. ');
  return { title, abstract, authors };
}

function pickCategories(pick: () => number, random: Random): readonly [string, ...string[]] {
  let rest = random();
  const wanted = CATEGORY_COUNTS.findIndex((share) => {
    rest -= share;
    return rest < 0;
  });
  const primary = CATEGORIES[pick()] ?? '';
  const all = new Set([primary]);
  while (all.size <= wanted) all.add(CATEGORIES[pick()] ?? '');
  return [primary, ...[...all].slice(1)];
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const VOCABULARY = 8000;

/** Makes up texts whose words are as frequent as in a language, which is Zipf's law. */
function writeTexts(random: Random): readonly Text[] {
  const words = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 3 + Math.floor(random() * 8) }, () => pickOne([...LETTERS], random)).join(''),
  );
  const pick = createZipfPicker(VOCABULARY, random);
  const write = (count: number) => Array.from({ length: count }, () => words[pick()]).join(' ');
  return Array.from({ length: 500 }, () => ({
    title: write(10),
    abstract: Array.from({ length: 8 }, () => write(20)).join('. '),
    authors: Array.from({ length: 5 }, () => `${write(1)} ${write(1)}`),
  }));
}
