import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import {
  importSubscribers,
  type Outcome,
  type RowResult,
} from '../../../../cli/subscribers/import/import-subscribers.ts';
import type { Plan } from '../../../../cli/subscribers/import/plan-rows.ts';
import { toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';
import { countsOf, createDeployment, ID_KEY, NOW } from './run-import.ts';

const LIMITS = { isDryRun: false, maxAsked: Number.POSITIVE_INFINITY };
const NEVER = new AbortController().signal;

/** A table whose calls end when they are let go, and plans that are counted as they are read. */
function open(count: number) {
  const seen = { read: 0, lookedUp: [] as number[], saving: 0, mostSaving: 0, calls: [] as number[] };
  let letGo = () => {};
  let gate = Promise.resolve();
  async function* plans(): AsyncGenerator<Plan> {
    for (let n = 0; n < count; n += 1) {
      seen.read += 1;
      const subscriber = createSubscriber({ id: `s-${n}` });
      yield { line: n + 2, kind: n % 2 ? 'ask' : 'save', subscriber, cause: { at: NOW, by: 'import' } };
    }
  }
  const ports = {
    profiles: {
      async loadMany(ids: readonly string[]) {
        seen.lookedUp.push(ids.length);
        return new Map();
      },
    },
    subscribers: {
      load: async () => undefined,
      async save(subscriber: ReturnType<typeof createSubscriber>) {
        seen.saving += 1;
        seen.mostSaving = Math.max(seen.mostSaving, seen.saving);
        await gate;
        seen.saving -= 1;
        return subscriber;
      },
    },
    suppressions: { loadMany: async () => new Map() },
    allowances: { load: async () => undefined },
    requests: {
      async enqueue(messages: readonly unknown[]) {
        seen.calls.push(messages.length);
        return [];
      },
    },
  };
  return {
    ports,
    plans,
    seen,
    hold() {
      gate = new Promise((resolve) => {
        letGo = resolve;
      });
    },
    release: () => letGo(),
  };
}

test('reads only as fast as the table saves, with limited concurrency', async () => {
  const { ports, plans, seen, hold, release } = open(1_000);
  hold();

  const results = importSubscribers(ports, plans(), LIMITS, NEVER);
  const first = results.next();
  // As many turns as the longest chain of promises could need.
  for (let n = 0; n < 2_000; n += 1) await turn();

  expect(seen.read).toBeLessThanOrEqual(400);
  expect(seen.saving).toBeGreaterThanOrEqual(10);
  release();
  expect((await first).value).toMatchObject({ line: 2 });
  let line = 2;
  for await (const result of results) {
    line += 1;
    expect(result.line).toBe(line);
  }
  expect(seen.read).toBe(1_000);
  expect(seen.mostSaving).toBeLessThanOrEqual(40);
});

test('looks up a hundred profiles in one call, and queues their requests in one', async () => {
  const { ports, plans, seen } = open(250);

  for await (const _ of importSubscribers(ports, plans(), LIMITS, NEVER));

  expect(seen.lookedUp).toEqual([100, 100, 50]);
  expect(seen.calls).toEqual([50, 50, 25]);
});

test('refuses the row of a profile that cannot be read, and imports the others', async () => {
  const { ports, plans } = open(4);
  const fault = 'the item SUB#s-1 / PROFILE does not fit its schema: hour: wrong';
  const profiles = { loadMany: async () => new Map([['s-1', { fault }]]) };

  const results: RowResult[] = [];
  for await (const result of importSubscribers({ ...ports, profiles }, plans(), LIMITS, NEVER))
    results.push(result);

  expect(results.map(({ outcome }) => outcome)).toEqual(['added', 'refused', 'added', 'asked']);
  expect(results[1]?.reason).toBe(fault);
});

test.each(['unsubscribed', 'bounced', 'complained'] as const)(
  'neither mails nor stores a person who %s and was erased',
  async (status) => {
    const { run, load, requests, subscribers } = createDeployment();
    const header = 'email,status,CONFIRM_TIME,CONFIRM_IP';
    const rows = ['active,2018-04-13 10:57:02,192.0.2.1', 'active,,', 'unsubscribed,,'];
    await run([header, ...rows.map((row, n) => `p${n}@example.org,${row}`)].join('\n'));
    for (const n of rows.keys()) {
      const id = toSubscriberId(`p${n}@example.org`, ID_KEY);
      const { version = 0 } = (await subscribers.load(id)) ?? {};
      await subscribers.save(createSubscriber({ id, status, version }));
      await subscribers.erase(id);
    }
    const asked = requests.length;
    const printed: string[] = [];

    await run([header, ...rows.map((row, n) => `P${n}@example.org,${row}`)].join('\n'), {}, printed);

    expect(countsOf(printed)).toEqual({ known: 3 });
    expect(requests).toHaveLength(asked);
    for (const n of rows.keys()) expect(await load(`p${n}@example.org`)).toBeUndefined();
  },
);

/** Rows of every kind, and how many of each there are. */
function mixedFile(rows: number) {
  const expected: Partial<Record<Outcome, number>> = {};
  const count = (outcome: Outcome) => {
    expected[outcome] = (expected[outcome] ?? 0) + 1;
  };
  const lines = Array.from({ length: rows }, (_, n) => {
    const address = `p${n}@example.org`;
    switch (n % 7) {
      case 0:
        count('added');
        return `${address},active,2018-04-13 10:57:02,192.0.2.1`;
      case 1:
        count('inactive');
        return `${address},unsubscribed,,`;
      case 2:
        count('refused');
        return `${address},whatever,,`;
      case 3:
        count('repeated');
        return `P${n - 3}@example.org,,,`;
      case 4:
        count('refused');
        return `"${address},active,,`;
      default:
        count('asked');
        return `${address},,,`;
    }
  });
  return { file: ['email,status,confirm_time,confirm_ip', ...lines, ''].join('\n'), expected };
}

test('can be interrupted at any row and continue there, with exact sums', async () => {
  const rows = 315;
  const { file, expected } = mixedFile(rows);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 85 }), async (savesBeforeInterruption) => {
      const { ports, run, requests } = createDeployment();
      const interruption = new AbortController();
      const { save } = ports.subscribers;
      let saves = 0;
      ports.subscribers.save = async (subscriber) => {
        saves += 1;
        if (saves === savesBeforeInterruption) interruption.abort();
        return save(subscriber);
      };

      const first = await run(file, { interruption: interruption.signal });
      const [, line] = /go on at (\d+), ask Infinity$/.exec(first.printed.at(-1) ?? '') ?? [];
      const second = line === undefined ? undefined : await run(file, { fromLine: Number(line) });

      expect(first.code).toBe(second ? 130 : 1);
      const sums: Record<string, number> = { ...first.counts };
      for (const [outcome, count] of Object.entries(second?.counts ?? {}))
        sums[outcome] = (sums[outcome] ?? 0) + count;
      expect(sums).toEqual(expected);
      expect(saves).toBe((expected.added ?? 0) + (expected.inactive ?? 0));
      expect(requests).toHaveLength(expected.asked ?? 0);
    }),
    { numRuns: 6 },
  );
});

