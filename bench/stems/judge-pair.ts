/** Two words, the shorter one first. */
export type Pair = readonly [shorter: string, longer: string];

function toPair(one: string, other: string): Pair {
  return one.length < other.length || (one.length === other.length && one < other)
    ? [one, other]
    : [other, one];
}

/**
 * Returns whether two words are one word in the singular and the plural, or a verb with and without its `s`. The spelling decides,
 * except for the words below. They were judged by hand, from everything in the recordings on which two stemmers disagree. Returns
 * undefined for pairs that are right in one text and wrong in the next.
 */
export function judgePair([shorter, longer]: Pair): boolean | undefined {
  const isIn = (pairs: ReadonlySet<string>) =>
    pairs.has(`${shorter}/${longer}`) || pairs.has(`${longer}/${shorter}`);
  if (isIn(UNDECIDED)) return undefined;
  if (isIn(IRREGULAR)) return true;
  return isRegularPlural(shorter, longer) && !NO_PLURALS.has(longer) && !isIn(DIFFERENT);
}

/** Returns the pairs of a singular and its plural that are both in a vocabulary. */
export function findPlurals(words: ReadonlySet<string>): readonly Pair[] {
  const regular = [...words].flatMap((word) =>
    [`${word}s`, `${word}es`, `${word.slice(0, -1)}ies`].map((plural): Pair => [word, plural]),
  );
  const irregular = [...IRREGULAR]
    .map((pair) => pair.split('/'))
    .map(([one = '', other = '']) => toPair(one, other));
  return [...regular, ...irregular].filter(
    (pair) => pair.every((word) => words.has(word)) && judgePair(pair) === true,
  );
}

/** Returns the pairs of words that have the same stem. */
export function findMerged(words: Iterable<string>, toSingular: (word: string) => string): readonly Pair[] {
  const groups = new Map<string, string[]>();
  for (const word of words) {
    const stem = toSingular(word);
    const group = groups.get(stem);
    if (group) group.push(word);
    else groups.set(stem, [word]);
  }
  return [...groups.values()].flatMap((group) =>
    group.flatMap((one, n) => group.slice(n + 1).map((other) => toPair(one, other))),
  );
}

function isRegularPlural(shorter: string, longer: string): boolean {
  if (/[^aeiou]y$/.test(shorter)) return longer === `${shorter.slice(0, -1)}ies`;
  if (/(?:s|x|z|[cs]h)$/.test(shorter)) return longer === `${shorter}es`;
  return longer === `${shorter}s` || (shorter.endsWith('o') && longer === `${shorter}es`);
}

const toSet = (words: string) => new Set(words.split(' '));

/** Words that look like the plural of another word in the recordings and mean something else. */
const NO_PLURALS = toSet(
  'acoustics aerodynamics aes aesthetics ahs als ams analytics ars as aus ballistics basics ccs ces cls cms cos cps cs dds des ' +
    'dgs diagnostics dis does dps ds dynamics eas economics electronics eos es extrinsics fas fes ffs forensics fs gasdynamics ' +
    'genomics geometrics gps graphics gs hds his historics hls hydrodynamics ias ifs ils ims ins intrinsics ios is its kinematics ' +
    'kinetics linguistics logistics lrs magnetohydrodynamics mechanics mis mms ms multis mvs nas news nms ns nvs ods ons os ours ' +
    'ovs phonetics pls plus ps pws res robotics rs sas scs sds semantics sfs sls statics sts tfs therapeutics thermodynamics thus ' +
    'trigonometrics ts tts uas ups us vfs vs was zs',
);

const DIFFERENT = toSet('axi/axis los/loses mis/mises ris/rises us/uses');

const IRREGULAR = toSet(
  'analysis/analyses axis/axes diagnosis/diagnoses hypothesis/hypotheses child/children half/halves leaf/leaves quiz/quizzes ' +
    'foot/feet teeth/tooth corpus/corpora criteria/criterion phenomena/phenomenon curricula/curriculum equilibria/equilibrium ' +
    'minima/minimum optima/optimum spectra/spectrum nuclei/nucleus radii/radius index/indices index/indexes indexes/indices ' +
    'matrix/matrices vertex/vertices vortex/vortices appendix/appendices epoch/epochs mech/mechs stimuli/stimulus childs/children optima/optimums ' +
    'antenna/antennae formula/formulae formulae/formulas nebula/nebulae',
);

const UNDECIDED = toSet(
  'leave/leaves diagnose/diagnoses analyse/analyses base/bases bases/basis life/lives live/lives rm/rms ' +
    'people/person people/persons ax/axes friedrich/friedrichs',
);
