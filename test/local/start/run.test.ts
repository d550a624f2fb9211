import { expect, test } from '@jest/globals';
import { reportingSent } from '../../../local/start/run.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';

test('reports each sent mail with the address of the inbox, and still counts everything', () => {
  const lines: string[] = [];
  const counted = createFakeTelemetry();
  const telemetry = reportingSent(counted, (line) => lines.push(line), 'http://localhost:4310/inbox');

  telemetry.count('DigestsSent', 1);
  telemetry.count('DigestsSkipped', 1);
  telemetry.count('RequestedMailsSent', 2);
  telemetry.info('A list was read');

  expect(lines).toEqual([
    'sent 1 mail: http://localhost:4310/inbox',
    'sent 2 mails: http://localhost:4310/inbox',
  ]);
  expect(Object.fromEntries(counted.counts)).toEqual({
    DigestsSent: 1,
    DigestsSkipped: 1,
    RequestedMailsSent: 2,
  });
  expect(counted.sentences).toEqual(['A list was read']);
});
