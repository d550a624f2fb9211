import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { makeFolder, startSes } from './ses-fixture.ts';

describe('a restart', () => {
  test('keeps the inbox, the message numbers and the mails of the last 24 hours', async () => {
    const folder = await makeFolder();
    const first = await startSes({ folder, max24HourSend: 4 });
    const old = await first.send();
    first.clock.moveBy(12 * 3_600_000);
    const recent = await first.send({ Destinations: ['a@example.net', 'b@example.net'] });
    const before = first.server.store.list();
    await first.server.close();

    const clock = createManualClock(first.clock.now());
    clock.moveBy(12 * 3_600_000);
    const second = await startSes({ folder, max24HourSend: 4, clock });

    expect(before).toHaveLength(2);
    expect(second.server.store.list()).toEqual(before);
    expect(await second.raw(old)).toContain('Good morning.');
    expect(second.server.account.quota().sentLast24Hours).toBe(2);
    await second.send({ Destinations: ['a@example.net', 'b@example.net'] });
    expect(second.server.store.list().map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(second.server.store.find(recent)?.number).toBe(2);
    await expect(second.send()).rejects.toMatchObject({ message: 'Daily message quota exceeded.' });
  });
});
