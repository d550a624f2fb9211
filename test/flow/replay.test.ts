import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runDemo } from '../../local/demo/run-demo.ts';
import { createReplay } from '../../local/hugging-face/replay.ts';
import { isThorough } from '../thorough.ts';
import { countRecorded, recordedDates, recordingsFolder } from './recordings.ts';

/** A cycle takes seconds, so only the thorough run takes every date. */
const dates = recordedDates.filter((_, n) => isThorough || n % 14 === 0);

let outbox: string;

beforeAll(async () => {
  outbox = await mkdtemp(join(tmpdir(), 'broadsheet-replay-'));
});

afterAll(() => rm(outbox, { recursive: true, force: true }));

if (recordedDates.length === 0) {
  process.stdout.write(`No recorded lists at ${recordingsFolder}: the full cycle is skipped\n`);
  test.skip(`recorded lists: there are none at ${recordingsFolder}`, () => undefined);
} else {
  describe('a full cycle on the recorded lists', () => {
    test.each(dates)('of %s reads every item and mails the new ones', async (date) => {
      const expected = countRecorded(date);

      const summary = await runDemo({
        date,
        outbox,
        lists: { answer: (clock) => createReplay(recordingsFolder, clock) },
      });

      expect(summary).toMatchObject({
        itemsRead: expected.items,
        itemsRejected: 0,
        papersIngested: expected.papers,
        failed: 0,
        problems: [],
      });
      const skipped = Object.values(summary.skipped).reduce((sum, count) => sum + count, 0);
      expect(summary.sent + skipped).toBe(summary.due);
      // One demo subscriber takes everything, every day. Another has instant digests.
      expect(summary.due).toBe(expected.papers > 0 ? 3 : 2);
      expect(summary.sent > 0).toBe(expected.papers > 0);
      const mails = (await readdir(outbox)).filter((name) => name.endsWith('.eml'));
      expect(mails).toHaveLength(summary.sent);
    });

    test('most dates have a recording', () => {
      const counts = recordedDates.map(countRecorded);

      expect(counts.filter(({ papers }) => papers > 0).length).toBeGreaterThan(recordedDates.length / 2);
      expect(counts.some(({ items, papers }) => items > papers)).toBe(true);
    });
  });
}
