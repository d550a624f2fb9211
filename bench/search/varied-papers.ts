import type { Paper } from '../../shared/domain/papers/paper.ts';
import { addDays, type Day } from '../../shared/domain/time/time.ts';
import type { ListedPaper } from '../../shared/matching/search/paper-columns.ts';
import { createRandom, pickOne, type Random } from '../../test/simulation/seeded-random.ts';

export const LAST_DAY: Day = '2026-01-05';

/** The list of every 25th paper. It is short enough for the naive evaluator. */
export const CHECKED_LIST = 'hf-daily';

const LISTS = ['arxiv/cs.CL', 'arxiv/cs.LG', 'arxiv/cs.CV'];
const CHECKED_EVERY = 25;
const DAYS = 1_095;
const WORD = /[\p{L}\p{N}]+/gu;
/** This share of the words of a text is replaced by words of other papers. */
const SWAPPED = 0.25;

/**
 * Makes the given number of papers from recorded ones, oldest first. A paper has the title of one, and every other sentence of two others. A quarter of its
 * words are replaced by words from random places of others. So words are as frequent as in the recorded papers, and texts do not repeat.
 *
 * More papers have more different words. So a word that only one recorded paper has gets another ending in each new paper, and authors
 * get the family names of others.
 */
export function varyPapers(recorded: readonly Paper[], count: number): readonly ListedPaper[] {
  const random = createRandom(7);
  const words = recorded.flatMap(({ title, abstract }) => `${title} ${abstract}`.match(WORD) ?? []);
  const rare = rareWords(recorded);
  const pick = () => pickOne(recorded, random);
  return Array.from({ length: count }, (_, nth) => {
    const [one, two, three] = [pick(), pick(), pick()];
    const day = addDays(LAST_DAY, -Math.floor(((count - 1 - nth) * DAYS) / count));
    const swap = (text: string) =>
      text.replace(WORD, (word) => {
        const used = random() < SWAPPED ? pickOne(words, random) : word;
        return rare.has(used.toLowerCase()) ? `${used}${suffixOf(nth)}` : used;
      });
    const seenAt = `${day}T08:00:00.000Z`;
    const paper: Paper = {
      ...one,
      id: `${day.slice(2, 4)}${day.slice(5, 7)}.${String(nth % 100_000).padStart(5, '0')}`,
      title: swap(one.title),
      abstract: swap(mixSentences(two.abstract, three.abstract)),
      authors: one.authors.map((name) =>
        mixNames(name, pickOne(pick().authors.slice(0, 40).concat(name), random)),
      ),
      categories: [pickOne(['cs.CL', 'cs.LG', 'cs.CV', 'stat.ML', 'cs.AI'], random)],
      upvotes: Math.floor(random() ** 4 * 200),
      publishedAt: seenAt,
      firstSeenAt: seenAt,
      voteCounts: [],
      ...linksOf(random),
    };
    const list = nth % CHECKED_EVERY === 0 ? CHECKED_LIST : pickOne(LISTS, random);
    return { paper, listings: [{ list, day }] };
  });
}

function linksOf(random: Random): Pick<Paper, 'repositoryUrl' | 'stars'> {
  if (random() < 0.6) return { repositoryUrl: undefined, stars: undefined };
  return { repositoryUrl: 'https://example.org/code', stars: Math.floor(random() * 1_000) };
}

function mixSentences(one: string, other: string): string {
  const [a, b] = [one.split('. '), other.split('. ')];
  return a.map((sentence, nth) => (nth % 2 === 0 ? sentence : (b[nth] ?? sentence))).join('. ');
}

/** The given names of one, and the family name of the other. */
function mixNames(one: string, other: string): string {
  const family = other.split(' ').at(-1) ?? '';
  return [...one.split(' ').slice(0, -1), family].join(' ');
}

function rareWords(papers: readonly Paper[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { title, abstract } of papers) {
    const own = new Set(`${title} ${abstract}`.toLowerCase().match(WORD));
    for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return new Set(
    [...counts].filter(([word, count]) => count === 1 && /^\p{L}{4,}$/u.test(word)).map(([word]) => word),
  );
}

/** Four letters for each number, so that a rare word differs from paper to paper. */
function suffixOf(nth: number): string {
  return (nth % 26 ** 4)
    .toString(26)
    .padStart(4, '0')
    .replace(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)));
}