test('knows everybody who was saved when the file is imported again after an interruption', async () => {
  const { file, expected } = mixedFile(315);
  const { ports, run } = createDeployment();
  const interruption = new AbortController();
  const { save } = ports.subscribers;
  let saves = 0;
  ports.subscribers.save = async (subscriber) => {
    saves += 1;
    if (saves === 20) interruption.abort();
    return save(subscriber);
  };

  const first = await run(file, { interruption: interruption.signal });
  const savedBefore = saves;
  const second = await run(file);

  expect(savedBefore).toBe((first.counts.added ?? 0) + (first.counts.inactive ?? 0));
  expect(second.counts.known).toBe(savedBefore);
  expect(saves).toBe((expected.added ?? 0) + (expected.inactive ?? 0));
});

test('continues with the remaining people to ask', async () => {
  const people = Array.from({ length: 350 }, (_, n) => `p${n}@example.org`);
  const { ports, run, requests } = createDeployment();
  const interruption = new AbortController();
  const { enqueue } = ports.requests;
  ports.requests.enqueue = async (messages) => {
    interruption.abort();
    return enqueue(messages);
  };
  const file = ['email', ...people, ''].join('\n');

  const first = await run(file, { interruption: interruption.signal, maxAsked: 320 });
  const [, line, maxAsked] = /go on at (\d+), ask (\d+)$/.exec(first.printed.at(-1) ?? '') ?? [];
  const second = await run(file, { fromLine: Number(line), maxAsked: Number(maxAsked) });

  expect(countsOf(first.printed).asked).toBe(320 - Number(maxAsked));
  expect((first.counts.asked ?? 0) + (second.counts.asked ?? 0)).toBe(320);
  expect((first.counts.waiting ?? 0) + (second.counts.waiting ?? 0)).toBe(30);
  expect(requests).toHaveLength(320);
});

test('refuses to continue after the last line', async () => {
  const { run } = createDeployment();

  await expect(run('email\nada@example.org\n', { fromLine: 3 })).rejects.toThrow(
    '--from-line is 3, but the last row of members.csv is in line 2. Nothing is left to import.',
  );
});
