/**
 * Returns the singular of a folded English word: `models` gives `model`, `queries` gives `query`, `matrices` gives `matrix`. A singular
 * stays. Only plurals are merged: `train`, `training` and `trained` are three words. A search for one of them is seldom
 * meant for the others.
 */
export function toSingular(word: string): string {
  if (!LAST_LETTERS.includes(word.charAt(word.length - 1))) return word;
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || !word.endsWith('s')) return word;
  const regular = toRegular(word);
  return IRREGULAR.get(regular) ?? regular;
}

/** The last letters of plurals. Most words end in another letter, and need no search. */
const LAST_LETTERS = 'saienth';

function toRegular(word: string): string {
  // Most words in -ss, -us, -is and -ics are no plurals: loss, corpus, analysis, physics.
  if (/(?:[sui']|ic)s$/.test(word)) return word;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|[cs]h|zz)es$/.test(word)) return word.slice(0, -2);
  if (/(?:aly|the|gno)ses$/.test(word)) return `${word.slice(0, -2)}is`;
  return word.slice(0, -1);
}

/** Words that look like a plural and are none. Names are here so that `bayes*` finds `Bayes`. */
const NO_PLURALS =
  'across always atlas bayes besides bias canvas chaos christmas cosmos debris erdos ethos hastings hers keras kubernetes lens ' +
  'news ours pancreas pathos perhaps pisces series sometimes species stokes texas theirs themselves whereas yours';

/** The beginnings of irregular plurals, by their endings in the plural and in the singular. */
const IRREGULAR_PLURALS: Readonly<Record<string, string>> = {
  // Other short words in -s are no plurals: gas, gps, nas.
  's/':
    'ad ai av dm eq fm id ip kb kg kv lm nn pc pr qa tv vm ' +
    'avalanche cache calorie cookie genie headache movie moustache niche prairie psyche rookie selfie zombie',
  // Other words in -is, -us and -ics are no plurals: tennis, virus, robotics.
  'is/i': 'ap bc cl cs gu kp ll mr po pp ps ro sk tax u ws',
  'us/u': 'burea cp dp ed gel gp gr gur io lp men np platea rel sil tp xp',
  'ics/ic':
    'academ antibiot as characterist clin com con crit cub ep fabr geodes harmon heurist log lyr metr mim mosa plast ' +
    'quadr rel rubr skept statist tact top trop',
  'es/':
    'alias atlas bias bonus bus campus canvas census consensus corpus focus gas iris lens octopus os plus status surplus ' +
    'virus echo go hero potato tomato torpedo undergo veto volcano',
  'zes/': 'quiz whiz',
  'ves/f': 'hal lea shel wol',
  'en/an': 'm wom',
  'i/us': 'alumn annul bacill cact foc fung gyr loc nucle radi stimul sulc syllab tor',
  'a/um':
    'automat bacteri continu curricul equilibri errat extrem maxim memorand millenni minim moment optim ov polyhedr ' +
    'quant spectr strat symposi',
  'a/on': 'criteri gangli phenomen',
  'ae/a': 'alg antenn formul larv nebul supernov vertebr',
  'ices/ex': 'ap cod cort ind simpl vert vort',
  'ices/ix': 'append hel matr',
  'es/is': 'ax cris emphas metastas oas',
  'ldren/ld': 'chi',
  'ora/us': 'corp',
  'eet/oot': 'f',
  'eeth/ooth': 't',
  'ice/ouse': 'm',
  'ata/a': 'schem',
};

/** Irregular plurals with their singulars, and the words that stay unchanged. */
const IRREGULAR: ReadonlyMap<string, string> = readIrregular();

function readIrregular(): ReadonlyMap<string, string> {
  const found = new Map(NO_PLURALS.split(' ').map((word) => [word, word]));
  for (const [endings, beginnings] of Object.entries(IRREGULAR_PLURALS)) {
    const [plural = '', singular = ''] = endings.split('/');
    for (const beginning of beginnings.split(' ')) {
      found.set(beginning + singular, beginning + singular);
      found.set(beginning + plural, beginning + singular);
    }
  }
  return found;
}
