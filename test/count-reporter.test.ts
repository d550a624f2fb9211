import { afterEach, expect, jest, test } from '@jest/globals';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What the reporter prints at the end of a run. */
async function report(counts: Readonly<Record<string, number>>): Promise<string> {
  let written = '';
  const specifier = './count-reporter.mjs';
  const { default: CountReporter } = await import(specifier);
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  new CountReporter().onRunComplete([], {
    numPassedTests: 0,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    ...counts,
  });
  write.mockRestore();
  return written;
}

test('a run ends with its counts alone on a line', async () => {
  expect(await report({ numPassedTests: 12 })).toBe('\n12 passed, 0 failed\n');
});

test('skipped tests have a line of their own before the counts', async () => {
  expect(await report({ numPassedTests: 12, numFailedTests: 1, numPendingTests: 3 })).toBe(
    '\n3 skipped\n12 passed, 1 failed\n',
  );
});

test('a file that could not run counts as a failure', async () => {
  expect(await report({ numFailedTests: 1, numRuntimeErrorTestSuites: 2 })).toBe('\n0 passed, 3 failed\n');
});
