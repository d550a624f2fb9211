/**
 * The subjects of each archive of arXiv. An archive without subjects is a category itself. Archives that ended, such as `cmp-lg`, have no
 * new papers and are left out. The names are in another file, because most functions need only ids.
 *
 * @see https://arxiv.org/category_taxonomy
 */
const subjectsOf: Readonly<Record<string, string>> = {
  cs: 'AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC SD SE SI SY',
  econ: 'EM GN TH',
  eess: 'AS IV SP SY',
  math: 'AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST',
  'astro-ph': 'CO EP GA HE IM SR',
  'cond-mat': 'dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con',
  'gr-qc': '',
  'hep-ex': '',
  'hep-lat': '',
  'hep-ph': '',
  'hep-th': '',
  'math-ph': '',
  nlin: 'AO CD CG PS SI',
  'nucl-ex': '',
  'nucl-th': '',
  physics:
    'acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph',
  'quant-ph': '',
  'q-bio': 'BM CB GN MN NC OT PE QM SC TO',
  'q-fin': 'CP EC GN MF PM PR RM ST TR',
  stat: 'AP CO ME ML OT TH',
};

/** Categories with two ids. A paper in one of them has both. The second id is the one that arXiv keeps. */
const sameAs: ReadonlyMap<string, string> = new Map([
  ['cs.NA', 'math.NA'],
  ['cs.SY', 'eess.SY'],
  ['math.IT', 'cs.IT'],
  ['math.MP', 'math-ph'],
  ['q-fin.EC', 'econ.GN'],
  ['stat.TH', 'math.ST'],
]);

/** The archives: `cs`, `hep-th`. */
export const arxivArchiveIds: readonly string[] = Object.keys(subjectsOf);

/** Returns the ids of the categories of an archive, with those that arXiv keeps under another id. */
function idsWithin(archive: string): readonly string[] {
  const subjects = (subjectsOf[archive] ?? '').split(' ').filter((subject) => subject !== '');
  return subjects.length === 0 ? [archive] : subjects.map((subject) => `${archive}.${subject}`);
}

/** All categories, each under the id that arXiv keeps. */
export const arxivCategoryIds: readonly string[] = arxivArchiveIds
  .flatMap(idsWithin)
  .filter((id) => !sameAs.has(id));

const known: ReadonlySet<string> = new Set(arxivCategoryIds);

/** Returns whether this is a category of arXiv, under the id that arXiv keeps. */
export function isArxivCategory(id: string): boolean {
  return known.has(id);
}

/** Returns the id that arXiv keeps of a category: `math.NA` for `cs.NA`. Any other text stays as it is. */
export function toArxivCategoryId(id: string): string {
  return sameAs.get(id) ?? id;
}

/** Returns the other id of a category: `cs.NA` for `math.NA`. Undefined if it has only one. */
export function findArxivAlias(id: string): string | undefined {
  return [...sameAs].find(([, kept]) => kept === id)?.[0];
}

/** The patterns that mean all categories of a subject, `cs.*`, or of arXiv, `*`. */
const ALL_OF = /^(?:(?<archive>[a-z-]+)\.)?\*$/;

/**
 * Returns the ids of the categories that a text means: one for `cs.CL`, those of the archive for `cs.*`, and all for `*`. Each has the id
 * that arXiv keeps, so `cs.*` includes `math.NA`. Undefined if arXiv has none.
 */
export function expandArxivCategory(text: string): readonly string[] | undefined {
  const pattern = ALL_OF.exec(text);
  const id = toArxivCategoryId(text);
  if (!pattern) return known.has(id) ? [id] : undefined;
  const archive = pattern.groups?.archive;
  if (archive === undefined) return arxivCategoryIds;
  return Object.hasOwn(subjectsOf, archive) ? idsWithin(archive).map(toArxivCategoryId) : undefined;
}

/** Returns everything that may be written for categories: both ids of each, and patterns such as `cs.*`. */
export function allArxivCategoryTexts(): readonly string[] {
  return [...known, ...sameAs.keys(), ...arxivArchiveIds.map((id) => `${id}.*`), '*'];
}
