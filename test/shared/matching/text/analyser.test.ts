import { describe, expect, test } from '@jest/globals';
import { analyse, analysePhrase, mayPair } from '../../../../shared/matching/text/analyser.ts';
import { fc } from '../../../fast-check.ts';

const stems = (text: string) => analyse(text).map(({ stem }) => stem);

describe('the words of a text', () => {
  test.each([
    ['Self-Supervised Müller models', 'self supervised muller model'],
    ['Erdős, Straße, STRASSE, Łukasz, Søren, Æsir', 'erdos strasse strasse lukasz soren aesir'],
    ['İstanbul ıspanak ISPANAK', 'istanbul ispanak ispanak'],
    ['soft\u00adware ﬁne-tuning', 'software fine tuning'],
    [
      'multi‐modal vision–language non−linear snake_case',
      'multi modal vision language non linear snake case',
    ],
    ['C++, C#, F♯ and C', 'c++ c# f# and c'],
    ['C/C++17, Objective-C++, UNet++', 'c c++ 17 objective c++ unet ++'],
    ['a .NET app, ASP.NET, Node.js', 'a .net app asp net node js'],
    ['A* search, a*b, word*', 'a* search a b word'],
    ['GPT-4o, GPT-4.1, Qwen2.5-VL, 3D', 'gpt 4o gpt 4.1 qwen2.5 vl 3d'],
    ['k-NN, kNN, top-k, pass@k, A/B, 24/7', 'k nn knn top k pass k a b 24 7'],
    ['L2, ℓ2, ℓ₂, M³', 'l2 l2 l2 m3'],
    ['10,000 or 10000, 1,2,3, 3.5. In 2023.', '10000 or 10000 1 2 3 3.5 in 2023'],
    ['½ and ⑴', '1 2 and 1'],
    ['τ-bench, π₀.₅, βVAE, Ελλάδα', 'tau bench pi0.5 betavae ελλαδα'],
    ["Nations' rule, Kant’s, d’Alembert, don't", 'nation rule kant d alembert dont'],
    ['机械学习と GPT4o模型', '机 械 学 习 と gpt4o 模 型'],
    ['が ｶﾞ 한국어', 'か\u3099 カ\u3099 한 국 어'],
    ['हिन्दी', 'हिन्दी'],
    ['\u{1d400}\u{1d401} \ud83d\ude80 \ud83d', 'ab'],
    ['... — 🚀', ''],
  ])('%s', (text, words) => {
    expect(stems(text).join(' ')).toBe(words.normalize('NFC'));
  });

  test.each([
    ['k-NN', [true, false]],
    ['vision–language model', [true, false, false]],
    ['Node.js d’Alembert', [true, false, true, false]],
    ['UNet++', [true, false]],
    ['models — diffusion', [false, false]],
    ['models—diffusion', [false, false]],
    ['A/B', [false, false]],
    ['multi- modal', [false, false]],
  ])('of %s are joined as they are written', (text, isJoined) => {
    expect(analyse(text).map((word) => word.isJoined)).toEqual(isJoined);
  });
});

test('a phrase of a query is read like a paper, and the last word of a prefix keeps its ending', () => {
  expect(analysePhrase('$\\ell_2$ norms')).toEqual({
    words: ['l2', 'norm'],
    isJoined: [false, false],
    isPrefix: false,
  });
  expect(analysePhrase('pre-trained Querys', true)).toEqual({
    words: ['pre', 'trained', 'querys'],
    isJoined: [true, false, false],
    isPrefix: true,
  });
  expect(analysePhrase('...', true).words).toEqual([]);
});

test('a query finds the text that a reader sees', () => {
  for (const written of ['M$^3$Eval', 'M^3Eval', 'M³Eval', 'M3Eval'])
    expect(analysePhrase(written).words).toEqual(['m3eval']);
  expect(analysePhrase('\\textbf{Small}-LoRA, soft\u00adware').words).toEqual(['small', 'lora', 'software']);
});

test.each([
  ['k', 'nn', true, true],
  ['k', 'nn', false, false],
  ['multi', 'modal', false, true],
  ['gpt', '4o', false, true],
  ['3', 'layer', false, true],
  ['a', '3b', false, false],
  ['l', '2', false, false],
  ['3', '5', true, false],
  ['2023', '2024', false, false],
])('%s and %s, joined: %s, may equal one word: %s', (first, second, isJoined, expected) => {
  expect(mayPair(first, second, isJoined)).toBe(expected);
});

describe('for any text', () => {
  const unicode = fc.string({ unit: 'grapheme', maxLength: 60 });
  const pieces = fc.constantFrom(
    ...[
      'C',
      '++',
      '#',
      '*',
      '.',
      '.net',
      'NET',
      '3',
      '5',
      ',',
      '000',
      '-',
      '–',
      '_',
      '’',
      "'s",
      "n't",
      't',
      ' ',
    ],
    ...[
      'é',
      'e\u0301',
      'ß',
      'Model',
      's',
      'ies',
      '½',
      '机',
      'が',
      'ｶﾞ',
      'τ',
      'σς',
      '\u00ad',
      '\u{1d400}',
      '🚀',
    ],
  );
  const texts = fc.oneof(
    unicode,
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  );

  test('analysing its words again changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = stems(text);
        expect(stems(once.join(' '))).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the offsets cut out the words, in order', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let last = { start: 0, end: 0 };
        for (const word of analyse(text)) {
          expect(stems(text.slice(word.start, word.end))).toContain(word.stem);
          expect(word.end).toBeGreaterThan(word.start);
          expect(word.start >= last.end || word.start === last.start).toBe(true);
          last = word;
        }
        expect(last.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('case and accents do not matter', () => {
    const latin = fc.string({ unit: fc.constantFrom(...'abcdeghnorstuyz.-’ 0159#+*'), maxLength: 40 });
    fc.assert(
      fc.property(latin, (text) => {
        expect(analyse(text.toUpperCase())).toEqual(analyse(text));
        const accented = text.replace(/[aeouy]/g, (vowel) => `${vowel}\u0301`);
        expect(stems(accented)).toEqual(stems(text));
        expect(stems(accented.normalize('NFC'))).toEqual(stems(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
