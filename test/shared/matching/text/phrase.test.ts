import { describe, expect, test } from '@jest/globals';
import { analyse, analysePhrase } from '../../../../shared/matching/text/analyser.ts';
import { findPhrase } from '../../../../shared/matching/text/phrase.ts';
import { fc } from '../../../fast-check.ts';

const find = (text: string, phrase: string, isPrefix = false) =>
  findPhrase(analyse(text), analysePhrase(phrase, isPrefix));
const finds = (text: string, phrase: string, isPrefix = false) => find(text, phrase, isPrefix).length > 0;

describe('a phrase', () => {
  test.each([
    ['multimodal', 'multi-modal', 'multi modal'],
    ['gpt4o', 'GPT-4o', 'GPT 4o'],
    ['Qwen2.5', 'Qwen 2.5', 'Qwen-2.5'],
    ['datasets', 'data set', 'data-sets'],
    ['vision-language models', 'vision language model', 'Vision–Language Model'],
  ])('is found however it is written: %s, %s, %s', (...spellings) => {
    for (const text of spellings)
      for (const phrase of spellings)
        expect([text, phrase, finds(`On ${text}.`, phrase)]).toEqual([text, phrase, true]);
  });

  test.each([
    ['k-NN', 'kNN', true],
    ['kNN', 'k-NN', true],
    ['k NN', 'kNN', false],
    ['C++', 'C', false],
    ['C', 'C++', false],
    ['C#', 'C', false],
    ['UNet++', 'UNet', true],
    ['UNet', 'UNet++', false],
    ['.NET', 'NET', false],
    ['L2', 'L', false],
    ['ℓ_2 or $\\ell_2$', 'L2', true],
    ['GPT-4.1', 'GPT-4', false],
    ['a 3B model', 'A3B', false],
    ['3-5 layers', '35', false],
    ['24/7', '24-7', true],
    ['24/7', '247', false],
    ['机器学习', '器学', true],
    ['机器学习', '学器', false],
    ['a model of vision', 'vision model', false],
    ['the model', '', false],
  ])('in "%s": %s: %s', (text, phrase, expected) => {
    expect(finds(text, phrase)).toBe(expected);
  });

  test.each([
    ['diffusion models', 'diffus', true],
    ['diffusion models', 'diffusion mod', true],
    ['diffusion models', 'diff model', false],
    ['multi-modality', 'multimod', true],
    ['multimodality', 'multi mod', true],
    ['multi', 'multimod', false],
    ['pre-training', 'pretrain', true],
    ['pre training', 'pretrain', false],
    ['the search for many new results', 'thes', false],
    ['the search for many new results', 'form', false],
    ['the search for many new results', 'search form', false],
    ['vision language', 'vision-lang', true],
    ['Qwen 2.5', 'qwen2', true],
    ['GPT4 of', 'gpt4o', false],
  ])('that ends in a prefix, in "%s": %s*: %s', (text, phrase, expected) => {
    expect(finds(text, phrase, true)).toBe(expected);
  });

  test('is found at every place', () => {
    expect(find('Multi-modal and multimodal, multi modal', 'multimodal')).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 4 },
      { from: 4, to: 6 },
    ]);
  });

  const word = fc.string({ unit: fc.constantFrom(...'abcdmnt5'), minLength: 3, maxLength: 6 });

  test('equals its words with hyphens or without, in both directions', () => {
    fc.assert(
      fc.property(word, word, word, (first, second, third) => {
        fc.pre(!/\d$/.test(first) || !/^\d/.test(second));
        const spellings = [`${first}-${second}`, `${first} ${second}`, `${first}${second}`];
        for (const text of spellings)
          for (const phrase of spellings)
            expect(finds(`${third} ${text} ${third}`, `${phrase} ${third}`)).toBe(true);
      }),
    );
  });

  test('is found where it was cut out, and its beginning as a prefix', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        (words, start, length) => {
          const from = start % words.length;
          const cut = words.slice(from, from + 1 + (length % (words.length - from))).join(' ');
          expect(finds(words.join(' '), cut)).toBe(true);
          expect(finds(words.join(' '), cut.slice(0, -1), true)).toBe(true);
        },
      ),
    );
  });
});
