import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLambdaTelemetry, type LambdaTelemetry } from '../../../../shared/adapters/lambda/telemetry.ts';
import { type Monitoring, metricsOf } from '../../../../shared/observability.ts';

const createTelemetry = (name: string, MONITORING: Monitoring, STAGE = 'prod') =>
  createLambdaTelemetry(name, { STAGE, MONITORING, VERSION: '1.2.3', COMMIT: '0123456789ab' });

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

describe('the metrics', () => {
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
  ] as const)('faults are counted in $level for any function, and only where there are some', async (one) => {
    const measured = createTelemetry('plan-digests', one.level);
    const handler = measured.published(async (faults: number) => {
      measured.count('RecordsUnreadable', 2 * faults);
      measured.count('CohortsUnplanned', faults);
    });

    await handler(0, {});
    expect(takeLines()).toEqual([]);
    await handler(1, {});

    expect(takeLines()).toMatchObject([one.expected]);
  });

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
