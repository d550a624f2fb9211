import { expect, test } from '@jest/globals';
import { loadOnFirstUse, onFirstUse } from '../../../shared/domain/on-first-use.ts';

test('a value is made when it is first asked for, and only once', () => {
  let made = 0;
  const value = onFirstUse(() => {
    made += 1;
    return undefined;
  });
  expect(made).toBe(0);

  value();
  value();

  expect(made).toBe(1);
});

test('a value is loaded once, also for those who ask meanwhile, and again after a failure', async () => {
  const answers = [
    Promise.reject(new Error('not now')),
    Promise.resolve('papers'),
    Promise.resolve('others'),
  ];
  let loads = 0;
  const load = loadOnFirstUse(() => {
    loads += 1;
    return answers[loads - 1] ?? Promise.resolve('more');
  });

  await expect(load()).rejects.toThrow('not now');

  expect(await Promise.all([load(), load()])).toEqual(['papers', 'papers']);
  expect(await load()).toBe('papers');
  expect(loads).toBe(2);
});
