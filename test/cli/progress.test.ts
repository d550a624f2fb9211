import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createProgress } from '../../cli/progress.ts';

function open(isTTY: boolean, total?: number) {
  const terminal = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 120 });
  let nowMs = 1_000;
  const work = { verb: 'Imported', unit: 'rows', ...(total === undefined ? {} : { total }) };
  const progress = createProgress(terminal, work, () => nowMs);
  const shown = () => String(terminal.read() ?? '');
  return {
    progress,
    shown,
    step(ms: number, more?: number) {
      nowMs += ms;
      progress.advance(more);
      return shown();
    },
  };
}

test('a terminal shows a bar once the work takes long, and takes it away at the end', () => {
  const { progress, step, shown } = open(true, 2_000);

  expect(step(499, 200)).toBe('');
  expect(step(1, 200)).toMatch(/Imported █{6}░{24} {2}20 % {2}400 of 2,000 rows/);
  progress.stop();
  expect(shown()).toContain('\u001b[0K');
});

test('a terminal counts work without a known total', () => {
  const { progress, step } = open(true);

  expect(step(500, 1_200)).toContain('Imported 1,200 rows');
  progress.stop();
});

test('a bar makes room for other output', () => {
  const { progress, step, shown } = open(true, 2);
  progress.clear();
  expect(shown()).toBe('');

  step(500);
  progress.clear();

  expect(shown()).toContain('\u001b[2K');
  progress.stop();
});

test('a log gets a plain line every ten seconds, however often the work advances', () => {
  const { progress, step } = open(false, 2_000);

  const lines = Array.from({ length: 25 }, () => step(1_000, 80)).filter((text) => text !== '');

  expect(lines).toEqual(['Imported 800 of 2,000 rows\n', 'Imported 1,600 of 2,000 rows\n']);
  progress.stop();
});

test('a log counts work without a known total', () => {
  const { step } = open(false);

  expect(step(10_000, 1_200)).toBe('Imported 1,200 rows\n');
});
