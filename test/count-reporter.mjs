/**
 * Closes a run with Jest's own counts: `12 passed, 0 failed` alone on a line, and before it, where tests were skipped,
 * a line that says how many. A file that could not run at all counts as a failure.
 */
export default class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests > 0 ? `${numPendingTests} skipped\n` : '';
    process.stdout.write(`\n${skipped}${numPassedTests} passed, ${failed} failed\n`);
  }
}
