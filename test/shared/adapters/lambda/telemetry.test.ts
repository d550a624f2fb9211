import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLambdaTelemetry, type LambdaTelemetry } from '../../../../shared/adapters/lambda/telemetry.ts';
import { type Monitoring, metricsOf } from '../../../../shared/observability.ts';

const createTelemetry = (name: string, MONITORING: Monitoring, STAGE = 'prod', environment = {}) =>
  createLambdaTelemetry(name, { STAGE, MONITORING, VERSION: '1.2.3', COMMIT: '0123456789ab' }, environment);

let telemetry: LambdaTelemetry;
let written: string;

beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  }
  telemetry = createTelemetry('send-digests', 'basic');
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Returns the lines since the last call, each with a JSON object. */
function takeLines(): readonly unknown[] {
  const lines = written.split('\n').filter((line) => line !== '');
  written = '';
  return lines.map((line): unknown => JSON.parse(line));
}

describe('a published handler', () => {
  test('writes nothing if nothing was counted', async () => {
    const handler = telemetry.published(async () => 'done');

    expect(await handler({}, {})).toBe('done');

    expect(takeLines()).toEqual([]);
  });

  test('writes a count once, in the invocation that counted it', async () => {
    const handler = telemetry.published(async (count: number) => {
      if (count > 0) telemetry.count('DigestsSent', count);
    });

    await handler(2, {});
    expect(takeLines()).toMatchObject([{ service: 'send-digests', DigestsSent: 2 }]);
    await handler(0, {});
    expect(takeLines()).toEqual([]);
    await handler(1, {});
    expect(takeLines()).toMatchObject([{ DigestsSent: 1 }]);
  });

  test('writes a count of 0', async () => {
    await telemetry.published(async () => telemetry.count('DigestsFailed', 0))({}, {});

    expect(takeLines()).toMatchObject([{ DigestsFailed: 0 }]);
  });

  test('writes the counts from before a fault, and fails', async () => {
    const handler = telemetry.published(async () => {
      telemetry.count('DigestsSent', 1);
      throw new Error('the table is gone');
    });

    await expect(handler({}, {})).rejects.toThrow('the table is gone');

    expect(takeLines()).toMatchObject([{ DigestsSent: 1 }]);
  });
});

test.each(['info', 'warn', 'error'] as const)('an %s line names the version and the commit', (level) => {
  const own = { subscriberId: 'ada' };

  for (const fields of [own, undefined, { version: 'of a field' }]) telemetry[level]('A sentence', fields);

  const version = { version: '1.2.3', commit: '0123456789ab' };
  expect(takeLines()).toMatchObject([{ ...version, ...own }, version, { commit: version.commit }]);
});

describe('a line', () => {
  const plain = { level: 'INFO', message: 'A sentence', service: 'send-digests' };

  test('has what connects it with others, and its fields', () => {
    const environment = { _X_AMZN_TRACE_ID: '' };
    const traced = createTelemetry('send-digests', 'basic', 'prod', environment);
    environment._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8';
    traced.info('A sentence', { paperId: '2501.12345', count: 10n, at: new Date(0) });

    expect(takeLines()).toEqual([
      {
        ...plain,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
        version: '1.2.3',
        commit: '0123456789ab',
        paperId: '2501.12345',
        count: '10',
        at: '1970-01-01T00:00:00.000Z',
      },
    ]);
  });

  test('keeps its own keys, whatever its fields are called', () => {
    telemetry.info('A sentence', { level: 'none', message: 'other', service: 'other', timestamp: 'never' });

    expect(takeLines()).toMatchObject([{ ...plain, timestamp: expect.stringMatching(/^2/) }]);
  });

  test('shows errors anywhere, with their causes and fields', () => {
    const cause = new TypeError('no number', { cause: 'a text' });
    const error = Object.assign(new RangeError('out of range', { cause }), { limit: 3 });
    telemetry.error('A sentence', { error, list: [{ error: cause }] });

    const shown = { name: 'TypeError', message: 'no number', cause: 'a text' };
    expect(takeLines()).toMatchObject([
      {
        level: 'ERROR',
        error: {
          name: 'RangeError',
          message: 'out of range',
          location: expect.stringMatching(/telemetry\.test\.ts:\d+$/),
          stack: expect.stringContaining('telemetry.test'),
          limit: 3,
          cause: shown,
        },
        list: [{ error: shown }],
      },
    ]);
  });

  test('shows each error of several', () => {
    const error = new AggregateError([new Error('first'), new RangeError('second')], 'two failed');
    telemetry.error('A batch failed', { error });

    expect(takeLines()).toMatchObject([
      {
        error: {
          message: 'two failed',
          errors: [
            { name: 'Error', message: 'first' },
            { name: 'RangeError', message: 'second' },
          ],
        },
      },
    ]);
  });

  test.each([
    ['    at load (file:///var/task/index.mjs:12:34)', 'file:///var/task/index.mjs:12'],
    ['    at file:///var/task/index.mjs:12:34', 'file:///var/task/index.mjs:12'],
    ['    at async file:///var/task/index.mjs:12:34', 'file:///var/task/index.mjs:12'],
    ['    at new Promise (<anonymous>)\n    at async load (/a.mjs:1:2)', '/a.mjs:1'],
    ['    at <anonymous>', ''],
  ])('names the place that threw: %s', (frames, location) => {
    const error = Object.assign(new Error('no'), { stack: `Error: no (x:1:2)\n${frames}` });
    telemetry.error('A sentence', { error });

    expect(takeLines()).toMatchObject([{ error: { location } }]);
  });

  test('leaves out what contains itself, and shows what occurs twice', () => {
    const circular: Record<string, unknown> = { a: 1 };
    circular.self = { circular };
    const error = new Error('its own cause');
    error.cause = error;
    const twice = { b: 2 };
    telemetry.warn('A sentence', { circular, error, twice: [twice, twice] });

    expect(takeLines()).toMatchObject([
      { circular: { a: 1, self: {} }, error: { message: 'its own cause' }, twice: [{ b: 2 }, { b: 2 }] },
    ]);
  });
});

