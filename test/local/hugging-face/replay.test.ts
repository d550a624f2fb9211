import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createReplay } from '../../../local/hugging-face/replay.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';

let folder: string;
let now: string;
const clock = { now: () => now };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
  now = '2026-01-07T12:00:00.000Z';
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function record(file: string, json: string): void {
  writeFileSync(join(folder, file), json);
}

describe('a replay', () => {
  it('answers with the newest recording not later than the clock', async () => {
    record('2026-01-06.at-2026-01-07T0201Z.json', '["second"]');
    record('2026-01-06.at-2026-01-06T0752Z.json', '["first"]');
    record('2026-01-06.at-2026-01-07T0259Z.json', '["third"]');
    record('2026-01-05.at-2026-01-07T0255Z.json', '["another day"]');
    const answer = createReplay(folder, clock);
    const answerAt = (instant: string) => {
      now = instant;
      return answer('2026-01-06');
    };

    expect(await answerAt('2026-01-06T07:51:59.999Z')).toBeUndefined();
    expect(await answerAt('2026-01-06T07:52:00.000Z')).toEqual(['first']);
    expect(await answerAt('2026-01-07T02:58:59.999Z')).toEqual(['second']);
    expect(await answerAt('2026-01-07T02:59:00.000Z')).toEqual(['third']);
    expect(await answerAt('2027-01-01T00:00:00.000Z')).toEqual(['third']);
  });

  it('has no list for a day without a recording', async () => {
    record('2026-01-06.at-2026-01-06T0752Z.json', '[1]');

    expect(await createReplay(folder, clock)('2026-01-05')).toBeUndefined();
  });

  it('reads null as a day without a list and ignores a byte order mark', async () => {
    record('2026-01-05.at-2026-01-06T0752Z.json', 'null\n');
    record('2026-01-06.at-2026-01-06T0752Z.json', '\ufeff["kept"]');
    const answer = createReplay(folder, clock);

    expect(await answer('2026-01-05')).toBeUndefined();
    expect(await answer('2026-01-06')).toEqual(['kept']);
  });

  it('ignores files with other names', async () => {
    record('2026-01-06.at-2026-01-06T0752Z.json', '["kept"]');
    record('2026-01-06.at-2026-01-06T0753Z.json.bak', 'x');
    record('list-without-date.at-2026-06-13_raw-bytes.json', 'x');
    record('README.md', 'x');

    expect(await createReplay(folder, clock)('2026-01-06')).toEqual(['kept']);
  });

  it('answers with an older recording of the day if the newest is broken, and reports that one', async () => {
    record('2026-01-06.at-2026-01-06T0752Z.json', '["older"]');
    record('2026-01-06.at-2026-01-07T0201Z.json', '["cut');
    const reported: string[] = [];

    const items = await createReplay(folder, clock, (problem) => reported.push(problem))('2026-01-06');

    expect(items).toEqual(['older']);
    expect(reported).toEqual([expect.stringMatching(/2026-01-07T0201Z.*found text that is not JSON/)]);
  });

  it('reads a recording only on request, and names one that is not an array', async () => {
    record('2026-01-05.at-2026-01-06T0201Z.json', '{"status":"no list"}');
    record('2026-01-06.at-2026-01-07T0201Z.json', '["good"]');
    const answer = createReplay(folder, clock);

    expect(await answer('2026-01-06')).toEqual(['good']);
    const torn = answer('2026-01-05');
    await expect(torn).rejects.toThrow(InvalidInputError);
    await expect(torn).rejects.toThrow(
      /2026-01-05\.at-2026-01-06T0201Z\.json.*expected a JSON array.*found object\. Record it again/,
    );
  });

  it('names a recording that is not JSON', async () => {
    record('2026-01-06.at-2026-01-06T0752Z.json', '["torn');

    await expect(createReplay(folder, clock)('2026-01-06')).rejects.toThrow('found text that is not JSON');
  });

  it('says what the folder should contain if it does not exist', () => {
    const missing = join(folder, 'missing');

    expect(() => createReplay(missing, clock)).toThrow(InvalidInputError);
    expect(() => createReplay(missing, clock)).toThrow(
      `Cannot list the recordings in "${missing}": expected a folder with files named like "2026-01-06.at-2026-01-07T0201Z.json"`,
    );
  });

  it('says what the folder should contain if it has no recording', () => {
    record('2026-01-06.json', '[]');

    expect(() => createReplay(folder, clock)).toThrow(
      `No recording in "${folder}": expected a folder with files named like "2026-01-06.at-2026-01-07T0201Z.json"`,
    );
  });
});
