import { beforeEach, describe, expect, test } from '@jest/globals';
import { createErrorTelemetry, createLineTelemetry, reportErrors } from '../../local/telemetry.ts';

let lines: string[];

beforeEach(() => {
  lines = [];
});

const write = (line: string) => {
  lines.push(line);
};
const logged = () => lines.map((line): unknown => JSON.parse(line));

describe('telemetry in lines', () => {
  test('writes each sentence as one line of JSON with its level, its time and its fields', () => {
    const telemetry = createLineTelemetry(write);

    telemetry.info('A list was read', { list: 'hf-daily', items: 3 });
    telemetry.warn('An item was rejected', { reason: 'first\nsecond' });
    telemetry.error('A message failed');

    expect(lines.filter((line) => line.includes('\n'))).toEqual([]);
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(logged()).toEqual([
      { at, level: 'info', message: 'A list was read', list: 'hf-daily', items: 3 },
      { at, level: 'warn', message: 'An item was rejected', reason: 'first\nsecond' },
      { at, level: 'error', message: 'A message failed' },
    ]);
  });

  test('shows an error’s message, stack, cause and inner errors', () => {
    const cause = new TypeError('the table is gone');
    const error = new AggregateError([new Error('first'), new RangeError('second')], 'two failed', { cause });

    createLineTelemetry(write).error('A batch failed', { error });

    expect(logged()).toMatchObject([
      {
        error: {
          name: 'AggregateError',
          message: 'two failed',
          stack: expect.stringContaining('telemetry.test'),
          cause: { name: 'TypeError', message: 'the table is gone' },
          errors: [
            { name: 'Error', message: 'first' },
            { name: 'RangeError', message: 'second' },
          ],
        },
      },
    ]);
  });

  test('ignores metrics', () => {
    createLineTelemetry(write).count('DigestsSent', 3);

    expect(lines).toEqual([]);
  });
});

test('telemetry for errors writes nothing else', () => {
  const telemetry = createErrorTelemetry(write);

  telemetry.info('A list was read');
  telemetry.warn('An item was rejected');
  telemetry.count('DigestsSent', 1);
  telemetry.error('A message failed', { messageId: 'm-1' });

  expect(logged()).toMatchObject([{ level: 'error', message: 'A message failed', messageId: 'm-1' }]);
});

test('reports each error to the terminal once, and logs all of them', () => {
  const reported: string[] = [];
  const telemetry = reportErrors(createLineTelemetry(write), (line) => reported.push(line));

  telemetry.error('A stored record cannot be read', { pk: 'PAPER#2601.00001' });
  telemetry.error('A stored record cannot be read', { pk: 'PAPER#2601.00002' });
  telemetry.error('An error stopped a digest');
  telemetry.warn('An item was rejected');

  expect(reported).toEqual([
    'error: A stored record cannot be read. log.jsonl has the details',
    'error: An error stopped a digest. log.jsonl has the details',
  ]);
  expect(lines).toHaveLength(4);
});
