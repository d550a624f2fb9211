import { fail, findNearestOf } from './query-hints.ts';

/** The archives of arXiv. Those without subjects are categories themselves. */
const ARCHIVES = [
  ...['astro-ph', 'cond-mat', 'cs', 'econ', 'eess', 'gr-qc', 'hep-ex', 'hep-lat', 'hep-ph', 'hep-th'],
  ...['math', 'math-ph', 'nlin', 'nucl-ex', 'nucl-th', 'physics', 'q-bio', 'q-fin', 'quant-ph', 'stat'],
] as const;

/** Subjects of `cs` that people write without the archive. */
const SUBJECTS = new Set(
  'AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC SD SE SI SY'.split(
    ' ',
  ),
);

/** What people call a category that they search for. */
const TOPICS: Readonly<Record<string, string>> = {
  ...{ ml: 'cs.LG', nlp: 'cs.CL', vision: 'cs.CV', robotics: 'cs.RO', ai: 'cs.AI', speech: 'eess.AS' },
};

/** The archives whose subjects are written in small letters: `physics.optics`. */
const SMALL = new Set(['cond-mat', 'physics']);

const EXPECTED = 'a category such as cs.LG, or an archive such as cs';

/**
 * Returns a category as arXiv writes it: `CS.lg` gives `cs.LG`. An archive stands for all its categories: `cs` and `cs.*` give `cs`.
 *
 * @throws QueryError if there is no such archive, or the subject cannot be one
 */
export function readCategory(text: string, position: number): string {
  const [name = '', subject, ...rest] = text.toLowerCase().split('.');
  const archive = ARCHIVES.find((one) => one === name);
  if (archive && rest.length === 0) {
    if (subject === undefined || subject === '*') return archive;
    if (
      /^[a-z]{2}$|^[a-z]+(?:-[a-z]+)+$/.test(subject) ||
      (SMALL.has(archive) && /^[a-z]{2,9}$/.test(subject))
    )
      return `${archive}.${SMALL.has(archive) ? subject : subject.toUpperCase()}`;
  }
  return fail(position, `"${text}" is not a category of arXiv`, EXPECTED, toHint(name, subject));
}

function toHint(name: string, subject: string | undefined): string {
  const typed = name.replace(/^[\s_-]+|[\s_-]+$/g, '');
  const known = SUBJECTS.has(typed.toUpperCase()) ? `cs.${typed.toUpperCase()}` : undefined;
  // `cs-LG`, `csLG` and `cs/LG` mean `cs.LG`.
  const [, archive = '', joined = ''] = /^(cs|stat|eess|math|econ)[-_/\s]?([a-z]{2})$/.exec(typed) ?? [];
  const nearest = ARCHIVES.find((one) => one === name) ?? findNearestOf(typed, ARCHIVES);
  const topic = Object.hasOwn(TOPICS, typed) ? TOPICS[typed] : undefined;
  const written = archive && `${archive}.${joined.toUpperCase()}`;
  const meant = known || topic || written || nearest;
  if (!meant) return 'Write it as arXiv does, as in cat:cs.LG. For all categories of an archive write cat:cs';
  return nearest === meant && subject !== undefined
    ? `For all categories of the archive write cat:${meant}`
    : `Write cat:${meant}`;
}
