import { describe, expect, test } from '@jest/globals';
import { toReadableTex } from '../../../../shared/domain/text/readable-tex.ts';
import { fc } from '../../../fast-check.ts';

describe('readable TeX', () => {
  test.each([
    ['UI2Code$^\\text{N}$, a model', 'UI2Codeᴺ, a model'],
    ['The framework $\\Psi$-Sampler', 'The framework Ψ-Sampler'],
    ['A$^*$ search', 'A* search'],
    ['backbone, $Φ$eat, is', 'backbone, Φeat, is'],
    ['Allo{SR}$^2$: Rectifying', 'AlloSR²: Rectifying'],
    ['of $^{11}$Be on protons', 'of ¹¹Be on protons'],
    ['$\\mathcal{O}(n^2)$ and \\(O(N_p^2)\\)', 'O(n²) and O(Nₚ²)'],
    ['$x_{i,j} \\leq 10^{-3}$', 'xᵢ,ⱼ ≤ 10⁻³'],
    ['7$\\times$ fewer, $\\approx$1K, 1.5$°$, 5472$×$3648', '7× fewer, ≈1K, 1.5°, 5472×3648'],
    ['$69\\%$ of $87{,}939$', '69% of 87,939'],
    ['$\\sim50{\\times}$ at $36.14\\,$dB', '∼50× at 36.14 dB'],
    ['0.35$^\\circ$, $r=0.998$', '0.35°, r=0.998'],
    ['$\\frac{1}{2}$, $\\frac{a+b}{c}$, $\\sqrt{n}$, $\\sqrt[3]{x+1}$', '1/2, (a+b)/c, √n, ³√(x+1)'],
    ['$\\hat{x}$ in $\\mathbb{R}$, $\\log n$', 'x̂ in ℝ, log n'],
    ['$\\textit{negative modules}$ for $\\texttt{RoI}$', 'negative modules for RoI'],
    ['$$E=mc^2$$ and \\[y_1\\]', 'E=mc² and y₁'],
  ])('reads the formulas of %s', (text, readable) => {
    expect(toReadableTex(text)).toBe(readable);
  });

  test.each([
    ['$\\mathbb{R}^{d \\times k}$', 'ℝ^(d × k)'],
    ['$r_{\\text{crit}}$ and $ρ_\\text{off}$', 'r_crit and ρ_off'],
    ['$V_{p,q}$', 'V_(p,q)'],
    ['$\\Ours$ and $\\foo{x}$', 'Ours and foox'],
    ['$x^{{{$', 'x'],
  ])('keeps text readable without Unicode signs: %s', (text, readable) => {
    expect(toReadableTex(text)).toBe(readable);
  });

  test.each([
    ['FaSTA^*: Fast-Slow', 'FaSTA*: Fast-Slow'],
    ['UI2Code^N: A Model', 'UI2Codeᴺ: A Model'],
    ['M^3Eval and UFO^3', 'M³Eval and UFO³'],
    ['^RFLAV: Rolling', 'ᴿFLAV: Rolling'],
    ['N_0-VTLA, π_0 and π_0.5', 'N₀-VTLA, π₀ and π₀.₅'],
    ['R^2 of 10^5, e^{-x}, x_{i}', 'R² of 10⁵, e⁻ˣ, xᵢ'],
  ])('reads formulas that lost their dollar signs: %s', (text, readable) => {
    expect(toReadableTex(text)).toBe(readable);
  });

  test.each([
    ['\\mathcal{O}(n^2) \\alpha-bench \\cite{foo}', 'O(n²) α-bench'],
    ['methods~\\cite[p. 3]{a,b}, and \\emph{more}.', 'methods, and more.'],
    ['E\\textsuperscript{2}R-FLOPs by 50\\%', 'E²R-FLOPs by 50%'],
    ['\\textbf{bold with $x^2$ inside}', 'bold with x² inside'],
    ['\\mbox{LPIPS $=0.551$}, best', 'LPIPS =0.551, best'],
    ['{\\it Shallow UNet}, small', 'Shallow UNet, small'],
    ['at \\href{https://example.org/a_b}{our page}', 'at our page'],
    ['tokens\\textemdash discrete ones', 'tokens—discrete ones'],
    ['the \\O rsted satellite, \\alpha bench', 'the Ørsted satellite, α bench'],
    ['82{,}126 images at B{=}32, {,} and a{,}', '82,126 images at B=32, {,} and a{,}'],
  ])('reads macros outside formulas: %s', (text, readable) => {
    expect(toReadableTex(text)).toBe(readable);
  });

  test.each([
    ["(termed ``implicit reasoning'')", '(termed “implicit reasoning”)'],
    ["How \"Smart'' Are They", 'How “Smart” Are They'],
    ["an `inner' word", 'an ‘inner’ word'],
    ['the Scientist -- Building', 'the Scientist – Building'],
    ['Knowing--Using Gap, pages 3--5', 'Knowing–Using Gap, pages 3–5'],
    ['hard queries---those', 'hard queries—those'],
    ['$O(n)$--$O(n^2)$', 'O(n)–O(n²)'],
  ])('reads quotes and dashes: %s', (text, readable) => {
    expect(toReadableTex(text)).toBe(readable);
  });

  test.each([
    ['Earn \\$1 Million or \\$2', 'Earn $1 Million or $2'],
    ['\\$OneMillion-Bench costs $x^2$', '$OneMillion-Bench costs x²'],
    ['costs $5-$10, or $x$', 'costs $5-$10, or x'],
  ])('distinguishes money from formulas: %s', (text, readable) => {
    expect(toReadableTex(text)).toBe(readable);
  });

  test.each([
    'Earn $1 Million for $2',
    '$5',
    'from $5 to $10, or US$5/US$6',
    '$5M or 4M in US$',
    '10$-20$',
    'for $0.005, or approximately $400K',
    'run --verbose or -- with two spaces -->',
    'C:\\new\\text and \\method and \\d+',
    'snake_case, __init__, a_b_c, DataClaw_0-9B, π_RL, q_proj',
    'a regular [^0-9]+ expression ^_^',
    "markdown `code` and it's `more`",
    "f''(x) and 5'10\"",
    'https://example.org/a_b^2--c',
    'A plain title: <think> & “τ-bench” 👩‍👩‍👧',
    'a $ alone and one $unclosed',
  ])('does not change %s', (text) => {
    expect(toReadableTex(text)).toBe(text.replace(' -- ', ' – '));
  });

  test('never changes prices in words', () => {
    const price = fc
      .tuple(
        fc.constantFrom('$', 'US$', 'A$'),
        fc.integer({ min: 1, max: 99_999 }),
        fc.constantFrom('', 'M', '.50', ' million'),
      )
      .map((parts) => parts.join(''));
    const words = fc.constantFrom(' to ', ' or ', ', ', ' and up to ', ' per paper, ', '-', '/', ' – ');
    fc.assert(
      fc.property(fc.array(fc.tuple(price, words), { maxLength: 6 }), (parts) => {
        const text = `Earn ${parts.flat().join('')}more`;
        expect(toReadableTex(text)).toBe(text);
      }),
    );
  });

  test('never changes a text without TeX', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        fc.pre(!/[\\$^_`'-]/.test(text));
        expect(toReadableTex(text)).toBe(text);
      }),
    );
  });

  test('terminates for any text at any nesting', () => {
    const piece = fc.constantFrom(
      ...['$', '$$', '\\', '{', '}', '^', '_', '`', "''", '--', '~', ' ', 'a', '1', '\u{f0000}'],
      ...['\\frac', '\\hat', '\\sqrt[', '\\textbf{', '\\cite{', '\\href', '\\(', '\\)', '\\text', '\\alpha'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (pieces, times) => {
        expect(typeof toReadableTex(pieces.join('').repeat(times))).toBe('string');
      }),
      { numRuns: 300 },
    );
    for (const opening of ['\\hat{', '$\\frac', '{', '\\textbf{', '^{', '``', '$x'])
      expect(typeof toReadableTex(opening.repeat(5_000))).toBe('string');
  });
});
