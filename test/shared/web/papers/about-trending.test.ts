import { beforeEach, expect, test } from '@jest/globals';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb());
});

/** The cells of each row of the example. */
const rowsOf = (html: string) =>
  [
    ...html.matchAll(/<tr><th scope="row">(\w)<\/th><td>([\d.]+)<\/td><td>([^<]*)<\/td><td>([\d.]+)<\/td>/g),
  ].map(([, name = '', points, older = '', withAge]) => ({
    name,
    points: Number(points),
    older,
    withAge: Number(withAge),
  }));

test('the page explains how papers are sorted, and is valid', async () => {
  const { status, html, text } = await reader.read('/about/trending');

  expect(status).toBe(200);
  expect(text).toContain('How papers are sorted');
  expect(text).toContain('twice the points for each 36 hours that it is older');
  expect(text).toContain('Stars on GitHub, the date of publication and the size of a list do not count');
  // On a narrow page, nothing stands for unknown votes.
  expect(text).toContain('come after those with votes, and show no number of votes.');
  expect(await findMistakes(html)).toEqual([]);
});

test('the sums of the example add up, and its rows are in the order of their points with age', async () => {
  const { html, text } = await reader.read('/about/trending');
  const rows = rowsOf(html);
  const sums = [...text.matchAll(/(\w) is [^.]*?: [^=]*?\. ([\d. +]+) = ([\d.]+) points/g)];

  expect(rows.map(({ name }) => name).sort()).toEqual(['A', 'B', 'C', 'D']);
  expect(sums).toHaveLength(rows.length);
  for (const [, name, parts = '', total] of sums) {
    const sum = parts.split(' + ').reduce((all, part) => all + Number(part), 0);
    expect(sum).toBeCloseTo(Number(total), 5);
    expect(rows.find((row) => row.name === name)?.points).toBe(Number(total));
  }
  expect(rows.map(({ withAge }) => withAge)).toEqual(
    rows.map(({ withAge }) => withAge).sort((a, b) => b - a),
  );
  for (const { points, older, withAge } of rows)
    expect(withAge).toBeCloseTo(points * 0.5 ** (Number.parseInt(older || '0', 10) / 36), 0);
});

test('the burst of the example does not come first', async () => {
  const { html, text } = await reader.read('/about/trending');
  const burst = rowsOf(html).find(({ name }) => name === 'D');

  expect(text).toContain('D is new, with few votes until 30 came at once: 32 votes');
  expect(burst?.points).toBeLessThan(32);
  expect(rowsOf(html).at(-1)?.name).toBe('D');
});

test('a page of papers says how they are sorted, and links to the explanation', async () => {
  for (const id of ['2601.00001', '2601.00002']) {
    await reader.repositories.papers.save(createFacts({ id }), '2026-01-05T08:00:00.000Z');
    await reader.repositories.listings.save(createListing({ paperId: id }));
  }
  reader.clock.moveTo('2026-01-05T12:00:00.000Z');

  const { html, text } = await reader.read('/papers/2026-01-05');

  expect(text).toContain('Trending papers first.');
  expect((await anchorsOf(html)).find(({ text: words }) => words === 'How papers are sorted')?.href).toBe(
    '/about/trending',
  );
});
