import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { listingSchema } from '../../../../shared/domain/lists/listing.ts';
import { MAX_AUTHORS, paperFactsSchema } from '../../../../shared/domain/papers/paper.ts';
import { parseHfPage } from '../../../../shared/sources/hf-daily/hf-page.ts';

// Real answers that others recorded. A copy may be next to the repository, and is never part of it.
const folder = new URL('../../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

const NOW = '2026-09-01T00:00:00.000Z';

/** As little as is needed to count and compare: a second, independent reader. */
const rawItemsSchema = z.array(
  z.looseObject({
    paper: z.looseObject({
      id: z.string(),
      upvotes: z.number(),
      submittedOnDailyAt: z.string().optional(),
      authors: z.array(z.looseObject({ name: z.string(), hidden: z.boolean() })),
    }),
    numComments: z.number(),
  }),
);

/** Papers that the API lists twice on one day, with identical items. */
const LISTED_TWICE: Readonly<Record<string, readonly string[]>> = {
  '2025-06-03.at-2025-06-04T0154Z.json': ['2506.01920'],
};

const read = new Map<string, ReturnType<typeof readAgain>>();

/** The answer in a file as the parser and as the second reader have it. */
function readBoth(file: string): ReturnType<typeof readAgain> {
  const known = read.get(file) ?? readAgain(file);
  read.set(file, known);
  return known;
}

function readAgain(file: string) {
  const body = readFileSync(new URL(file, folder), 'utf8');
  const askedDay = z.iso.date().safeParse(file.slice(0, 10)).data ?? '2026-06-12';
  const page = parseHfPage({ status: 200, body }, { askedDay, now: NOW, seenIds: new Set() });
  const listed = rawItemsSchema.parse(JSON.parse(body));
  const raw = listed.filter(({ paper: { id } }, n) => listed.findIndex(({ paper }) => paper.id === id) === n);
  return { listed, raw, page, askedDay, body };
}

if (files.length === 0) {
  process.stdout.write(`No recorded answers at ${folder.pathname}: not tested against them\n`);
  it.skip(`recorded answers: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe.each(files)('the recorded answer %s', (file) => {
    it('is read completely, in its order, each paper once, without a rejection', () => {
      const { listed, raw, page } = readBoth(file);
      expect(page.problem).toBeUndefined();
      expect(page.rejections).toEqual([]);
      expect(page.corrections).toEqual([]);
      expect(page.itemsRead).toBe(listed.length);
      expect(page.items.map(({ facts }) => facts.id)).toEqual(raw.map(({ paper }) => paper.id));
      const repeated = listed.filter((item) => !raw.includes(item)).map(({ paper }) => paper.id);
      expect(repeated).toEqual(LISTED_TWICE[file] ?? []);
    });

    it('keeps the numbers as they are', () => {
      const { raw, page } = readBoth(file);
      expect(
        page.items.map(({ facts }) => [
          facts.upvotes,
          facts.comments,
          facts.authorCount,
          facts.authors?.length,
        ]),
      ).toEqual(
        raw.map(({ paper, numComments }) => {
          const shown = paper.authors.filter(({ hidden }) => !hidden).length;
          return [paper.upvotes, numComments, shown, Math.min(shown, MAX_AUTHORS)];
        }),
      );
    });

    it('gives valid papers and listings, in single lines', () => {
      for (const { facts, listings } of readBoth(file).page.items) {
        expect(paperFactsSchema.parse(facts)).toEqual(facts);
        expect(listings).toHaveLength(1);
        expect(listingSchema.parse(listings[0])).toEqual(listings[0]);
        const texts = [
          facts.title,
          facts.abstract ?? '',
          facts.aiSummary ?? '',
          ...(facts.authors ?? []),
          ...(facts.aiKeywords ?? []),
        ];
        for (const text of texts) expect(text).not.toMatch(/[\n\r\t]| {2}|^ | $|\\[&% ]/);
        expect(facts.abstract).not.toMatch(/…$/);
      }
    });

    it('lists every paper on the day it was listed', () => {
      const { raw, page, askedDay } = readBoth(file);
      expect(page.items.flatMap(({ listings }) => listings.map(({ day }) => day))).toEqual(
        raw.map(({ paper }) => paper.submittedOnDailyAt?.slice(0, 10) ?? askedDay),
      );
    });

    it('gives its first items if it is cut', () => {
      const { page, body, askedDay } = readBoth(file);
      const cut = parseHfPage(
        { status: 200, body: body.slice(0, Math.floor(body.length * 0.6)) },
        { askedDay, now: NOW, seenIds: new Set() },
      );
      expect(cut.problem).toContain('breaks off');
      expect(cut.items.length).toBeLessThan(page.items.length);
      expect(cut.items.map(({ facts }) => facts)).toEqual(
        page.items.slice(0, cut.items.length).map(({ facts }) => facts),
      );
    });
  });
}
