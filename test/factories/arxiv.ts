import type { ArxivPaper } from '../../local/arxiv/archive.ts';

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
