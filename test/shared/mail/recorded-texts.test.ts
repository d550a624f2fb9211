import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { PaperFacts } from '../../../shared/domain/papers/paper.ts';
import { toPaperText } from '../../../shared/presentation/reader-text.ts';
import { parseHfPage } from '../../../shared/sources/hf-daily/hf-page.ts';
import { toPlainText } from '../../../shared/sources/plain-text.ts';

// Recorded texts of others. They are never part of the repository. These tests run only if a copy lies beside it.
const folder = new URL('../../../../shared/recordings/', import.meta.url);
const filesIn = (name: string, pattern: RegExp) =>
  existsSync(new URL(name, folder))
    ? readdirSync(new URL(name, folder)).filter((file) => pattern.test(file))
    : [];
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');

const hfPapers = [
  ...new Map(
    filesIn('hf/', /^\d{4}-.*\.json$/).flatMap((file) => {
      const context = {
        askedDay: file.slice(0, 10),
        now: '2026-09-01T00:00:00.000Z',
        seenIds: new Set<string>(),
      };
      const { items } = parseHfPage({ status: 200, body: read(`hf/${file}`) }, context);
      return items.map(({ facts }): [string, PaperFacts] => [facts.id, facts]);
    }),
  ).values(),
];

const arxivSchema = z.array(z.looseObject({ title: z.string(), abstract: z.string() }));
const arxivPapers = filesIn('arxiv/', /^feed_.*\.json$/).flatMap((file) => {
  const parsed: unknown = JSON.parse(read(`arxiv/${file}`));
  const lists = Array.isArray(parsed) ? [parsed] : Object.values(parsed as object).filter(Array.isArray);
  return lists.flatMap((list) => arxivSchema.safeParse(list).data ?? []);
});

const titles = [...hfPapers, ...arxivPapers].map(({ title }) => toPlainText(title));
const summaries = hfPapers.flatMap(({ aiSummary }) => aiSummary ?? []);
const abstracts = [...hfPapers, ...arxivPapers].flatMap(({ abstract }) =>
  abstract ? [toPlainText(abstract)] : [],
);

const toShown = (text: string) => toPaperText(text, 5_000);
const hasTex = (text: string) => /[\\$^_`]|''|--|\{[^\s\w]\}/.test(text);
/** Letters and digits, in whatever script they are raised or lowered. */
const toSigns = (text: string) => text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');

if (titles.length === 0) {
  process.stdout.write(`No recorded texts at ${folder.pathname}: not shown as a reader reads them\n`);
  test.skip(`recorded texts: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe('the recorded titles, summaries and abstracts', () => {
    test('without TeX stay as they are', () => {
      const plain = [...titles, ...summaries, ...abstracts].filter((text) => !hasTex(text));
      expect(plain.length).toBeGreaterThan(1_000);
      expect(plain.filter((text) => toShown(text) !== text)).toEqual([]);
    });

    test('show no TeX in a title or summary, and dollar signs only for money', () => {
      const shown = [...titles, ...summaries].filter(hasTex).map(toShown);
      expect(shown.length).toBeGreaterThan(10);
      expect(shown.filter((text) => /\\|\^|``|''|\$(?![\p{L}\d])| -- /u.test(text))).toEqual([]);
    });

    test('lose no letter and no digit of a title', () => {
      const withoutMacros = (title: string) =>
        title.replace(/\\(?:text[a-z]*|math[a-z]*|emph)\b|\\[a-zA-Z]+/g, '');
      for (const title of titles.filter((text) => hasTex(text) && !/\\[a-zA-Z]/.test(text)))
        expect(toSigns(toShown(title))).toBe(toSigns(withoutMacros(title)));
    });

    test('show no formula between dollar signs in an abstract', () => {
      const left = abstracts.filter((text) =>
        /(?<![\d\w])\$[^$\s][^$]{0,60}[\\^_][^$]{0,60}\$/.test(toShown(text)),
      );
      expect(left).toEqual([]);
    });
  });
}
