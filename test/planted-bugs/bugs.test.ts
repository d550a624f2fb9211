import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { plantedBugs } from './bugs.ts';

test.each(plantedBugs)('can still be planted: $what', async ({ file, before }) => {
  const source = await readFile(file, 'utf8');

  expect(source.split(before)).toHaveLength(2);
});
