import { expect, test } from '@jest/globals';
import { loadOnFirstUse, oncePerKey, oncePerObject, onFirstUse } from '../../../shared/domain/once.ts';

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

test('a value is made once for each object', () => {
  let made = 0;
  const toCounted = oncePerObject(({ name }: { readonly name: string }) => {
    made += 1;
    return { name, made };
  });
  const [a, b] = [{ name: 'a' }, { name: 'a' }];

  expect([toCounted(a), toCounted(b), toCounted(a)]).toEqual([
    { name: 'a', made: 1 },
    { name: 'a', made: 2 },
    { name: 'a', made: 1 },
  ]);
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

test('the value of each key is loaded once, and again after a failure', async () => {
  const loads: string[] = [];
  const load = oncePerKey(async (key: string) => {
    loads.push(key);
    if (loads.length === 1) throw new Error('not now');
    return key.toUpperCase();
  });

  await expect(load('a')).rejects.toThrow('not now');

  expect(await Promise.all([load('a'), load('a'), load('b')])).toEqual(['A', 'A', 'B']);
  expect(loads).toEqual(['a', 'a', 'b']);
});
