import { describe, expect, test } from '@jest/globals';
import { toReadableTex } from '../../../../shared/domain/text/readable-tex.ts';
import type { TextCondition } from '../../../../shared/matching/query/query.ts';
import { analyse, analysePhrase } from '../../../../shared/matching/text/analyser.ts';
import { findTerms } from '../../../../shared/matching/text/phrase.ts';
import { fc } from '../../../fast-check.ts';

function condition(text: string): TextCondition {
  const isPrefix = text.endsWith('*');
  const phrase = analysePhrase(text.replace(/\*$/, ''), isPrefix);
  return { kind: 'text', field: undefined, text, range: { start: 0, end: text.length }, ...phrase };
}

/** The text with its found parts in brackets. */
function mark(text: string, ...terms: readonly string[]): string {
  const spans = findTerms(text, terms.map(condition)).toReversed();
  return spans.reduce(
    (marked, { start, end }) => `${marked.slice(0, start)}[${marked.slice(start, end)}]${marked.slice(end)}`,
    text,
  );
}

describe('the parts of a text that a query finds', () => {
  test.each([
    ['Residual Streams in models', ['residual stream'], '[Residual Streams] in models'],
    [
      'Multi-modal, multimodal and multi modal',
      ['multimodal'],
      '[Multi-modal], [multimodal] and [multi modal]',
    ],
    ['A model of models', ['model'], 'A [model] of [models]'],
    ['Diffusion is diffusive', ['diffus*'], '[Diffusion] is [diffusive]'],
    ['Large vision models', ['vision', 'model'], 'Large [vision models]'],
    ['vision model zoo', ['vision model', 'model zoo'], '[vision model zoo]'],
    ['“Müller’s” C++ and C', ['muller', 'c++'], '“[Müller]’s” [C++] and C'],
    ['🚀 机器学习 is 学习', ['学习'], '🚀 机器[学习] is [学习]'],
    ['Nothing here', ['vision'], 'Nothing here'],
    ['Nothing asked', [], 'Nothing asked'],
  ])('in "%s": %j', (text, terms, marked) => {
    expect(mark(text, ...terms)).toBe(marked);
  });

  test('in a text with TeX are those of its readable form', () => {
    expect(mark(toReadableTex('Norms in $\\ell_2$ and $M^3$Eval'), 'l2', 'M3Eval')).toBe(
      'Norms in [ℓ₂] and [M³Eval]',
    );
  });

  test('are found words only, in order, apart from each other', () => {
    const word = fc.constantFrom('multi', 'modal', 'multimodal', 'models', 'C++', 'naïve', '机器', 'of');
    const texts = fc
      .array(fc.tuple(word, fc.constantFrom(' ', '-', ', ', ' — ')), { maxLength: 12 })
      .map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(texts, fc.array(word, { maxLength: 3 }), (text, terms) => {
        const words = analyse(text);
        let last = -1;
        for (const { start, end } of findTerms(text, terms.map(condition))) {
          expect(start).toBeGreaterThan(last);
          expect(words.some((one) => one.start === start)).toBe(true);
          expect(words.some((one) => one.end === end)).toBe(true);
          expect(terms.some((term) => findTerms(text.slice(start, end), [condition(term)]).length > 0)).toBe(
            true,
          );
          last = end;
        }
      }),
    );
  });
});
