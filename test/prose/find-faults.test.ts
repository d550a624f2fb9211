import { describe, expect, test } from '@jest/globals';
import { checkProse } from './find-faults.ts';

const LONG =
  'The planner reads the cursor, and then it reads each of the cohorts that are due, and after that it writes an edition for every one of them.';
const PASSIVE = 'The digest is sent by the worker.';

const kindsOf = (file: string, text: string) => checkProse(file, text).map(({ kind }) => kind);

describe('a page', () => {
  test('passes with short, active sentences', () => {
    expect(checkProse('a.md', '# Ingest\n\nThe function reads a list. It saves the papers.\n')).toEqual([]);
  });

  test.each([
    ['a paragraph', `Good.\n\n${LONG}\n`, 3],
    ['a list item', `- Good.\n- ${LONG}\n`, 2],
    ['a table cell', `| a | b |\n|---|---|\n| c | ${LONG} |\n`, 3],
    ['a wrapped paragraph', `Good.\nGood again. ${LONG.replace(', and then', ',\nand then')}\n`, 2],
  ])('fails for a long sentence in %s, at its line', (_, page, line) => {
    expect(checkProse('a.md', page)).toEqual([
      { kind: 'long', line, message: expect.stringMatching(/^28 words: The planner/) },
    ]);
  });

  test.each([
    ['a bookish word', 'The log tells what happened.'],
    ['a vague word', 'The planner is very fast.'],
  ])('fails for %s', (_, page) => {
    expect(kindsOf('a.md', page)).toEqual(['avoided']);
  });

  test('fails for many passives, and allows a few', () => {
    expect(kindsOf('a.md', `${PASSIVE} `.repeat(3))).toEqual([]);
    expect(kindsOf('a.md', `${PASSIVE} `.repeat(4))).toEqual(['passive', 'passive', 'passive', 'passive']);
  });

  test('may end a sentence with a number', () => {
    const half = 'The worker reads a page of the cohort and then it writes a batch of 50.';

    expect(checkProse('a.md', `${half} ${half}\n`)).toEqual([]);
  });

  test('may say anything in code, and a name in code is one word', () => {
    const page = `\`\`\`sh\n${LONG} tells\n\`\`\`\n\nThe word \`${LONG}\` is short.\n`;

    expect(checkProse('a.md', page)).toEqual([]);
  });
});

describe('a source', () => {
  test.each([
    [
      'a docstring',
      `/**\n * Good.\n *\n * ${LONG.replace(', and', ',\n * and')}\n */\nexport const a = 1;\n`,
      4,
    ],
    ['a tag', `/**\n * Good.\n * @throws ${LONG}\n */\nexport const a = 1;\n`, 3],
    ['line comments below each other', `// ${LONG.replace(', and', ',\n// and')}\nexport const a = 1;\n`, 1],
  ])('fails for a long sentence in %s', (_, source, line) => {
    expect(checkProse('a.ts', source)).toEqual([{ kind: 'long', line, message: expect.any(String) }]);
  });

  test('is judged by its comments only, and only by their length', () => {
    const source = `// Two comments.\n\n// It tells nobody.\nexport const text = '${LONG}';\n`;

    expect(checkProse('a.ts', source)).toEqual([]);
  });
});
