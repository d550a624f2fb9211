/** Often enough for somebody who waits, and seldom enough for the log of a scheduled run. */
const REPORT_EVERY_MS = 10_000;

/**
 * Says at times how far a long piece of work has come, for work whose end is not known before.
 *
 * @param toText the sentence, from a number like `1,200,000`
 * @returns takes how many more are done
 */
export function createCountReport(
  printError: (text: string) => void,
  toText: (count: string) => string,
  elapsedMs: () => number = () => performance.now(),
): (more: number) => void {
  let count = 0;
  let saidAt = elapsedMs();
  return (more) => {
    count += more;
    if (elapsedMs() - saidAt < REPORT_EVERY_MS) return;
    saidAt = elapsedMs();
    printError(toText(count.toLocaleString('en')));
  };
}
