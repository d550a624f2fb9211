import { describe, expect, test } from '@jest/globals';
import { toSingular } from '../../../../shared/matching/text/singular.ts';
import { fc } from '../../../fast-check.ts';

/** Words that differ only in their number. */
const SAME = [
  ...[
    'model/models',
    'query/queries',
    'class/classes',
    'loss/losses',
    'box/boxes',
    'search/searches',
    'mesh/meshes',
  ],
  ...['case/cases', 'phase/phases', 'cache/caches', 'movie/movies', 'tie/ties', 'size/sizes', 'quiz/quizzes'],
  ...[
    'bias/biases',
    'atlas/atlases',
    'lens/lenses',
    'virus/viruses',
    'focus/focuses',
    'gas/gases',
    'echo/echoes',
  ],
  ...['camera/cameras', 'schema/schemas', 'video/videos', 'scenario/scenarios', 'ratio/ratios', 'zero/zeros'],
  ...[
    'llm/llms',
    'lm/lms',
    'gpu/gpus',
    'api/apis',
    'gui/guis',
    'mri/mris',
    'id/ids',
    'qa/qas',
    'moe/moes',
    'gru/grus',
  ],
  ...['nn/nns', 'vm/vms', 'pr/prs', 'kb/kbs', 'kv/kvs', 'tv/tvs', 'pc/pcs', 'ui/uis', 'cli/clis', 'os/oses'],
  ...['formula/formulae', 'formulas/formulae', 'antenna/antennae', 'nebula/nebulae', 'supernova/supernovae'],
  ...['alga/algae', 'larva/larvae', 'vertebra/vertebrae'],
  ...['metric/metrics', 'topic/topics', 'heuristic/heuristics', 'statistic/statistics', 'rubric/rubrics'],
  ...[
    'matrix/matrices',
    'index/indices',
    'vertex/vertices',
    'axis/axes',
    'analysis/analyses',
    'hypothesis/hypotheses',
  ],
  ...['criterion/criteria', 'phenomenon/phenomena', 'corpus/corpora', 'spectrum/spectra', 'optimum/optima'],
  ...[
    'nucleus/nuclei',
    'stimulus/stimuli',
    'half/halves',
    'child/children',
    'woman/women',
    'mouse/mice',
    'foot/feet',
  ],
];

/** Words that are alike and mean different things. Each of them is frequent in papers. */
const DIFFERENT = [
  ...[
    'new/news',
    'len/lens',
    'na/nas',
    'gp/gps',
    'it/its',
    'io/ios',
    'o/os',
    'v/vs',
    'a/as',
    'i/is',
    'u/us',
    'm/ms',
  ],
  ...[
    'thu/thus',
    'plu/plus',
    'do/does',
    'are/is',
    'this/these',
    'has/have',
    'was/were',
    'us/use',
    'our/ours',
  ],
  ...['dynamic/dynamics', 'graphic/graphics', 'robotic/robotics', 'semantic/semantics', 'logistic/logistics'],
  ...[
    'linguistic/linguistics',
    'genomic/genomics',
    'kinematic/kinematics',
    'basic/basics',
    'economic/economics',
  ],
  ...['media/medium', 'moes/mos', 'bases/basis', 'sas/sass', 'life/live', 'people/person', 'corpus/corps'],
  ...[
    'policy/police',
    'university/universe',
    'general/generate',
    'general/generative',
    'generate/generative',
  ],
  ...['organ/organization', 'neural/neuron', 'international/internal', 'relative/relation', 'train/training'],
  ...[
    'embed/embedding',
    'code/coding',
    'learn/learning',
    'reason/reasoning',
    'attention/attentive',
    'image/imaging',
  ],
  ...['diffuse/diffusion', 'transform/transformer', 'operation/operative', 'word/wording', 'ration/ratio'],
  ...['meta/met', 'vision/visual', 'adam/adamw', 'bert/bart', 'lora/lor', 'time/timing', 'state/station'],
];

describe('a singular', () => {
  test.each(SAME)('is the same for %s', (pair) => {
    const [first, second] = pair.split('/').map(toSingular);
    expect(first).toBe(second);
  });

  test.each(DIFFERENT)('differs for %s', (pair) => {
    const [first, ...others] = pair.split('/').map(toSingular);
    for (const other of others) expect(other).not.toBe(first);
  });

  test.each([
    '',
    's',
    'ss',
    'sss',
    'class',
    'physics',
    'bayes',
    'series',
    "don't",
    'c++',
    '3.5',
    '++',
    'constructor',
    '學習',
  ])('of %j is the word itself', (word) => {
    expect(toSingular(word)).toBe(word);
  });

  test('has itself as its singular', () => {
    const parts = fc.constantFrom(
      's',
      'e',
      'x',
      'ch',
      'zz',
      'es',
      'ies',
      'ics',
      'bias',
      'lens',
      'ax',
      'matric',
      'a',
      'i',
      'u',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 5 }), (word) => {
        const stem = toSingular(word.join(''));
        expect(toSingular(stem)).toBe(stem);
      }),
      { numRuns: 3_000 },
    );
  });
});
