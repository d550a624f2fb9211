import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { mergePaper } from '../../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../shared/matching/query/parse-query.ts';
import { hasKnownVotes } from '../../../shared/matching/trending.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { parseHfPage } from '../../../shared/sources/hf-daily/hf-page.ts';

// Recorded answers of others. They are never part of the repository. These tests run only if a copy lies beside it.
const folder = new URL('../../../../shared/recordings/', import.meta.url);

const decision = readFileSync('docs/adr/0041-unknown-votes.md', 'utf8');

/** No recorded day has both lists, so each day of one goes with a day of the other. */
const DAYS = [
  ['2026-06-22', '2026-04-20'],
  ['2026-06-23', '2026-04-21'],
  ['2026-06-24', '2026-04-22'],
] as const;
const LISTS = ['hf-daily', 'arxiv/cs.CV'];
const QUERIES = ['', 'diffusion', 'segmentation', 'video -generation', '"language model" OR agents'];

const announcedSchema = z.object({
  papers: z.array(
    z.object({
      arxiv_id: z.string(),
      title: z.string(),
      abstract: z.string(),
      categories: z.array(z.string()).min(1),
      announce_type: z.string(),
    }),
  ),
});

function readListed(day: string, seenAt: string): readonly Paper[] {
  const [file = ''] = readdirSync(new URL('hf/', folder)).filter((name) => name.startsWith(`${day}.at-`));
  const body = readFileSync(new URL(`hf/${file}`, folder), 'utf8');
  const { items } = parseHfPage({ status: 200, body }, { askedDay: day, now: seenAt, seenIds: new Set() });
  return items.map(({ facts }) => mergePaper(undefined, facts, seenAt));
}

function readAnnounced(day: string, seenAt: string): readonly Paper[] {
  const body = readFileSync(new URL(`arxiv/feed_cs.CV_derived_${day}.json`, folder), 'utf8');
  return announcedSchema
    .parse(JSON.parse(body))
    .papers.filter(({ announce_type: type }) => type === 'new' || type === 'cross')
    .map(({ arxiv_id: id, title, abstract, categories }) =>
      mergePaper(undefined, { source: 'arxiv', id, title, abstract, categories }, seenAt),
    );
}

/** Counts the papers with and without votes: those that match, and those among ten places by turns and without turns. */
function countFor(query: string, [listedDay, announcedDay]: (typeof DAYS)[number]) {
  const seenAt = `${listedDay}T05:00:00.000Z`;
  const all = [readListed(listedDay, seenAt), readAnnounced(announcedDay, seenAt)];
  const parts = all.map((papers, nth) => ({
    list: LISTS[nth] ?? '',
    papers,
    index: openDay(buildDayIndex(papers)),
  }));
  const window = openWindow(parts);
  const pick = (isInterleaved: boolean, limit: number) => {
    const options = { query: parseQuery(query), lists: LISTS, isInterleaved, limit };
    return window.select(options).matches.map(({ paper }) => paper);
  };
  const count = (papers: readonly Paper[]) => {
    const voted = papers.filter(hasKnownVotes).length;
    return [voted, papers.length - voted] as const;
  };
  return {
    matching: count(pick(false, 10_000)),
    turns: count(pick(true, 10)),
    plain: count(pick(false, 10)),
    first: pick(true, 10),
  };
}

(existsSync(folder) ? describe : describe.skip)('recorded days of two lists', () => {
  test.each(QUERIES)('%j gives both kinds their places', (query) => {
    const rows = DAYS.map((days) => countFor(query, days));
    for (const { matching, turns, first } of rows) {
      const places = Math.min(10, matching[0] + matching[1]);
      const forUnvoted = Math.max(places - matching[0], Math.min(matching[1], 3));
      expect(turns).toEqual([places - forUnvoted, forUnvoted]);
      // cs.CV is the primary category of most papers, so no other one is among the first without a query.
      if (query === '')
        expect(
          first.filter((one) => !hasKnownVotes(one)).every(({ categories }) => categories[0] === 'cs.CV'),
        ).toBe(true);
    }
    const cells = rows.map(({ matching, plain, turns }) =>
      [matching, plain, turns].map((counts) => counts.join(' + ')).join(' | '),
    );
    expect(decision).toContain(`| ${query === '' ? 'none' : `\`${query}\``} | ${cells.join(' | ')} |`);
  });
});
