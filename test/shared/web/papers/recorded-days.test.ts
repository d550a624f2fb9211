import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseHfPage } from '../../../../shared/sources/hf-daily/hf-page.ts';
import { createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { isThorough } from '../../../thorough.ts';
import { createReader } from '../reader.ts';

// Recorded real answers. They are in a folder beside the repository, if there is a copy, and never part of it.
const folder = new URL('../../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => /^\d{4}-\d{2}-\d{2}\..*json$/.test(name))
      .filter((_, position) => isThorough || position % 6 === 0)
  : [];

const NOW = '2026-09-01T00:00:00.000Z';

(files.length === 0 ? test.skip : test)(
  'a recorded day is shown whole, on pages of less than 50 KB with links to the web alone',
  async () => {
    let shown = 0;
    for (const file of files) {
      const askedDay = file.slice(0, 10);
      const body = readFileSync(new URL(file, folder), 'utf8');
      const parsed = parseHfPage({ status: 200, body }, { askedDay, now: NOW, seenIds: new Set() });
      const reader = createReader(createFakeWeb());
      reader.clock.moveTo(NOW);
      for (const { facts } of parsed.items) {
        await reader.repositories.papers.save(facts, NOW);
        await reader.repositories.listings.save(createListing({ day: askedDay, paperId: facts.id }));
      }

      const found: string[] = [];
      for (let path: string | undefined = `/papers/${askedDay}`; path; ) {
        const { status, html } = await reader.read(path);
        expect([file, status, Buffer.byteLength(html) < 50_000]).toEqual([file, 200, true]);
        const hrefs = [...html.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href = '']) => href);
        expect(hrefs.filter((href) => !/^(?:https?:\/\/|\/|#content$)/.test(href))).toEqual([]);
        found.push(...hrefs.flatMap((href) => /^\/papers\/(\d{4}\.\d{5})$/.exec(href)?.[1] ?? []));
        path = /<a href="([^"]*)" rel="next">Page/.exec(html)?.[1]?.replaceAll('&amp;', '&');
      }
      const ids = parsed.items.map(({ facts }) => facts.id);
      expect(new Set(found)).toEqual(new Set(ids));
      shown += found.length;
    }
    expect(shown).toBeGreaterThan(files.length);
  },
);
