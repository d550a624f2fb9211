/** A category of arXiv. */
export interface ArxivCategory {
  /** As arXiv writes it: `cs.CL`, `cond-mat.mtrl-sci`, `hep-th`. */
  readonly id: string;
  /** `Computation and Language` */
  readonly name: string;
  /** The other id of the same category: `cs.NA` for `math.NA`. */
  readonly alias?: string | undefined;
}

/** An archive of arXiv. One without subjects is its only category. */
export interface ArxivArchive {
  /** `cs` */
  readonly id: string;
  /** `Computer Science` */
  readonly name: string;
  /** Without the categories that belong to another archive under another id. */
  readonly categories: readonly ArxivCategory[];
}

/** The name of an archive, and its subjects. */
type Archive = readonly [name: string, subjects?: Readonly<Record<string, string>>];

/**
 * The archives and the subjects of each. Archives that ended, such as `cmp-lg`, have no new papers and are left out.
 *
 * @see https://arxiv.org/category_taxonomy
 */
const taxonomy: Readonly<Record<string, Archive>> = {
  cs: [
    'Computer Science',
    {
      AI: 'Artificial Intelligence',
      AR: 'Hardware Architecture',
      CC: 'Computational Complexity',
      CE: 'Computational Engineering, Finance, and Science',
      CG: 'Computational Geometry',
      CL: 'Computation and Language',
      CR: 'Cryptography and Security',
      CV: 'Computer Vision and Pattern Recognition',
      CY: 'Computers and Society',
      DB: 'Databases',
      DC: 'Distributed, Parallel, and Cluster Computing',
      DL: 'Digital Libraries',
      DM: 'Discrete Mathematics',
      DS: 'Data Structures and Algorithms',
      ET: 'Emerging Technologies',
      FL: 'Formal Languages and Automata Theory',
      GL: 'General Literature',
      GR: 'Graphics',
      GT: 'Computer Science and Game Theory',
      HC: 'Human-Computer Interaction',
      IR: 'Information Retrieval',
      IT: 'Information Theory',
      LG: 'Machine Learning',
      LO: 'Logic in Computer Science',
      MA: 'Multiagent Systems',
      MM: 'Multimedia',
      MS: 'Mathematical Software',
      NA: 'Numerical Analysis',
      NE: 'Neural and Evolutionary Computing',
      NI: 'Networking and Internet Architecture',
      OH: 'Other Computer Science',
      OS: 'Operating Systems',
      PF: 'Performance',
      PL: 'Programming Languages',
      RO: 'Robotics',
      SC: 'Symbolic Computation',
      SD: 'Sound',
      SE: 'Software Engineering',
      SI: 'Social and Information Networks',
      SY: 'Systems and Control',
    },
  ],
  econ: ['Economics', { EM: 'Econometrics', GN: 'General Economics', TH: 'Theoretical Economics' }],
  eess: [
    'Electrical Engineering and Systems Science',
    {
      AS: 'Audio and Speech Processing',
      IV: 'Image and Video Processing',
      SP: 'Signal Processing',
      SY: 'Systems and Control',
    },
  ],
  math: [
    'Mathematics',
    {
      AC: 'Commutative Algebra',
      AG: 'Algebraic Geometry',
      AP: 'Analysis of PDEs',
      AT: 'Algebraic Topology',
      CA: 'Classical Analysis and ODEs',
      CO: 'Combinatorics',
      CT: 'Category Theory',
      CV: 'Complex Variables',
      DG: 'Differential Geometry',
      DS: 'Dynamical Systems',
      FA: 'Functional Analysis',
      GM: 'General Mathematics',
      GN: 'General Topology',
      GR: 'Group Theory',
      GT: 'Geometric Topology',
      HO: 'History and Overview',
      IT: 'Information Theory',
      KT: 'K-Theory and Homology',
      LO: 'Logic',
      MG: 'Metric Geometry',
      MP: 'Mathematical Physics',
      NA: 'Numerical Analysis',
      NT: 'Number Theory',
      OA: 'Operator Algebras',
      OC: 'Optimization and Control',
      PR: 'Probability',
      QA: 'Quantum Algebra',
      RA: 'Rings and Algebras',
      RT: 'Representation Theory',
      SG: 'Symplectic Geometry',
      SP: 'Spectral Theory',
      ST: 'Statistics Theory',
    },
  ],
  'astro-ph': [
    'Astrophysics',
    {
      CO: 'Cosmology and Nongalactic Astrophysics',
      EP: 'Earth and Planetary Astrophysics',
      GA: 'Astrophysics of Galaxies',
      HE: 'High Energy Astrophysical Phenomena',
      IM: 'Instrumentation and Methods for Astrophysics',
      SR: 'Solar and Stellar Astrophysics',
    },
  ],
  'cond-mat': [
    'Condensed Matter',
    {
      'dis-nn': 'Disordered Systems and Neural Networks',
      'mes-hall': 'Mesoscale and Nanoscale Physics',
      'mtrl-sci': 'Materials Science',
      other: 'Other Condensed Matter',
      'quant-gas': 'Quantum Gases',
      soft: 'Soft Condensed Matter',
      'stat-mech': 'Statistical Mechanics',
      'str-el': 'Strongly Correlated Electrons',
      'supr-con': 'Superconductivity',
    },
  ],
  'gr-qc': ['General Relativity and Quantum Cosmology'],
  'hep-ex': ['High Energy Physics - Experiment'],
  'hep-lat': ['High Energy Physics - Lattice'],
  'hep-ph': ['High Energy Physics - Phenomenology'],
  'hep-th': ['High Energy Physics - Theory'],
  'math-ph': ['Mathematical Physics'],
  nlin: [
    'Nonlinear Sciences',
    {
      AO: 'Adaptation and Self-Organizing Systems',
      CD: 'Chaotic Dynamics',
      CG: 'Cellular Automata and Lattice Gases',
      PS: 'Pattern Formation and Solitons',
      SI: 'Exactly Solvable and Integrable Systems',
    },
  ],
  'nucl-ex': ['Nuclear Experiment'],
  'nucl-th': ['Nuclear Theory'],
  physics: [
    'Physics',
    {
      'acc-ph': 'Accelerator Physics',
      'ao-ph': 'Atmospheric and Oceanic Physics',
      'app-ph': 'Applied Physics',
      'atm-clus': 'Atomic and Molecular Clusters',
      'atom-ph': 'Atomic Physics',
      'bio-ph': 'Biological Physics',
      'chem-ph': 'Chemical Physics',
      'class-ph': 'Classical Physics',
      'comp-ph': 'Computational Physics',
      'data-an': 'Data Analysis, Statistics and Probability',
      'ed-ph': 'Physics Education',
      'flu-dyn': 'Fluid Dynamics',
      'gen-ph': 'General Physics',
      'geo-ph': 'Geophysics',
      'hist-ph': 'History and Philosophy of Physics',
      'ins-det': 'Instrumentation and Detectors',
      'med-ph': 'Medical Physics',
      optics: 'Optics',
      'plasm-ph': 'Plasma Physics',
      'pop-ph': 'Popular Physics',
      'soc-ph': 'Physics and Society',
      'space-ph': 'Space Physics',
    },
  ],
  'quant-ph': ['Quantum Physics'],
  'q-bio': [
    'Quantitative Biology',
    {
      BM: 'Biomolecules',
      CB: 'Cell Behavior',
      GN: 'Genomics',
      MN: 'Molecular Networks',
      NC: 'Neurons and Cognition',
      OT: 'Other Quantitative Biology',
      PE: 'Populations and Evolution',
      QM: 'Quantitative Methods',
      SC: 'Subcellular Processes',
      TO: 'Tissues and Organs',
    },
  ],
  'q-fin': [
    'Quantitative Finance',
    {
      CP: 'Computational Finance',
      EC: 'Economics',
      GN: 'General Finance',
      MF: 'Mathematical Finance',
      PM: 'Portfolio Management',
      PR: 'Pricing of Securities',
      RM: 'Risk Management',
      ST: 'Statistical Finance',
      TR: 'Trading and Market Microstructure',
    },
  ],
  stat: [
    'Statistics',
    {
      AP: 'Applications',
      CO: 'Computation',
      ME: 'Methodology',
      ML: 'Machine Learning',
      OT: 'Other Statistics',
      TH: 'Statistics Theory',
    },
  ],
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

const aliasOf: ReadonlyMap<string, string> = new Map([...sameAs].map(([alias, id]) => [id, alias]));

/** All archives with their categories. Each category is in one of them. */
export const arxivArchives: readonly ArxivArchive[] = Object.entries(taxonomy).map(
  ([id, [name, subjects]]) => {
    const all = subjects
      ? Object.entries(subjects).map(([subject, of]) => ({ id: `${id}.${subject}`, name: of }))
      : [{ id, name }];
    const kept = all.filter((one) => !sameAs.has(one.id));
    return { id, name, categories: kept.map((one) => ({ ...one, alias: aliasOf.get(one.id) })) };
  },
);

const known = new Map(
  arxivArchives.flatMap((archive) =>
    archive.categories.map((category) => [category.id, { archive, category }] as const),
  ),
);

/** Returns the id that arXiv keeps of a category: `math.NA` for `cs.NA`. Any other text stays as it is. */
export function toArxivCategoryId(id: string): string {
  return sameAs.get(id) ?? id;
}

/** Returns a category by either of its ids, and its archive. Undefined if arXiv has none. */
export function findArxivCategory(
  id: string,
): { readonly archive: ArxivArchive; readonly category: ArxivCategory } | undefined {
  return known.get(toArxivCategoryId(id));
}

/** The patterns that stand for all categories of an archive, `cs.*`, or of arXiv, `*`. */
const ALL_OF = /^(?:(?<archive>[a-z-]+)\.)?\*$/;

/**
 * Returns the ids of the categories that a text stands for: one for `cs.CL`, those of the archive for `cs.*`, and all for `*`. A second id
 * gives the one that arXiv keeps, so `cs.*` includes `math.NA`. Undefined if arXiv has none.
 */
export function expandArxivCategory(text: string): readonly string[] | undefined {
  const pattern = ALL_OF.exec(text);
  if (!pattern) return findArxivCategory(text) && [toArxivCategoryId(text)];
  const archive = pattern.groups?.archive;
  if (archive === undefined) return [...known.keys()];
  if (!Object.hasOwn(taxonomy, archive)) return undefined;
  const subjects = taxonomy[archive]?.[1];
  if (!subjects) return [archive];
  return [...new Set(Object.keys(subjects).map((subject) => toArxivCategoryId(`${archive}.${subject}`)))];
}

/** Returns everything that may be written for categories: ids, second ids and patterns such as `cs.*`. */
export function allArxivCategoryTexts(): readonly string[] {
  return [...known.keys(), ...sameAs.keys(), ...arxivArchives.map(({ id }) => `${id}.*`), '*'];
}
