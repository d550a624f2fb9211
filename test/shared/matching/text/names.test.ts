import { describe, expect, test } from '@jest/globals';
import { matchesName, parseName } from '../../../../shared/matching/text/names.ts';
import { fc } from '../../../fast-check.ts';

const matches = (query: string, author: string) => matchesName(parseName(query), parseName(author));

describe('a name in a query', () => {
  test.each([
    ['Kaiming He', 'He, Kaiming', 'K. He', 'K.He', 'He, K.', 'he, k', 'KAIMING HE'],
    [
      'José María López',
      'Jose Maria Lopez',
      'J. M. López',
      'J.M. Lopez',
      'J.M.López',
      'López, José María',
      'José López',
    ],
    [
      'Laurens van der Maaten',
      'L. van der Maaten',
      'van der Maaten, Laurens',
      'Laurens Van Der Maaten',
      'L. Maaten',
    ],
    [
      'Jean-Baptiste Alayrac',
      'J.-B. Alayrac',
      'J.-B.Alayrac',
      'Jean Baptiste Alayrac',
      'J. Alayrac',
      'Alayrac, J.B.',
    ],
    ['Fei-Fei Li', 'Feifei Li', 'Li, Fei-Fei', 'F. Li', 'Fei Fei Li'],
    ['Sammy Davis, Jr.', 'Sammy Davis Jr.', 'Davis, Sammy, Jr.', 'S. Davis', 'Davis, Sammy'],
    ['Jürgen Schmidhuber', 'Juergen Schmidhuber', 'J. Schmidhuber'],
    ['Jürgen Schmidhuber', 'Jurgen Schmidhuber'],
    ['Søren Kierkegaard', 'Soren Kierkegaard'],
    ['Søren Kierkegaard', 'Soeren Kierkegaard'],
    ['Conan O’Brien', "C. O'Brien", "C.O'Brien", 'Conan OBrien', "O'Brien, Conan"],
    ['Anna Smith-Jones', 'Anna Smith Jones', 'Smith-Jones, Anna'],
    ['Xiang (Lisa) Li', 'Xiang Li', 'X. Li', 'Xiang Lisa Li'],
    ['何恺明', '何 恺明'],
    ['宮崎 駿', '宮崎駿'],
  ])('finds each spelling of one name by each other: %s, %s', (...spellings) => {
    const missed = spellings.flatMap((query) =>
      spellings.filter((author) => !matches(query, author)).map((author) => `${query} / ${author}`),
    );
    expect(missed).toEqual([]);
  });

  test.each([
    ['He', 'Kaiming He'],
    ['kaiming', 'Kaiming He'],
    ['Maaten', 'Laurens van der Maaten'],
    ['van der Maaten', 'Laurens van der Maaten'],
    ['Baptiste', 'Jean-Baptiste Alayrac'],
    ['Jean-Baptiste', 'Jean-Baptiste Alayrac'],
    ['Feifei', 'Fei-Fei Li'],
    ['Lisa Li', 'Xiang Lisa Li'],
    ['He,', 'Kaiming He'],
    ['恺明', '何恺明'],
    ['Schmidhuber', 'Jürgen Schmidhuber'],
    ['Van Gool', 'Luc Van Gool'],
    ['V. K. Nguyen', 'Van Khue Nguyen'],
    ['Juan-Manuel Pérez-Rúa', 'Juan-Manuel~Pérez-Rúa'],
    ['Jim Fan', 'Linxi "Jim" Fan'],
    ['Juergen', 'Jürgen Schmidhuber'],
    ['OpenAI', 'OpenAI'],
    ['ATLAS Collaboration', 'The ATLAS Collaboration'],
    ['Gemini', 'Gemini Team'],
    ['Z.AI', 'Z.AI Team'],
    ['J. A. Smith', 'John Smith'],
  ])('%s finds %s', (query, author) => {
    expect(matches(query, author)).toBe(true);
  });

  test.each([
    ['He Kaiming', 'Kaiming He'],
    ['Kaiming He', 'Kaiming Chen'],
    ['Kaiming He', 'Kaijing He'],
    ['L. He', 'Kaiming He'],
    ['K. He', 'Kaiming Hesse'],
    ['John A. Smith', 'John B. Smith'],
    ['M. Wang', 'Xiao-Ming Wang'],
    ['Z. Li', 'Stan Z. Li'],
    ['Stan Z. Li', 'Z. Li'],
    ['Y. Li', 'Tom S. Y. Li'],
    ['Jean-Luc Alayrac', 'Jean-Baptiste Alayrac'],
    ['Kaiming He', 'He'],
    ['Kaim', 'Kaiming He'],
    ['Xu', 'Wei Xue'],
    ['Van Nguyen', 'Wei Nguyen'],
    ['Anli', 'An Li'],
    ['A. de la Cruz', 'A. van Cruz'],
    ['Li,', 'Li He'],
    ['明恺', '何恺明'],
    ['', 'Kaiming He'],
    ['Jr.', 'Sammy Davis Jr.'],
    ['Z.AI', 'Zhen Ai'],
  ])('%s does not find %s', (query, author) => {
    expect(matches(query, author)).toBe(false);
  });

  const word = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrst'), minLength: 4, maxLength: 8 });

  test('finds an author in the comma form, in capitals, with initials, and by each word', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), word, (given, family) => {
        const author = [...given, family].join(' ');
        const initials = given.map((one) => `${one[0]}.`).join(' ');
        for (const query of [
          author,
          `${family}, ${given.join(' ')}`,
          author.toUpperCase(),
          `${initials} ${family}`,
          `${family}, ${initials}`,
          family,
          ...given,
        ])
          expect([query, matches(query, author)]).toEqual([query, true]);
        expect(matches(author, `${initials} ${family}`)).toBe(true);
      }),
    );
  });

  test('matches any name to itself, whatever its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const name = parseName(text);
        expect(matchesName(name, name)).toBe(name.readings.some(({ whole }) => whole !== ''));
      }),
      { numRuns: 1_000 },
    );
  });
});
