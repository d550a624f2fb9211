import { QueryError } from './query.ts';

/** The archives of arXiv. Those without subjects are categories themselves. */
export const archives = [
  ...['astro-ph', 'cond-mat', 'cs', 'econ', 'eess', 'gr-qc', 'hep-ex', 'hep-lat', 'hep-ph', 'hep-th'],
  ...['math', 'math-ph', 'nlin', 'nucl-ex', 'nucl-th', 'physics', 'q-bio', 'q-fin', 'quant-ph', 'stat'],
] as const;

/** The archives whose subjects are written in small letters: `physics.optics`. */
const SMALL: ReadonlySet<string> = new Set(['cond-mat', 'physics']);

/**
 * Returns a category as arXiv writes it: `CS.lg` gives `cs.LG`. An archive stands for all its categories: `cs` and `cs.*` give `cs`.
 *
 * @throws QueryError if there is no such archive, or the subject cannot be one
 */
export function readCategory(text: string, position: number): string {
  const [name = '', subject, ...rest] = text.toLowerCase().split('.');
  const archive = archives.find((one) => one === name);
  if (!archive || rest.length > 0) throw new QueryError('category', position, text);
  if (subject === undefined || subject === '*') return archive;
  if (SMALL.has(archive) ? /^[a-z]{2,9}(?:-[a-z]+)*$/.test(subject) : /^[a-z]{2}$/.test(subject))
    return `${archive}.${SMALL.has(archive) ? subject : subject.toUpperCase()}`;
  throw new QueryError('category', position, text);
}
