import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createProgress } from '../../../cli/subscribers/progress.ts';

function open(isTTY: boolean, total: number) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  let nowMs = 1_000;
  const progress = createProgress(stream, total, () => nowMs);
  return {
    progress,
    step(ms: number) {
      nowMs += ms;
      progress.advance();
      return String(stream.read() ?? '');
    },
    shown: () => String(stream.read() ?? ''),
  };
}

test('a bar is drawn on a terminal once the work is long, and not for every step', () => {
  const { step } = open(true, 10);

  expect(step(499)).toBe('');
  expect(step(1)).toContain('██████░░░░░░░░░░░░░░░░░░░░░░░░  20 %  2/10');
  expect(step(99)).toBe('');
  expect(step(1)).toContain(' 40 %  4/10');
});

test('a bar is taken away for whatever else is printed', () => {
  const { progress, step, shown } = open(true, 2);
  progress.clear();
  expect(shown()).toBe('');

  step(500);
  progress.clear();

  expect(shown()).toContain('\u001b[2K');
});

test('nothing is drawn into a file or a pipe', () => {
  const { progress, step, shown } = open(false, 2);

  expect(step(5_000)).toBe('');
  progress.clear();
  expect(shown()).toBe('');
});