describe('the metrics', () => {
  test('are in the Embedded Metric Format', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(1_767_603_600_000);
    await telemetry.published(async () => {
      telemetry.count('DigestsSent', 2);
      telemetry.count('DigestsSent', 3);
      telemetry.count('DigestsFailed', 0);
    })({}, {});

    expect(takeLines()).toEqual([
      {
        _aws: {
          Timestamp: 1_767_603_600_000,
          CloudWatchMetrics: [
            {
              Namespace: 'Broadsheet/prod',
              Dimensions: [['service']],
              Metrics: [
                { Name: 'DigestsSent', Unit: 'Count' },
                { Name: 'DigestsFailed', Unit: 'Count' },
              ],
            },
          ],
        },
        service: 'send-digests',
        DigestsSent: [2, 3],
        DigestsFailed: 0,
      },
    ]);
  });

  test('have at most a hundred values in a line', async () => {
    await telemetry.published(async () => {
      for (let n = 0; n < 201; n += 1) telemetry.count('DigestsSent', n);
    })({}, {});

    const hundred = (from: number) => Array.from({ length: 100 }, (_, n) => from + n);
    expect(takeLines()).toMatchObject([
      { DigestsSent: hundred(0) },
      { DigestsSent: hundred(100) },
      { DigestsSent: 200 },
    ]);
  });

  const countBoth = (level: 'basic' | 'full') => {
    const measured = createTelemetry('ingest-papers', level);
    return measured.published(async () => {
      measured.count('ListOverdue', 1, 'hf-daily');
      measured.count('ItemsRead', 3);
    })({}, {});
  };

  test('have no paid metric and no list dimension at the basic level', async () => {
    await countBoth('basic');

    const lines = takeLines();
    expect(lines).toMatchObject([{ service: 'ingest-papers', ListOverdue: 1 }]);
    expect(JSON.stringify(lines)).not.toMatch(/ItemsRead|hf-daily/);
  });

  test('are complete at the full level, with each list separate', async () => {
    await countBoth('full');

    expect(takeLines()).toMatchObject([
      {
        list: 'hf-daily',
        ListOverdue: 1,
        _aws: { CloudWatchMetrics: [{ Dimensions: [['service', 'list']] }] },
      },
      { service: 'ingest-papers', ItemsRead: 3 },
    ]);
  });

  test.each([
    { level: 'basic', expected: { service: 'any', Faults: [200, 100] } },
    { level: 'full', expected: { service: 'any', RecordsUnreadable: 2, CohortsUnplanned: 1 } },
  ] as const)(
    'faults are counted in $level for any function, and only where there are some',
    async ({ level, expected }) => {
      const measured = createTelemetry('plan-digests', level);
      const handler = measured.published(async (faults: number) => {
        measured.count('RecordsUnreadable', 2 * faults);
        measured.count('CohortsUnplanned', faults);
      });

      await handler(0, {});
      expect(takeLines()).toEqual([]);
      await handler(1, {});

      expect(takeLines()).toMatchObject([expected]);
    },
  );

  test.each(['basic', 'full'] as const)(
    'a regular metric that is a fault too is published as both in %s',
    async (level) => {
      const measured = createTelemetry('send-digests', level);
      await measured.published(async () => {
        measured.count('DigestsFailed', 0);
        measured.count('DigestsFailed', 3);
      })({}, {});

      const regular = { service: 'send-digests', DigestsFailed: [0, 3] };
      expect(takeLines()).toMatchObject(
        level === 'basic' ? [regular, { service: 'any', Faults: 30 }] : [regular],
      );
    },
  );

  test('have the namespace of the stage, faults too', async () => {
    for (const STAGE of ['dev', 'prod']) {
      const measured = createTelemetry('plan-digests', 'basic', STAGE);
      await measured.published(async () => {
        measured.count('EditionsPlanned', 1);
        measured.count('CohortsUnplanned', 1);
      })({}, {});
    }

    const namespaces = takeLines().map((line) => JSON.stringify(line).match(/"Namespace":"([^"]+)"/)?.[1]);
    expect(namespaces).toEqual(['Broadsheet/dev', 'Broadsheet/dev', 'Broadsheet/prod', 'Broadsheet/prod']);
  });

  test('stay within the ten free metrics of an account at the basic level', () => {
    expect(Object.keys(metricsOf('basic')).length).toBeLessThanOrEqual(10);
    expect(Object.keys(metricsOf('full'))).toEqual(expect.arrayContaining(Object.keys(metricsOf('basic'))));
  });
});
