import { expect, test } from '@jest/globals';
import { runUntil } from './run-until.ts';

test('a program that ends gives its output', async () => {
  const script = "process.stdout.write('one '); process.stderr.write('two')";

  const { kind, output } = await runUntil(['node', '-e', script], { signal: new AbortController().signal });

  expect(kind).toBe('ended');
  expect(output.split(' ').sort()).toEqual(['one', 'two']);
});

test('a program that loops for ever is stopped, with the one that it started', async () => {
  const loop = 'process.stdout.write("looping"); process.on("SIGTERM", () => {}); for (;;) {}';
  const script = `require('node:child_process').execFileSync('node', ['-e', ${JSON.stringify(loop)}], { stdio: 'inherit' })`;
  const limit = new AbortController();

  const { kind, output } = await runUntil(['node', '-e', script], {
    signal: limit.signal,
    onOutput: () => limit.abort(),
  });

  expect(kind).toBe('stopped');
  // Both programs have the output open. It ends only after both.
  expect(output).toBe('looping');
});

test('the limit is harmless after the program has ended, while one that left its group still prints', async () => {
  // It prints after the program that started it has ended.
  const orphan = `const timer = setInterval(() => {
      if (String(process.ppid) === process.argv[1]) return;
      clearInterval(timer);
      setTimeout(() => process.stdout.write('left'), 100);
    }, 10);`;
  const script = `require('node:child_process')
    .spawn('node', ['-e', ${JSON.stringify(orphan)}, String(process.pid)], { detached: true, stdio: 'inherit' })
    .unref();`;
  const limit = new AbortController();

  const { kind, output } = await runUntil(['node', '-e', script], {
    signal: limit.signal,
    onOutput: () => limit.abort(),
  });

  expect({ kind, output }).toEqual({ kind: 'stopped', output: 'left' });
});
