import type { ArxivPaper } from '../../local/arxiv/archive.ts';
import { addDays, type Day, type Instant, isoWeekdayOf } from '../../shared/domain/time/time.ts';

/** Creates a paper of arXiv, submitted on the first day of its id's month. */
export function createArxivPaper(overrides: Partial<ArxivPaper> = {}): ArxivPaper {
  const { id = '2611.00001' } = overrides;
  const submittedAt = `20${id.slice(0, 2)}-${id.slice(2, 4)}-01T12:00:00.000Z`;
  return {
    id,
    title: `Counting with Small Models, Part ${id}`,
    abstract: 'We teach small models to count, and they do.',
    authors: ['Ada Author', 'Ben Writer'],
    categories: ['cs.CL'],
    versions: [submittedAt],
    ...overrides,
  };
}

/** Creates the n-th paper of a day's batch, submitted in time for it. */
export function createBatchPaper(day: Day, n: number, categories: ArxivPaper['categories']): ArxivPaper {
  return createArxivPaper({ id: toArxivId(day, n), categories, versions: [submittedBefore(day)] });
}

/** Returns the id of the n-th paper of a batch: `2611.03001`. */
export function toArxivId(day: Day, n: number): string {
  return `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}00${n}`;
}

/** Papers of a batch were submitted on the weekday before, in the morning of New York. */
export function submittedBefore(day: Day): Instant {
  const before = [1, 2, 3].map((days) => addDays(day, -days)).find((earlier) => isoWeekdayOf(earlier) <= 5);
  return `${before}T15:00:00.000Z`;
}
