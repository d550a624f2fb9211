import { type ChargedLine, charge } from './cost-line.ts';
import { scheduledRunsOf } from './idle-month.ts';
import { prices } from './prices.ts';
import type { Resource } from './resources.ts';

/**
 * Hugging Face Daily Papers as recorded answers of 2025 and 2026 show them: 23 papers on the median weekday, 32 and more in
 * the summer of 2026. A paper as it is kept has 2.6 KB on average, so that a read takes one unit and a write three.
 */
const huggingFace = {
  papersPerWeekday: 30,
  weekdaysAMonth: 21.75,
  /** Today and the three days before it. */
  daysRead: 4,
  /** How often a paper's votes, comments or stars have moved at one of the reads of its four days. */
  changesPerPaper: 30,
  /** Units of a consistent read of a paper. */
  readsPerPaper: 1,
  writesPerPaper: 3,
} as const;

/** How many papers the lists of four days hold, a weekend or not. */
export const PAPERS_IN_WINDOW = Math.round((huggingFace.papersPerWeekday * huggingFace.daysRead * 5) / 7);

/** What reading the papers costs in requests to the table; the function's time is among the standing cost. */
export function readingCostOf(resources: readonly Resource[]): readonly ChargedLine[] {
  const { papersPerWeekday, weekdaysAMonth, daysRead, changesPerPaper, readsPerPaper, writesPerPaper } =
    huggingFace;
  const runs = scheduledRunsOf(resources)
    .filter(({ functionName }) => functionName === 'ingest-papers')
    .reduce((sum, one) => sum + one.runs, 0);
  const newPapers = Math.round(papersPerWeekday * weekdaysAMonth);
  const line = { count: 1 };
  return charge([
    {
      ...line,
      resource: 'What is kept of each paper, read',
      quantity: runs * PAPERS_IN_WINDOW * readsPerPaper,
      price: prices.tableReads,
      note: `${PAPERS_IN_WINDOW} papers at each of ${runs.toLocaleString('en')} reads, to tell whether anything moved`,
    },
    {
      ...line,
      resource: 'Listings, and the state of the source, read',
      quantity: runs * (daysRead + 1),
      price: prices.tableReads,
      note: `${daysRead} days and the state at each`,
    },
    {
      ...line,
      resource: 'Papers, written',
      quantity: newPapers * (changesPerPaper + 1) * writesPerPaper,
      price: prices.tableWrites,
      note: `${newPapers} new ones, each written again ${changesPerPaper} times because its votes moved`,
    },
    {
      ...line,
      resource: 'Listings, and the state of the source, written',
      quantity: newPapers + runs,
      price: prices.tableWrites,
      note: 'a listing once, the state at every read',
    },
  ]);
}
