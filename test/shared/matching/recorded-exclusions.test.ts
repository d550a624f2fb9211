import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { mergePaper } from '../../../shared/domain/papers/merge-paper.ts';
import { suggestExclusions } from '../../../shared/matching/exclusions.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { parseHfPage } from '../../../shared/sources/hf-daily/hf-page.ts';

// Recorded answers of others. They are never part of the repository. This test runs only if a copy lies beside it.
const folder = new URL('../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder)
  ? readdirSync(folder).filter((file) => /^\d{4}-\d{2}-\d{2}\.at-.*\.json$/.test(file))
  : [];

/** Words that say nothing about the topic of a paper. */
const EMPTY =
  /^(?:a|an|and|any|are|as|at|be|but|by|can|do|does|for|from|has|have|high|how|if|in|into|is|it|its|new|no|not|of|on|one|or|our|own|right|so|that|the|their|this|to|towards?|using|via|we|what|when|where|which|while|who|why|with|without|you|your)$/;

if (files.length === 0) {
  process.stdout.write(`No recordings at ${folder.pathname}: terms to leave out are not checked\n`);
  test.skip(`terms to leave out: there are no recordings at ${folder.pathname}`, () => undefined);
} else {
  test('no term to leave out of a recorded paper is an empty word, and those of this paper alone come last', () => {
    const papers = new Map(
      files.flatMap((file) => {
        const context = {
          askedDay: file.slice(0, 10),
          now: '2026-07-01T00:00:00.000Z',
          seenIds: new Set<string>(),
        };
        const body = readFileSync(new URL(file, folder), 'utf8');
        return parseHfPage({ status: 200, body }, context).items.map(
          ({ facts }) => [facts.id, mergePaper(undefined, facts, context.now)] as const,
        );
      }),
    );
    const all = [...papers.values()];
    const lists = ['hf-daily'] as const;
    const window = openWindow([{ list: lists[0], index: openDay(buildDayIndex(all)), papers: all }]);
    const suggested = all
      .filter((_, n) => n % 5 === 0)
      .map((paper) => ({
        paper,
        exclusions: suggestExclusions(window, { query: '', lists }, paper),
      }));
    const terms = suggested.flatMap(({ exclusions }) => exclusions.map(({ term }) => term));

    expect(terms.length).toBeGreaterThan(suggested.length);
    expect(terms.filter((term) => EMPTY.test(term))).toEqual([]);
    for (const { paper, exclusions } of suggested) {
      const isKeyword = (term: string) => paper.aiKeywords.some((one) => one.toLowerCase() === term);
      const ranks = exclusions.map(
        ({ term, removed }) => (removed === 1 ? 2 : 0) + (isKeyword(term) ? 0 : 1),
      );
      expect(ranks).toEqual([...ranks].sort());
    }
  });
}
