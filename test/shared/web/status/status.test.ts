import { expect, test } from '@jest/globals';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createReader } from '../reader.ts';

const FRIDAY = '2026-01-09';

async function readStatus(now: string, history: object) {
  const reader = createReader();
  reader.clock.moveTo(`${FRIDAY}T10:00:00.000Z`);
  await reader.repositories.papers.save(createFacts(), reader.clock.now());
  await reader.repositories.listings.save(createListing({ day: FRIDAY }));
  await reader.repositories.sourceStates.save('hf-daily', {
    lists: { 'hf-daily': { failuresInARow: 0, ...history } },
  });
  reader.clock.moveTo(now);
  return reader.read('/status');
}

const lastNewAt = `${FRIDAY}T10:00:00.000Z`;

test('at a weekend nothing is due, and the page says when it is', async () => {
  const lastSuccessAt = '2026-01-11T12:40:00.000Z';

  const { status, text, headers } = await readStatus('2026-01-11T13:00:00.000Z', {
    lastNewAt,
    lastSuccessAt,
  });

  expect(status).toBe(200);
  expect(text).toContain('No papers are missing.');
  expect(text).toContain('Up to date. Nothing new was due.');
  expect(text).toContain('Last new paper Friday 9 January 2026, 10:00');
  expect(text).toContain('Newest day Friday 9 January 2026');
  expect(text).toContain('Last read Sunday 11 January 2026, 12:40');
  expect(text).toContain('Next due Monday 12 January 2026, 12:00. No papers come on Saturdays and Sundays.');
  expect(text).not.toContain('Due since');
  expect(headers.get('cache-control')).toMatch(/^public, /);
});

test('on Monday afternoon the papers are late', async () => {
  const { text } = await readStatus('2026-01-12T13:00:00.000Z', { lastNewAt });

  expect(text).toContain('Papers may be missing.');
  expect(text).toContain('Late. New papers are due but have not arrived.');
  expect(text).toContain('Due since Monday 12 January 2026, 12:00');
  expect(text).toContain('Next due Tuesday 13 January 2026, 12:00');
});

test('a list that cannot be read is not called up to date', async () => {
  const { text } = await readStatus('2026-01-09T11:00:00.000Z', { lastNewAt, failuresInARow: 3 });

  expect(text).toContain('We cannot read any list at the moment.');
  expect(text).not.toContain('Up to date');
});

test('before the first read it says so', async () => {
  const { text } = await readStatus('2026-01-09T11:00:00.000Z', {});

  expect(text).toContain('Last new paper none yet');
  expect(text).toContain('Last read not yet');
});
