import { expect, test } from '@jest/globals';
import { createCountReport } from '../../../cli/deployment/count-report.ts';

test('says how much is done every ten seconds, however often it is told', () => {
  const said: string[] = [];
  let elapsedMs = 0;
  const report = createCountReport(
    (text) => said.push(text),
    (count) => `${count} records read so far`,
    () => elapsedMs,
  );

  for (let second = 1; second <= 25; second += 1) {
    elapsedMs = second * 1000;
    report(100);
  }

  expect(said).toEqual(['1,000 records read so far', '2,000 records read so far']);
});
